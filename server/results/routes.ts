/**
 * The results of a round.
 *
 *   GET /van-phong/dot/:round                             200 the round as a whole, by factor and by service;
 *                                                         ?so-voi=ROUND beside an earlier one · 404
 *   GET /van-phong/dot/:round/dich-vu/:service/:survey    200 one survey on one service: factors, items, what to improve,
 *                                                         groups of people · 404
 *   GET /van-phong/dot/:round/tieu-chi/:item              200 one item by service and at every unit · 404
 *   GET /van-phong/dot/:round/don-vi                      200 every service of every unit · 404
 *   GET /van-phong/dot/:round/don-vi/:unit                200 one unit, and everything below it · 404
 *   GET /van-phong/dot/:round/nhom                        200 area classes, uppermost units, channels, attributes · 404
 *   GET /van-phong/dot/:round/so-sanh                     200 beside an earlier round; ?so-voi=ROUND · 404
 *   GET /van-phong/dot/:round/dau-hieu                    200 units whose responses carry quality flags · 404
 *
 * The same as files are in server/exports/.
 */
import { type Request, Router } from 'express';
import type { Context } from '../context.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { existingRound } from '../rounds/rounds.js';
import { qualityLimits } from '../statistics/quality.js';
import { comparisonOf, totalDifference } from './comparison.js';
import { WHOLE } from './counts.js';
import { chosenRound, earlierRounds } from './earlierRounds.js';
import { attributeGroups, groupResults } from './groupRows.js';
import { itemResults } from './itemResults.js';
import { overviewOf } from './overview.js';
import { qualityRows } from './quality.js';
import { resultsOf } from './resultsOf.js';
import { cellResults, namesOf, unitResults } from './unitResults.js';
import { unitRows } from './unitRows.js';

/** Routes of the results; for people who are logged in. */
export function resultRoutes(context: Context): Router {
  const routes = Router();
  const minimum = context.config.minimumRespondents;
  const of = async (request: Request<{ round: string }>) => {
    const round = await existingRound(request.params.round);
    return { round, figures: await resultsOf(context, round), minimum };
  };

  routes.get('/van-phong/dot/:round', async (request, response) => {
    const { round, figures } = await of(request);
    const before = chosenRound(await earlierRounds(round), queryText(request, 'so-voi'));
    const compared = before && {
      round: before,
      difference: totalDifference(figures, await resultsOf(context, before)),
    };
    const overview = overviewOf(round, figures);
    response.render('results/round', { round, overview, compared, minimum, today: context.today() });
  });

  routes.get('/van-phong/dot/:round/dich-vu/:service/:survey', async (request, response) => {
    const { round, figures } = await of(request);
    const { service, survey } = request.params;
    const column = figures.columns.find((each) => each.service.code === service && each.survey.id === survey);
    if (!column) throw new Problem(404, 'not-found');
    const cell = cellResults(figures, WHOLE, column);
    // Groups are counted for a survey as a whole, whatever service people rated.
    const groups = attributeGroups(figures, column.survey);
    response.render('results/column', { round, cell, groups, minimum });
  });

  routes.get('/van-phong/dot/:round/tieu-chi/:item', async (request, response) => {
    const { round, figures } = await of(request);
    const results = itemResults(figures, request.params.item);
    if (!results) throw new Problem(404, 'not-found');
    response.render('results/item', { round, results, minimum });
  });

  routes.get('/van-phong/dot/:round/don-vi', async (request, response) => {
    const { round, figures } = await of(request);
    response.render('results/units', { round, rows: unitRows(round, figures), minimum });
  });

  routes.get('/van-phong/dot/:round/don-vi/:unit', async (request, response) => {
    const round = await existingRound(request.params.round);
    const results = await unitResults(context, round, request.params.unit);
    if (!results) throw new Problem(404, 'not-found');
    response.render('results/unit', { round, results, minimum });
  });

  routes.get('/van-phong/dot/:round/nhom', async (request, response) => {
    const { round, figures } = await of(request);
    const names = namesOf(figures.counts);
    response.render('results/groups', { round, groups: groupResults(figures), names, minimum });
  });

  routes.get('/van-phong/dot/:round/so-sanh', async (request, response) => {
    const { round, figures } = await of(request);
    const rounds = await earlierRounds(round);
    const before = chosenRound(rounds, queryText(request, 'so-voi'));
    const comparison = before && comparisonOf(figures, await resultsOf(context, before));
    response.render('results/comparison', { round, rounds, before, comparison });
  });

  routes.get('/van-phong/dot/:round/dau-hieu', async (request, response) => {
    const { round, figures } = await of(request);
    const rows = qualityRows(figures.counts, minimum);
    response.render('results/flags', { round, rows, minimum, qualityLimits });
  });

  return routes;
}
