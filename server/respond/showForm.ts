/** Answers with a form: blank, the same bytes for everybody, or as it was sent. */
import type { Request, Response } from 'express';
import { publicCss } from '../http/assets.js';
import type { FormBody } from '../http/body.js';
import { contentSecurityPolicy } from '../http/security.js';
import type { AnswerProblem } from './answers.js';
import { conditionCss, formPage } from './formPage.js';
import type { Opening } from './link.js';
import type { RenderedPages } from './renderedPages.js';

/** One survey on one service of one unit, open today. */
export type Asked = Omit<Opening, 'services'> & { readonly service: string };

/** The blank form, the same bytes for everybody who is asked the same. */
export function blankForm(
  pages: RenderedPages,
  request: Request,
  response: Response,
  asked: Asked,
): Promise<void> {
  const { round, unit, survey, service } = asked;
  const { hash } = round.surveys.find(({ id }) => id === survey.id) ?? {};
  const key = [unit._id, round.closes, hash, service, response.locals.lang].join(' ');
  return pages.send(request, response, key, () => {
    const { view, contentSecurityPolicy } = form(response, asked);
    return new Promise((resolve, reject) => {
      response.render('respond/form', view, (error, html) =>
        error ? reject(error) : resolve({ html, contentSecurityPolicy }),
      );
    });
  });
}

/** The form as it was sent, with what is wrong with it. */
export function showForm(
  response: Response,
  asked: Asked,
  sent: FormBody,
  problems: readonly AnswerProblem[],
  action: string | null = null,
): void {
  const { view, contentSecurityPolicy } = form(response, asked, sent, problems, action);
  // Kept by the browser alone: who goes back after a mistake and a thank-you finds the answers, not a dead end.
  response.set('Content-Security-Policy', contentSecurityPolicy).set('Cache-Control', 'private, no-cache');
  response.render('respond/form', view);
}

function form(
  response: Response,
  { survey, unit, round, service }: Asked,
  sent: FormBody = {},
  problems: readonly AnswerProblem[] = [],
  action: string | null = null,
) {
  const { lang, t } = response.locals;
  const css = conditionCss(survey);
  return {
    contentSecurityPolicy: contentSecurityPolicy([publicCss, css]),
    view: {
      survey,
      unit,
      round,
      service: round.services.find(({ code }) => code === service),
      page: formPage(survey, lang, t, sent, problems),
      conditionCss: css,
      action,
    },
  };
}
