/** Answers with something to be printed: in Vietnamese, whatever language the office's pages are read in. */
import type { Response } from 'express';
import { handOutScript, printCssPath } from '../http/assets.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { officePolicyWith } from '../http/security.js';

const SECOND_LANGUAGE = 'en';

/** The policy of a page with the script that copies and prints. */
const policy = officePolicyWith(handOutScript);

/** Sets the policy of a page with the script that copies and prints. */
export function allowHandOut(response: Response): Response {
  return response.set('Content-Security-Policy', policy);
}

/** What the templates of paper are given beside their own: `t` is Vietnamese, `own` the reader's language. */
export function printLocals({ t, lang }: Pick<Express.Locals, 't' | 'lang'>) {
  return {
    own: t,
    ownLang: lang,
    lang: DEFAULT_LANGUAGE,
    t: translator(DEFAULT_LANGUAGE),
    second: translator(SECOND_LANGUAGE),
    secondLang: SECOND_LANGUAGE,
    format: formatOf(DEFAULT_LANGUAGE),
    printCssPath,
    handOutScript,
  };
}

/** Answers with a page that is meant for paper. */
export function handOut(response: Response, view: string, locals: object): void {
  allowHandOut(response).render(view, { ...printLocals(response.locals), ...locals });
}
