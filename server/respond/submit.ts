/** Takes a filled-in form: checked, stored once, thanked for. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { claimOf } from '../../models/invitationSecrets.js';
import { claimInvitation, forgetClaim, invitationOf } from '../../models/invitations.js';
import {
  type Response as Answered,
  isSameSubmission,
  responseById,
  submitResponse,
} from '../../models/responses.js';
import { isByInvitation, roundByCode } from '../../models/rounds.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import type { FormBody } from '../http/body.js';
import { loggedPath, wantsJson } from '../http/pages.js';
import { Problem, problemOf } from '../http/problem.js';
import { channelOf } from './address.js';
import { type AnswerProblem, readAnswers, UNKNOWN_FIELD } from './answers.js';
import { type Asked, askedHere } from './asked.js';
import { Bursts } from './bursts.js';
import { flagsOf } from './flags.js';
import { linkCodeOf, spent } from './invited.js';
import { postedForm } from './postedForm.js';
import { editionOf, kept, showForm } from './showForm.js';
import { responseId } from './submissionKey.js';

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * Stop a machine that floods; a school of 1 500 that sends from one address in five minutes, slips included, passes.
 * No address is kept, not even in memory: they are counted under a hash whose key lives as long as the process.
 */
export function submissionLimits(): RequestHandler[] {
  const secret = randomBytes(32);
  const limit = (most: number, skipFailedRequests: boolean) =>
    rateLimit({
      windowMs: FIVE_MINUTES,
      limit: most,
      skipFailedRequests,
      keyGenerator: ({ ip = '' }) =>
        createHmac('sha256', secret).update(ipKeyGenerator(ip)).digest('base64url'),
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: () => {
        throw new Problem(429, 'too-many');
      },
    });
  return [limit(2000, true), limit(12_000, false)];
}

/**
 * Handler of a post of the form; the body is parsed and the address checked. A browser is led to the thank-you
 * page or shown the form again; the form's own script asks for JSON and is told where the thank-you page is, or the
 * code of what is wrong.
 */
export function submit(context: Context): RequestHandler {
  const bursts = new Bursts();
  return async (request, response) => {
    try {
      await take(context, bursts, request, response);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status !== 503 || wantsJson(request)) throw error;
      context.log.error({ err: problem.cause ?? error, path: loggedPath(request) }, problem.code);
      // Everything that was entered is in the page, to be sent again by one press.
      // Kept by the browser alone, so that going back does not lose it.
      response.status(503).set('Retry-After', '30').set('Cache-Control', 'private, no-cache');
      response.render('respond/later', { fields: Object.entries(request.body as FormBody) });
    }
  };
}

async function take(context: Context, bursts: Bursts, request: Request, response: Response): Promise<void> {
  const { key, edition, seconds, otherLanguage, fields } = postedForm(request);
  let asked: Asked;
  try {
    asked = await askedHere(context, request, response);
  } catch (error) {
    // Only where the answer is that nothing is asked here today: a database that is down is no answer.
    if (error instanceof Problem && key !== null && (await isReceived(context, key, fields)))
      return thank(request, response, key);
    if (error instanceof Problem && error.parameters.closed !== undefined)
      throw new Problem(409, 'sent-too-late', error.parameters);
    throw error;
  }
  if (otherLanguage) return showForm(request, response, asked, kept(fields, key));
  const { answers, problems } = readAnswers(asked.survey, fields);
  if (edition !== null && edition !== editionOf(asked)) {
    const missing = problems.filter(({ key }) => key !== UNKNOWN_FIELD);
    const form = { ...kept(fields, key), problems: [formProblem('new-edition'), ...missing] };
    return showForm(request, response.status(409), asked, form);
  }
  if (problems.length > 0)
    return showForm(request, response.status(422), asked, { sent: fields, problems, key });
  if (key === null) return again(request, response.status(422), asked, fields, key, 'no-key');
  const { invited } = response.locals;
  if (isByInvitation(asked.round) && !invited) throw new Problem(403, 'no-invitation');
  const { sessionSecret } = context.config;
  if (invited && !(await claimInvitation(invited.digest, invited, claimOf(sessionSecret, key)))) {
    if (await isReceived(context, key, fields)) return thank(request, response, key);
    throw spent((await invitationOf(invited.digest))?.state === 'revoked' ? 'revoked' : 'used');
  }
  const id = responseId(key, sessionSecret);
  const outcome = await bursts.counting(request.ip, asked.unit.unit, id, (burst) =>
    submitResponse({
      _id: id,
      round: asked.round._id,
      unit: asked.unit.unit,
      survey: asked.survey.id,
      version: asked.survey.version,
      service: asked.service,
      channel: invited ? 'invitation' : channelOf(request),
      answers,
      language: response.locals.lang,
      day: context.today(),
      flags: flagsOf(asked.survey, answers, seconds, burst),
    }),
  );
  if (invited && outcome !== 'conflict') await forget(context, invited.digest);
  if (outcome === 'conflict') return again(request, response.status(409), asked, fields, key, 'key-used');
  thank(request, response, key);
}

function thank(request: Request, response: Response, key: string): void {
  const address = response.locals.href(`/k/${linkCodeOf(request, response)}/da-nhan/${key}`);
  if (wantsJson(request)) response.set('Cache-Control', 'no-store').json({ received: address });
  else response.redirect(303, address);
}

/** The response is on disk: which submission used the code is nobody's business any more. */
async function forget({ log }: Context, digest: string): Promise<void> {
  try {
    await forgetClaim(digest);
  } catch (error) {
    // The response has arrived; a retry would forget the claim as well.
    log.warn({ err: error }, 'claim not forgotten');
  }
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
function again(
  request: Request,
  response: Response,
  asked: Asked,
  fields: FormBody,
  replaces: string | null,
  reason: string,
): void {
  showForm(request, response, asked, { ...kept(fields, null), replaces, problems: [formProblem(reason)] });
}

/** Something wrong with the form as a whole. */
function formProblem(reason: string): AnswerProblem {
  return { item: null, key: `respond.problem.${reason}`, parameters: {} };
}
