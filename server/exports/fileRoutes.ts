/**
 * The results of a round as CSV files; ?dang=viet for Excel in Vietnamese. Whoever takes one away is in the audit log.
 *
 *   GET /van-phong/dot/:round/ty-le.csv       200 every service of every unit · 404
 *   GET /van-phong/dot/:round/tieu-chi.csv    200 factors and items, over all units and at every unit · 404
 *   GET /van-phong/dot/:round/nhom.csv        200 ways to put the overall rate together, and groups · 404
 *   GET /van-phong/dot/:round/so-sanh.csv     200 beside an earlier round; ?so-voi=ROUND · 404
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { comparisonOf } from '../results/comparison.js';
import { chosenRound, earlierRounds } from '../results/earlierRounds.js';
import { resultsOf } from '../results/resultsOf.js';
import { namesOf } from '../results/unitResults.js';
import { unitRows } from '../results/unitRows.js';
import { existingRound } from '../rounds/rounds.js';
import type { CsvForm } from './csv.js';
import type { InFile } from './fileColumns.js';
import { comparisonCsv, groupsCsv, partsCsv, ratesCsv } from './files.js';

/** Routes of the files; for people who are logged in. */
export function resultFileRoutes(context: Context): Router {
  const routes = Router();
  const prefix = context.config.demo ? 'minh-hoa-' : '';

  const send = async (
    request: Request,
    response: Response,
    round: Round,
    file: { action: string; name: string; rows: (file: InFile) => { csv: Readable; rows: number } },
  ) => {
    const form: CsvForm = queryText(request, 'dang') === 'viet' ? 'vietnamese' : 'international';
    const { csv, rows } = file.rows({ round, lang: response.locals.lang, form });
    await recordAudit({
      account: accountName(response),
      action: file.action,
      subject: round._id,
      details: { rows },
    });
    response.type('text/csv; charset=utf-8').attachment(`${prefix}${file.name}-${round._id}.csv`);
    await pipeline(csv, response);
  };

  routes.get('/van-phong/dot/:round/ty-le.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const rows = unitRows(round, await resultsOf(context, round));
    await send(request, response, round, {
      action: 'rates-exported',
      name: 'ty-le-hai-long',
      rows: (file) => ratesCsv(rows, file),
    });
  });

  routes.get('/van-phong/dot/:round/tieu-chi.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    await send(request, response, round, {
      action: 'items-exported',
      name: 'tieu-chi',
      rows: (file) => partsCsv(figures, file),
    });
  });

  routes.get('/van-phong/dot/:round/nhom.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    const names = namesOf(figures.counts);
    await send(request, response, round, {
      action: 'groups-exported',
      name: 'nhom',
      rows: (file) => groupsCsv(figures, names, file),
    });
  });

  routes.get('/van-phong/dot/:round/so-sanh.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const before = chosenRound(await earlierRounds(round), queryText(request, 'so-voi'));
    if (!before) throw new Problem(404, 'not-found');
    const comparison = comparisonOf(await resultsOf(context, round), await resultsOf(context, before));
    await send(request, response, round, {
      action: 'comparison-exported',
      name: 'so-sanh',
      rows: (file) => comparisonCsv(comparison, before, file),
    });
  });

  return routes;
}
