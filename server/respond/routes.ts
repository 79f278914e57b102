/**
 * The public form. A school's link leads to the survey that is open there; a post is checked, stored once, and
 * answered with a thank-you page.
 *
 *   GET  /                               where to type a code
 *   GET  /k?ma=…                         303 to /k/:code · 404 wrong code
 *   GET  /k/:code                        200 who are you · 303 to the only survey · 404 · 409 nothing open
 *   GET  /k/:code/:survey                200 which procedure · 303 to the only service · 404 · 409
 *   GET  /k/:code/:survey/:service       200 the form · 303 adds a fresh submission key · 404 · 409
 *   POST /k/:code/:survey/:service       303 stored · 422 the form again · 409 key used, or closed · 4xx
 *   GET  /k/:code/da-nhan/:key           200 thank you · 404 nothing stored under the key
 */
import { type Request, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { param, query } from 'express-validator';
import { parseLinkCode } from '../../models/linkCode.js';
import { responseByKey, submitResponse } from '../../models/responses.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { checked } from '../http/checked.js';
import { withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { readAnswers } from './answers.js';
import { type Opening, openingsAt } from './link.js';
import { RenderedPages } from './renderedPages.js';
import { type Asked, blankForm, showForm } from './showForm.js';
import { newSubmissionKey, receiptCode, SUBMISSION_KEY } from './submissionKey.js';

const WORD = /^[a-z0-9][a-z0-9.-]{0,39}$/;
const addressChecks = [param('survey').matches(WORD), param('service').optional().matches(WORD)];

export function respondRoutes(context: Context): Router {
  const routes = Router();
  const pages = new RenderedPages();

  routes.get('/', (_request, response) => response.render('respond/start'));

  routes.get('/k', checked(404, query('ma').isString().isLength({ max: 40 })), (request, response) => {
    const typed = String(request.query.ma);
    const code = parseLinkCode(typed);
    if (!code) throw new Problem(404, 'wrong-code', { typed });
    response.redirect(303, withLanguage(`/k/${code}`, response.locals.lang));
  });

  routes.get('/k/:code', async (request, response) => {
    const openings = await openingsHere(context, request, response);
    const [only] = openings;
    if (only && openings.length === 1) return toService(request, response, only);
    response.render('respond/who', { code: request.params.code, openings });
  });

  routes.get('/k/:code/da-nhan/:key', checked(404, param('key').matches(SUBMISSION_KEY)), thankYou);

  routes.get('/k/:code/:survey', checked(404, ...addressChecks), async (request, response) => {
    toService(request, response, await openingHere(context, request, response));
  });

  routes.get('/k/:code/:survey/:service', checked(404, ...addressChecks), async (request, response) => {
    const asked = await askedHere(context, request, response);
    if (!submissionKeyOf(request)) return response.redirect(303, freshAddress(request, response));
    await blankForm(pages, request, response, asked);
  });

  routes.post(
    '/k/:code/:survey/:service',
    submissionLimit(),
    checked(404, ...addressChecks),
    formBody,
    async (request, response) => {
      const asked = await askedHere(context, request, response);
      const body = request.body as FormBody;
      const { answers, problems } = readAnswers(asked.survey, body);
      if (problems.length > 0) return showForm(response.status(422), asked, body, problems);
      const key = submissionKeyOf(request);
      if (!key) return sendAgain(request, response.status(422), asked, body, 'no-key');
      const outcome = await submitResponse({
        _id: key,
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
      if (outcome === 'conflict') return sendAgain(request, response.status(409), asked, body, 'key-used');
      response.redirect(303, withLanguage(`/k/${request.params.code}/da-nhan/${key}`, response.locals.lang));
    },
  );

  return routes;
}

/** Stops a machine that floods; a school of 1 500 sending from one address in five minutes passes. */
function submissionLimit() {
  return rateLimit({
    windowMs: 5 * 60 * 1000,
    limit: 2000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new Problem(429, 'too-many');
    },
  });
}

function openingsHere(context: Context, request: Request, response: Response): Promise<Opening[]> {
  return openingsAt(String(request.params.code), context.today(), response.locals.format.day);
}

async function openingHere(context: Context, request: Request, response: Response): Promise<Opening> {
  const openings = await openingsHere(context, request, response);
  const opening = openings.find(({ survey }) => survey.id === request.params.survey);
  if (!opening) throw new Problem(404, 'no-such-survey');
  return opening;
}

async function askedHere(context: Context, request: Request, response: Response): Promise<Asked> {
  const { services, ...opening } = await openingHere(context, request, response);
  const service = services.find((code) => code === request.params.service);
  if (service === undefined) throw new Problem(404, 'no-such-survey');
  return { ...opening, service };
}

/** To the form of an opening's only service, or to the choice of the service. */
function toService(request: Request, response: Response, { survey, services, round, unit }: Opening): void {
  const base = `/k/${request.params.code}/${survey.id}`;
  const [only] = services;
  if (only !== undefined && services.length === 1) {
    response.redirect(303, withLanguage(withKey(`${base}/${only}`), response.locals.lang));
    return;
  }
  response.render('respond/service', {
    base,
    unit,
    survey,
    services: round.services.filter(({ code }) => services.includes(code)),
  });
}

/** The form as it was sent, to be sent again under a fresh key if the person wants a second response. */
function sendAgain(request: Request, response: Response, asked: Asked, body: FormBody, reason: string): void {
  const problem = { item: null, key: `respond.problem.${reason}`, parameters: {} };
  showForm(response, asked, body, [problem], freshAddress(request, response));
}

async function thankYou(request: Request, response: Response): Promise<void> {
  const key = String(request.params.key);
  const stored = await responseByKey(key);
  if (!stored) throw new Problem(404, 'not-received');
  response.set('Cache-Control', 'no-store');
  response.render('respond/thanks', { code: request.params.code, receipt: receiptCode(key) });
}

function submissionKeyOf(request: Request): string | null {
  const key = request.query.phieu;
  return typeof key === 'string' && SUBMISSION_KEY.test(key) ? key : null;
}

function freshAddress(request: Request, response: Response): string {
  return withLanguage(withKey(request.path), response.locals.lang);
}

function withKey(address: string): string {
  return `${address}?phieu=${newSubmissionKey()}`;
}
