/**
 * Looking at questionnaires before anybody answers them: every version there is, the form of one as people will see
 * it – the real form, from which nothing can be sent – and what differs between two.
 *
 *   GET /van-phong/phieu                              200 the questionnaires, their versions and rounds
 *   GET /van-phong/phieu/:survey/so-sanh              200 what differs (?tu=1&den=2) · 404
 *   GET /van-phong/phieu/:survey/:version             200 the form in a frame (?dot=…&dich-vu=…) · 404
 *   GET /van-phong/phieu/:survey/:version/bieu-mau    200 the form itself · 404
 */
import { type Request, Router } from 'express';
import { allRounds, type Round } from '../../models/rounds.js';
import { differencesOf } from '../../surveys/differences.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { surveyVersionOf, surveyVersions } from '../../surveys/versions.js';
import type { Context } from '../context.js';
import { publicCss, publicScript } from '../http/assets.js';
import { queryText, withQuery } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { contentSecurityPolicy } from '../http/security.js';
import { showPreview } from '../respond/preview.js';
import { placeOf } from './place.js';

/** The policy of a page of the office with the form in a frame. */
const framePolicy = contentSecurityPolicy({
  styles: [publicCss],
  scripts: [publicScript],
  officeStyle: true,
  frame: 'around',
});

/** Routes of looking at questionnaires; for people who are logged in. */
export function previewRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/phieu', async (_request, response) => {
    const [versions, rounds] = await Promise.all([surveyVersions(context.surveys), allRounds()]);
    response.render('previews/list', {
      surveys: [...versions.values()].map((known) =>
        known.map((survey) => ({ survey, rounds: rounds.filter((round) => asks(round, survey)) })),
      ),
      today: context.today(),
    });
  });

  routes.get('/van-phong/phieu/:survey/so-sanh', async (request, response) => {
    const known = (await surveyVersions(context.surveys)).get(request.params.survey) ?? [];
    const [newest] = known;
    if (!newest) throw new Problem(404, 'not-found');
    const wanted = (name: string) =>
      known.find(({ version }) => String(version) === queryText(request, name)) ?? null;
    const after = wanted('den') ?? newest;
    const before = wanted('tu') ?? known.find(({ version }) => version < after.version) ?? after;
    const differences = differencesOf(before, after);
    response.render('previews/differences', { known, before, after, differences });
  });

  routes.get('/van-phong/phieu/:survey/:version', async (request, response) => {
    const survey = await surveyAt(context, request);
    const place = await placeOf(context, survey, queryText(request, 'dot'), queryText(request, 'dich-vu'));
    const known = (await surveyVersions(context.surveys)).get(survey.id) ?? [];
    const rounds = (await allRounds()).filter((round) => asks(round, survey));
    // Another language of the page is another language of the form.
    response.locals.inLanguageHref = (other) => `?${placeQuery(place)}&lang=${other}`;
    const address = `/van-phong/phieu/${survey.id}/${survey.version}`;
    response.set('Content-Security-Policy', framePolicy).render('previews/form', {
      survey,
      known,
      rounds,
      place,
      count: itemsOf(survey).filter(({ required, showIf }) => required && !showIf).length,
      frame: withQuery(`${address}/bieu-mau`, placeQuery(place)),
      today: context.today(),
    });
  });

  routes.get('/van-phong/phieu/:survey/:version/bieu-mau', async (request, response) => {
    const survey = await surveyAt(context, request);
    const place = await placeOf(context, survey, queryText(request, 'dot'), queryText(request, 'dich-vu'));
    response.locals.inLanguageHref = (other) => `?${placeQuery(place)}&lang=${other}`;
    showPreview(response, {
      survey,
      service: place.service,
      services: place.services,
      closes: place.closes,
      unit: place.unit ?? response.locals.t('previews.unit'),
    });
  });

  return routes;
}

/** The version of a survey that an address names. @throws {Problem} 404 `not-found` */
async function surveyAt(context: Context, request: Request): Promise<Survey> {
  const version = String(request.params.version);
  const survey = /^\d{1,6}$/.test(version)
    ? await surveyVersionOf(context.surveys, String(request.params.survey), Number(version))
    : null;
  if (!survey) throw new Problem(404, 'not-found');
  return survey;
}

function asks({ surveys }: Pick<Round, 'surveys'>, { id, version }: Survey): boolean {
  return surveys.some((pinned) => pinned.id === id && pinned.version === version);
}

function placeQuery({ round, service }: { round: Round | null; service: string }): string {
  const named = round ? `dot=${encodeURIComponent(round._id)}&` : '';
  return `${named}dich-vu=${encodeURIComponent(service)}`;
}
