/**
 * The results of a round.
 *
 *   GET /van-phong/dot/:round               200 responses and rates per service and unit · 404
 *   GET /van-phong/dot/:round/ty-le.csv     200 the same rates as a file; ?dang=viet for Excel in Vietnamese · 404
 */
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { queryText } from '../http/pages.js';
import { accountName } from '../http/session.js';
import { existingRound } from '../rounds/rounds.js';
import { qualityLimits } from '../statistics/quality.js';
import { ratesCsv } from './csv.js';
import { type RoundTable, tableOf } from './table.js';
import { talliesOf } from './tallies.js';
import { targetVerdicts } from './targets.js';

/** Routes of the results; for people who are logged in. */
export function resultRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/dot/:round', async (request, response) => {
    const round = await existingRound(request.params.round);
    const table = await tableNow(context, round);
    response.render('results/round', {
      round,
      table,
      verdicts: targetVerdicts(round.targets, table.total),
      minimum: context.config.minimumRespondents,
      qualityLimits,
      today: context.today(),
    });
  });

  routes.get('/van-phong/dot/:round/ty-le.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const table = await tableNow(context, round);
    await recordAudit({
      account: accountName(response),
      action: 'rates-exported',
      subject: round._id,
      details: { rows: table.units.length },
    });
    response
      .type('text/csv; charset=utf-8')
      .attachment(`${context.config.demo ? 'minh-hoa-' : ''}ty-le-hai-long-${round._id}.csv`);
    const form = queryText(request, 'dang') === 'viet' ? 'vietnamese' : 'international';
    await pipeline(ratesCsv(table, round, response.locals.lang, form), response);
  });

  return routes;
}

async function tableNow({ config }: Context, round: Round): Promise<RoundTable> {
  return tableOf(round, await talliesOf(round), config.minimumRespondents);
}
