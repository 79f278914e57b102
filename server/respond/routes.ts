/**
 * The public form. A school's link leads to the survey that is open there; a post is checked, stored once, and
 * answered with a thank-you page.
 *
 *   GET  /                               where to type a code
 *   GET  /k?ma=…                         303 to /k/:code · 404 wrong code
 *   GET  /k/:code                        200 who are you, or the next question; which unit, where one was split ·
 *                                        404 · 409 nothing open
 *   GET  /k/:code/:survey                200 which procedure, or the form · 404 · 409
 *   GET  /k/:code/:survey/:service       200 the form · 303 adds a submission key where one is asked for · 404 · 409
 *   POST /k/:code/:survey/:service       303 stored · 422 the form again · 409 key used, or closed · 4xx
 *   GET  /k/:code/da-nhan/:key           200 thank you · 404 nothing stored under the key
 *   GET  /m/:invitation…                 the same behind an invitation code · 404 · 409 used, withdrawn · 429
 *   POST /m/:invitation/:survey/:service 303 stored, the code is used · as above
 *
 * A question with one answer is not asked: the link of a school with one survey is the form itself, in one request.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { param, query } from 'express-validator';
import { isMeantAsInvitation, parseInvitationCode } from '../../models/invitationCode.js';
import { parseLinkCode } from '../../models/linkCode.js';
import { isAnythingPublished, isByInvitation } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { formBody, visible } from '../http/body.js';
import { checked } from '../http/checked.js';
import { withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import type { RenderedPages } from '../http/renderedPages.js';
import { publicPolicy } from '../http/security.js';
import { channelOf, frameOf, withChannel } from './address.js';
import { askedHere, openingHere, openingsHere } from './asked.js';
import { findInvitation, refuseSpent } from './invited.js';
import { heirsToChooseFrom, type Opening } from './link.js';
import { blankForm } from './showForm.js';
import { asksForKey, receiptCode, SUBMISSION_KEY, withFreshKey } from './submissionKey.js';
import { receivedUnder, submissionLimits, submit } from './submit.js';

const WORD = /^[a-z0-9][a-z0-9.-]{0,39}$/;
const addressChecks = [param('survey').matches(WORD), param('service').optional().matches(WORD)];

export function respondRoutes(context: Context, pages: RenderedPages): Router {
  const routes = Router();

  routes.get('/', async (_request, response) => {
    response.render('respond/start', { results: await isAnythingPublished() });
  });

  routes.get('/k', checked(404, query('ma').isString().isLength({ max: 300 })), (request, response) => {
    const typed = codeIn(String(request.query.ma));
    const code = parseLinkCode(typed);
    const invitation = parseInvitationCode(typed);
    const on = (address: string) =>
      withLanguage(withChannel(address, channelOf(request)), response.locals.lang);
    response.locals.inLanguageHref = (other) => `?ma=${encodeURIComponent(typed)}&lang=${other}`;
    if (invitation) return response.redirect(303, on(`/m/${invitation}`));
    if (!code)
      throw new Problem(404, isMeantAsInvitation(typed) ? 'wrong-invitation' : 'wrong-code', { typed });
    response.redirect(303, on(`/k/${code}`));
  });

  routes.use('/k/:code', keepChannel);
  routes.use('/m/:invitation', keepChannel, findInvitation(context));
  routes.get(/^\/m\//i, refuseSpent(context));

  routes.get('/k/:code', async (request, response) => {
    const state = pages.state();
    const openings = await openingsHere(context, request, response);
    const split = heirsToChooseFrom(openings);
    if (split)
      return pages.send(request, response, {
        key: ['heirs', channelOf(request), split.of, ...split.units.map(({ linkCode }) => linkCode)].join(
          ' ',
        ),
        state,
        view: 'respond/heirs',
        locals: () => ({ heirs: split }),
      });
    const [only] = openings;
    const { unit, heirs } = openings[0] as Opening;
    if (openings.every(({ round }) => isByInvitation(round)))
      return askCode(pages, state, request, response, unit);
    if (only && openings.length === 1) return askService(pages, state, request, response, only);
    const asked = openings.map(({ survey, round }) => `${survey.id}@${survey.version} ${round._id}`);
    await pages.send(request, response, {
      key: ['who', unit._id, channelOf(request), heirs?.of ?? '', ...asked].join(' '),
      state,
      view: 'respond/who',
      locals: () => ({ base: `/k/${unit.linkCode}`, openings, heirs }),
    });
  });

  routes.get('/k/:code/da-nhan/:key', checked(404, param('key').matches(SUBMISSION_KEY)), thankYou(context));

  routes.get('/k/:code/:survey', checked(404, ...addressChecks), async (request, response) => {
    const state = pages.state();
    const opening = await openingHere(context, request, response);
    return askService(pages, state, request, response, opening);
  });

  const showBlankForm: RequestHandler = async (request, response) => {
    const state = pages.state();
    const asked = await askedHere(context, request, response);
    if (isByInvitation(asked.round) && !response.locals.invited)
      return askCode(pages, state, request, response, asked.unit);
    if (asksForKey(request)) return response.redirect(303, withFreshKey(response.locals.href(request.path)));
    await blankForm(pages, state, request, response, asked);
  };

  routes.get('/k/:code/:survey/:service', checked(404, ...addressChecks), showBlankForm);

  routes.post(
    '/k/:code/:survey/:service',
    ...submissionLimits(),
    checked(404, ...addressChecks),
    formBody,
    submit(context),
  );

  routes.get('/m/:invitation', async (request, response) => {
    const openings = await openingsHere(context, request, response);
    const base = `/m/${request.params.invitation}`;
    const [only] = openings;
    if (only && openings.length === 1)
      return response.redirect(303, response.locals.href(`${base}/${only.survey.id}`));
    response.render('respond/who', { base, openings });
  });

  routes.get('/m/:invitation/:survey', checked(404, ...addressChecks), async (request, response) => {
    const { services, ...opening } = await openingHere(context, request, response);
    const { survey, unit, round } = opening;
    const base = `/m/${request.params.invitation}/${survey.id}`;
    if (services.length === 1) return response.redirect(303, response.locals.href(`${base}/${services[0]}`));
    const offered = round.services.filter(({ code }) => services.includes(code));
    response.render('respond/service', { base, unit, survey, services: offered });
  });

  routes.get('/m/:invitation/:survey/:service', checked(404, ...addressChecks), showBlankForm);

  routes.post(
    '/m/:invitation/:survey/:service',
    ...submissionLimits(),
    checked(404, ...addressChecks),
    formBody,
    submit(context),
  );

  return routes;
}

/** What was typed for a code; of a whole link that was pasted, the code in it. */
function codeIn(typed: string): string {
  return /\/(?:k|m|quay)\/([^/?#]+)/i.exec(typed)?.[1] ?? visible(typed);
}

/** Middleware: links on the pages of a unit keep how the person came there, and a tablet may show them in its frame. */
const keepChannel: RequestHandler = (request, response, next) => {
  const channel = channelOf(request);
  const { lang } = response.locals;
  response.locals.href = (address) => withLanguage(withChannel(address, channel), lang);
  response.locals.onTablet = channel === 'kiosk';
  response.locals.inLanguageHref = (other) => withChannel(`?lang=${other}`, channel);
  response.set('Content-Security-Policy', publicPolicy(frameOf(channel)));
  next();
};

/** The form of an opening's only service, or the choice of the service. */
async function askService(
  pages: RenderedPages,
  state: string,
  request: Request,
  response: Response,
  { services, ...opening }: Opening,
): Promise<void> {
  const [only] = services;
  if (isByInvitation(opening.round)) return askCode(pages, state, request, response, opening.unit);
  if (only !== undefined && services.length === 1)
    return blankForm(pages, state, request, response, { ...opening, service: only });
  const { survey, unit, round } = opening;
  return pages.send(request, response, {
    key: ['service', unit._id, channelOf(request), survey.id, ...services].join(' '),
    state,
    view: 'respond/service',
    locals: () => ({
      base: `/k/${unit.linkCode}/${survey.id}`,
      unit,
      survey,
      services: round.services.filter(({ code }) => services.includes(code)),
    }),
  });
}

/** Where the code of an invitation is typed in, in the place of the form. */
function askCode(
  pages: RenderedPages,
  state: string,
  request: Request,
  response: Response,
  unit: RoundUnit,
): Promise<void> {
  return pages.send(request, response, {
    key: ['invitation', unit._id, channelOf(request)].join(' '),
    state,
    view: 'respond/invitation',
    locals: () => ({ unit }),
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
