/** Takes a filled-in form: checked, stored once, thanked for. */
import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import {
  type Response as Answered,
  isSameSubmission,
  responseById,
  submitResponse,
} from '../../models/responses.js';
import { roundByCode } from '../../models/rounds.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import type { FormBody } from '../http/body.js';
import { withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { readAnswers } from './answers.js';
import { type Asked, askedHere } from './asked.js';
import { showForm } from './showForm.js';
import { keyAndFields, newSubmissionKey, responseId } from './submissionKey.js';

const FIVE_MINUTES = 5 * 60 * 1000;

/** Stop a machine that floods; a school of 1 500 that sends from one address in five minutes, slips included, passes. */
export function submissionLimits(): RequestHandler[] {
  const limit = (most: number, skipFailedRequests: boolean) =>
    rateLimit({
      windowMs: FIVE_MINUTES,
      limit: most,
      skipFailedRequests,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: () => {
        throw new Problem(429, 'too-many');
      },
    });
  return [limit(2000, true), limit(12_000, false)];
}

/** Handler of a post of the form; the body is parsed and the address checked. */
export function submit(context: Context): RequestHandler {
  return async (request, response) => {
    const { key, fields } = keyAndFields(request);
    const thank = (received: string) =>
      response.redirect(
        303,
        withLanguage(`/k/${request.params.code}/da-nhan/${received}`, response.locals.lang),
      );
    let asked: Asked;
    try {
      asked = await askedHere(context, request, response);
    } catch (error) {
      // Only where the answer is that nothing is asked here today: a database that is down is no answer.
      if (error instanceof Problem && key !== null && (await isReceived(context, key, fields)))
        return thank(key);
      throw error;
    }
    const { answers, problems } = readAnswers(asked.survey, fields);
    if (problems.length > 0) return showForm(response.status(422), asked, { sent: fields, problems, key });
    if (key === null) return again(response.status(422), asked, fields, 'no-key');
    const outcome = await submitResponse({
      _id: responseId(key, context.config.sessionSecret),
      round: asked.round._id,
      unit: asked.unit.unit,
      survey: asked.survey.id,
      version: asked.survey.version,
      service: asked.service,
      channel: 'link',
      answers,
      language: response.locals.lang,
      day: context.today(),
    });
    if (outcome === 'conflict') return again(response.status(409), asked, fields, 'key-used');
    thank(key);
  };
}

/** The stored response of a key; null where there is none. */
export function receivedUnder(context: Context, key: string): Promise<Answered | null> {
  return responseById(responseId(key, context.config.sessionSecret));
}

/** Whether a retry that comes after its round has ended is of an answer that arrived in time. */
async function isReceived(context: Context, key: string, fields: FormBody): Promise<boolean> {
  const stored = await receivedUnder(context, key);
  const round = stored && (await roundByCode(stored.round));
  const pinned = round?.surveys.find(({ id }) => id === stored?.survey);
  if (!stored || !pinned) return false;
  const { answers, problems } = readAnswers(await pinnedSurvey(pinned), fields);
  return problems.length === 0 && isSameSubmission(stored, { ...stored, answers });
}

/** The form as it was sent, to be sent again under a fresh key if the person wants a second response. */
function again(response: Response, asked: Asked, sent: FormBody, reason: string): void {
  const problem = { item: null, key: `respond.problem.${reason}`, parameters: {} };
  showForm(response, asked, { sent, problems: [problem], key: newSubmissionKey() });
}
