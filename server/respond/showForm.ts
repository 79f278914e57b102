/** Answers with a form: blank, the same bytes for everybody, or as it was sent. */
import type { Request, Response } from 'express';
import { formScript, publicCss } from '../http/assets.js';
import type { FormBody } from '../http/body.js';
import { contentSecurityPolicy } from '../http/security.js';
import type { AnswerProblem } from './answers.js';
import type { Asked } from './asked.js';
import { conditionCss, formPage } from './formPage.js';
import type { RenderedPages } from './renderedPages.js';

/** A form that comes back. */
interface SentForm {
  readonly sent: FormBody;
  readonly problems: readonly AnswerProblem[];
  /** The key under which it goes when it is sent again; null where its address has one. */
  readonly key: string | null;
}

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
    const { view, policy } = form(response, asked, { sent: {}, problems: [], key: null });
    return new Promise((resolve, reject) => {
      response.render('respond/form', view, (error, html) =>
        error ? reject(error) : resolve({ html, contentSecurityPolicy: policy }),
      );
    });
  });
}

/** The form as it was sent, with what is wrong with it. */
export function showForm(response: Response, asked: Asked, sentForm: SentForm): void {
  const { view, policy } = form(response, asked, sentForm);
  // Kept by the browser alone: who goes back after a mistake and a thank-you finds the answers, not a dead end.
  response.set('Content-Security-Policy', policy).set('Cache-Control', 'private, no-cache');
  response.render('respond/form', view);
}

function form(
  response: Response,
  { survey, unit, round, service }: Asked,
  { sent, problems, key }: SentForm,
) {
  const { lang, t } = response.locals;
  const css = conditionCss(survey);
  return {
    policy: contentSecurityPolicy([publicCss, css], [formScript]),
    view: {
      survey,
      unit,
      round,
      service: round.services.find(({ code }) => code === service),
      page: formPage(survey, lang, t, sent, problems),
      conditionCss: css,
      formScript,
      key: key ?? '',
    },
  };
}
