/**
 * The results of a round.
 *
 *   GET /van-phong/dot/:round                200 the round as a whole, by factor and by service · 404
 *   GET /van-phong/dot/:round/don-vi         200 every service of every unit · 404
 *   GET /van-phong/dot/:round/dau-hieu       200 units whose responses carry quality flags · 404
 *   GET /van-phong/dot/:round/ty-le.csv      200 the rates of the units as a file; ?dang=viet for Excel in Vietnamese · 404
 */
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { queryText } from '../http/pages.js';
import { accountName } from '../http/session.js';
import { existingRound } from '../rounds/rounds.js';
import { qualityLimits } from '../statistics/quality.js';
import { overviewOf } from './overview.js';
import { qualityRows } from './quality.js';
import { ratesCsv } from './ratesCsv.js';
import { resultsOf } from './resultsOf.js';
import { unitRows } from './unitRows.js';

/** Routes of the results; for people who are logged in. */
export function resultRoutes(context: Context): Router {
  const routes = Router();
  const minimum = context.config.minimumRespondents;

  routes.get('/van-phong/dot/:round', async (request, response) => {
    const round = await existingRound(request.params.round);
    const overview = overviewOf(round, await resultsOf(context, round));
    response.render('results/round', { round, overview, minimum, today: context.today() });
  });

  routes.get('/van-phong/dot/:round/don-vi', async (request, response) => {
    const round = await existingRound(request.params.round);
    const rows = unitRows(round, await resultsOf(context, round));
    response.render('results/units', { round, rows, minimum });
  });

  routes.get('/van-phong/dot/:round/dau-hieu', async (request, response) => {
    const round = await existingRound(request.params.round);
    const { counts } = await resultsOf(context, round);
    response.render('results/flags', { round, rows: qualityRows(counts, minimum), minimum, qualityLimits });
  });

  routes.get('/van-phong/dot/:round/ty-le.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const rows = unitRows(round, await resultsOf(context, round));
    await recordAudit({
      account: accountName(response),
      action: 'rates-exported',
      subject: round._id,
      details: { rows: rows.length },
    });
    response
      .type('text/csv; charset=utf-8')
      .attachment(`${context.config.demo ? 'minh-hoa-' : ''}ty-le-hai-long-${round._id}.csv`);
    const form = queryText(request, 'dang') === 'viet' ? 'vietnamese' : 'international';
    await pipeline(ratesCsv(rows, round, response.locals.lang, form), response);
  });

  return routes;
}
