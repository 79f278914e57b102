/**
 * The real form, to be looked at: the same template with the same questions, from which nothing can be sent. Neither
 * form nor script runs: the policy forbids both to the browser, whatever is pressed. In the office's frame the sandbox
 * forbids them once more.
 */
import type { Response } from 'express';
import type { Day } from '../../models/day.js';
import type { RoundService } from '../../models/rounds.js';
import type { Survey } from '../../surveys/schema.js';
import { publicCss } from '../http/assets.js';
import { contentSecurityPolicy } from '../http/security.js';
import { conditionCss, formPage } from './formPage.js';

/** What is looked at. */
export interface Previewed {
  readonly survey: Survey;
  /** Code of the service it is asked about. */
  readonly service: string;
  readonly services: readonly RoundService[];
  /** Name of the unit. */
  readonly unit: string;
  readonly closes: Day;
}

/** Answers with the form of a survey, marked as a preview. */
export function showPreview(response: Response, previewed: Previewed): void {
  const { survey, service, services, unit, closes } = previewed;
  const { lang, t } = response.locals;
  const css = conditionCss(survey);
  const policy = contentSecurityPolicy({ styles: [publicCss, css], scripts: [], frame: 'within' });
  response
    .set('Content-Security-Policy', policy.replace("form-action 'self'", "form-action 'none'"))
    .render('respond/form', {
      preview: true,
      account: null,
      publicScript: '',
      formScript: '',
      survey,
      unit: { name: unit, linkCode: '' },
      round: { closes },
      service: services.find(({ code }) => code === service),
      page: formPage(survey, lang, t),
      conditionCss: css,
      key: '',
      replaces: '',
      edition: '',
      action: '#',
    });
}
