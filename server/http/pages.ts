/** What every template is given, and the page that an error becomes. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { invitationCodeOf, printedInvitationCode } from '../../models/invitationCode.js';
import { printedLinkCode, withCheck } from '../../models/linkCode.js';
import type { Context } from '../context.js';
import { officeCssPath, publicCss, publicScript, publishedCssPath } from './assets.js';
import { type Format, formatOf } from './format.js';
import {
  DEFAULT_LANGUAGE,
  inLanguage,
  type Language,
  pageTranslator,
  type Translate,
  translator,
} from './language.js';
import { navigationOf } from './navigation.js';
import { Problem, problemOf } from './problem.js';
import type { SignedIn } from './session.js';

declare global {
  namespace Express {
    interface Locals {
      lang: string;
      languages: readonly Language[];
      t: Translate;
      format: Format;
      /** An address of ours that keeps the language, and in the form's pages how the person came. */
      href: (address: string) => string;
      /** Whether the page is in the frame of the desk's tablet, where other pages cannot be. */
      onTablet?: boolean;
      /** This page in another language. */
      inLanguageHref: (other: string) => string;
      account: SignedIn | null;
      /** Whether the person may change what the page shows; leaders only read. */
      mayChange: boolean;
    }
  }
}

/** What every template is given in a language, whoever asks for it, and where a job draws it that nobody waits for. */
export function localsIn({ config, languages, emblem }: Context, lang: string) {
  return {
    lang,
    languages,
    t: pageTranslator(lang),
    format: formatOf(lang),
    inLanguage: (texts: Record<string, string>) => inLanguage(texts, lang),
    href: (address: string) => withLanguage(address, lang),
    inLanguageHref: (other: string) => `?lang=${other}`,
    printedLinkCode,
    navigationOf,
    exampleCode: printedLinkCode(withCheck([4, 7, 9, 2, 15])),
    exampleInvitation: printedInvitationCode(invitationCodeOf(Buffer.from('an example of a code'))),
    department: config.departmentName,
    emblemPath: emblem?.address ?? null,
    demo: config.demo,
    publicCss,
    publicScript,
    officeCssPath,
    publishedCssPath,
    account: null,
    mayChange: false,
  };
}

/** Middleware: the language (`?lang=`) and what all templates use. */
export function pageLocals(context: Context): RequestHandler {
  // Made once for each language: number formats are dear to make, and nothing in them differs from page to page.
  const byLanguage = new Map(context.languages.map(({ code }) => [code, localsIn(context, code)]));
  return (request, response, next) => {
    const wanted = byLanguage.get(queryText(request, 'lang') ?? '') ?? byLanguage.get(DEFAULT_LANGUAGE);
    Object.assign(response.locals, wanted, { here: request.path });
    next();
  };
}

/** Adds the language to an address of ours, unless it is the default one. */
export function withLanguage(address: string, lang: string): string {
  return lang === DEFAULT_LANGUAGE ? address : withQuery(address, `lang=${lang}`);
}

/** An address with one more query parameter, which goes before the place on the page (`#…`). */
export function withQuery(address: string, parameter: string): string {
  const [page = '', place] = address.split('#');
  const whole = `${page}${page.includes('?') ? '&' : '?'}${parameter}`;
  return place === undefined ? whole : `${whole}#${place}`;
}

/** A query parameter as text; undefined where it is missing or given more than once. */
export function queryText(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
}

/** Answers 303: what was posted is done, and the browser reads another page of ours, in its language. */
export function seeOther(response: Response, address: string): void {
  response.redirect(303, response.locals.href(address));
}

/** The address that links to us begin with: the setting, else the one the request came by. */
export function baseOf({ config }: Context, request: Request): string {
  return config.publicUrl ?? `${request.protocol}://${request.get('host')}`;
}

/** Whether a request comes from a program, such as the form's own script, that reads JSON rather than pages. */
export function wantsJson(request: Request): boolean {
  return request.accepts(['html', 'json']) === 'json';
}

/** The path of a request as it may be written down: without the code that one person was given. */
export function loggedPath({ path }: Request): string {
  return path.replace(/^\/m\/[^/]*/i, '/m/…');
}

/** Last route: nothing answered. */
export const nothingHere: RequestHandler = () => {
  throw new Problem(404, 'not-found');
};

/** The error handler: logs the cause of what is our fault, answers with a sentence the person understands. */
export function problemPage({ log }: Context): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = problemOf(error);
    if (problem.status >= 500)
      log.error({ err: problem.cause ?? error, path: loggedPath(request) }, problem.code);
    if (response.headersSent) return next(error);
    response.status(problem.status);
    if (problem.status === 503) response.set('Retry-After', '30');
    response.set('Cache-Control', 'no-store');
    if (wantsJson(request)) {
      response.json({
        code: problem.code,
        message: translator(response.locals.lang)(`problem.${problem.code}.text`, problem.parameters),
      });
      return;
    }
    response.render('http/problem', { problem });
  };
}
