/** Answers with a form: blank, the same bytes for everybody, or as it was sent. */
import type { Request, Response } from 'express';
import { formScript, publicCss, publicScript } from '../http/assets.js';
import type { FormBody } from '../http/body.js';
import { wantsJson } from '../http/pages.js';
import type { RenderedPages } from '../http/renderedPages.js';
import { contentSecurityPolicy } from '../http/security.js';
import { channelOf, formAddress, frameOf, invitedFormAddress } from './address.js';
import type { AnswerProblem } from './answers.js';
import type { Asked } from './asked.js';
import { conditionCss, formPage } from './formPage.js';
import { askingForKey, keyInAddress, newSubmissionKey } from './submissionKey.js';

/** A form that comes back. */
interface SentForm {
  readonly sent: FormBody;
  readonly problems: readonly AnswerProblem[];
  /** The key under which it goes when it is sent again; null where its address has one. */
  readonly key: string | null;
  /** The key that it was sent under and that this one takes the place of. */
  readonly replaces?: string | null;
}

const BLANK: SentForm = { sent: {}, problems: [], key: null };

/**
 * The blank form, the same bytes for everybody who is asked the same. Without a key in its address it sends phones
 * without a script on to an address that has one.
 * @param state of the pages, from before it was looked up what is asked
 */
export function blankForm(
  pages: RenderedPages,
  state: string,
  request: Request,
  response: Response,
  asked: Asked,
): Promise<void> {
  const { round, unit, service } = asked;
  const invited = response.locals.invited !== undefined;
  // The short address of a school with one survey never has a key.
  const keyless = keyInAddress(request) === null || request.params.service === undefined;
  return pages.send(request, response, {
    key: [
      'form',
      unit._id,
      round.closes,
      editionOf(asked),
      service,
      channelOf(request),
      keyless,
      invited,
    ].join(' '),
    state,
    view: 'respond/form',
    locals: () => form(request, response, asked, BLANK, keyless),
    contentSecurityPolicy: policyOf(request, asked),
    mayBeShared: !invited,
  });
}

/** The form as it was sent, with what is wrong with it; for the form's own script only the code of what is wrong. */
export function showForm(request: Request, response: Response, asked: Asked, sentForm: SentForm): void {
  if (wantsJson(request)) {
    response.json({ code: sentForm.problems[0]?.key ?? null });
    return;
  }
  // Kept by the browser alone: who goes back after a mistake and a thank-you finds the answers, not a dead end.
  response
    .set('Content-Security-Policy', policyOf(request, asked))
    .set('Cache-Control', 'private, no-cache')
    .render('respond/form', form(request, response, asked, sentForm, false));
}

/** Which edition of a questionnaire is asked: changes with every word of it. */
export function editionOf({ round, survey }: Asked): string {
  return round.surveys.find(({ id }) => id === survey.id)?.hash.slice(0, 12) ?? '';
}

/** A form as it was sent, under a key of its own where it has none yet. */
export function kept(fields: FormBody, key: string | null): SentForm {
  return { sent: fields, problems: [], key: key ?? newSubmissionKey() };
}

function form(
  request: Request,
  response: Response,
  asked: Asked,
  { sent, problems, key, replaces }: SentForm,
  keyless: boolean,
) {
  const { survey, unit, round, service } = asked;
  const { lang, languages, t } = response.locals;
  const place = { code: unit.linkCode, survey: survey.id, service };
  const channel = channelOf(request);
  const addressIn = (language: string) =>
    response.locals.invited
      ? invitedFormAddress(service, channel, language)
      : formAddress(place, channel, language);
  const address = addressIn(lang);
  return {
    survey,
    unit,
    round,
    service: round.services.find(({ code }) => code === service),
    page: formPage(survey, lang, t, sent, problems),
    conditionCss: conditionCss(survey),
    formScript,
    key: key ?? '',
    replaces: replaces ?? '',
    edition: editionOf(asked),
    // The fragment lands on the summary of what is wrong, wherever the person had jumped to before.
    action: `${keyless ? address : ''}#loi`,
    withoutScript: keyless ? askingForKey(address) : null,
    inOtherLanguages: languages
      .filter(({ code }) => code !== lang)
      .map(({ code, name }) => ({ code, name, action: addressIn(code) })),
  };
}

function policyOf(request: Request, { survey }: Asked): string {
  return contentSecurityPolicy({
    styles: [publicCss, conditionCss(survey)],
    scripts: [publicScript, formScript],
    frame: frameOf(channelOf(request)),
  });
}
