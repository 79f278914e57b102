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
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { param, query } from 'express-validator';
import { parseLinkCode } from '../../models/linkCode.js';
import type { Context } from '../context.js';
import { formBody } from '../http/body.js';
import { checked } from '../http/checked.js';
import { withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { askedHere, openingHere, openingsHere } from './asked.js';
import type { Opening } from './link.js';
import { RenderedPages } from './renderedPages.js';
import { blankForm } from './showForm.js';
import { keyInAddress, receiptCode, SUBMISSION_KEY, withFreshKey } from './submissionKey.js';
import { receivedUnder, submissionLimits, submit } from './submit.js';

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

  routes.get('/k/:code/da-nhan/:key', checked(404, param('key').matches(SUBMISSION_KEY)), thankYou(context));

  routes.get('/k/:code/:survey', checked(404, ...addressChecks), async (request, response) => {
    toService(request, response, await openingHere(context, request, response));
  });

  routes.get('/k/:code/:survey/:service', checked(404, ...addressChecks), async (request, response) => {
    const asked = await askedHere(context, request, response);
    if (keyInAddress(request) === null)
      return response.redirect(303, withFreshKey(request.path, response.locals.lang));
    await blankForm(pages, request, response, asked);
  });

  routes.post(
    '/k/:code/:survey/:service',
    ...submissionLimits(),
    checked(404, ...addressChecks),
    formBody,
    submit(context),
  );

  return routes;
}

/** To the form of an opening's only service, or to the choice of the service. */
function toService(request: Request, response: Response, { survey, services, round, unit }: Opening): void {
  const base = `/k/${request.params.code}/${survey.id}`;
  const [only] = services;
  if (only !== undefined && services.length === 1) {
    response.redirect(303, withFreshKey(`${base}/${only}`, response.locals.lang));
    return;
  }
  response.render('respond/service', {
    base,
    unit,
    survey,
    services: round.services.filter(({ code }) => services.includes(code)),
  });
}

/** The page after a send: only where the response is on disk. */
function thankYou(context: Context): RequestHandler {
  return async (request, response) => {
    const key = String(request.params.key);
    const stored = await receivedUnder(context, key);
    if (!stored) throw new Problem(404, 'not-received');
    response.set('Cache-Control', 'no-store');
    response.render('respond/thanks', {
      code: request.params.code,
      receipt: receiptCode(key),
      respondent: context.surveys.get(stored.survey)?.respondent,
    });
  };
}
