/**
 * A unit's own published results, for accounts of the unit and of those above it, and for the department; never for who
 * types paper forms. Nothing is here before the round is published.
 *
 *   GET /van-phong/co-so/:unit/ket-qua/:round       200 the unit in the latest revision · 404
 *   GET /van-phong/co-so/:unit/ket-qua/:round/csv   200 the same as a file · 404
 */
import { Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { UNIT_PAGES } from '../accounts/access.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { unitCsv } from './openData.js';
import { ownPublishedUnit, publishedRevision } from './published.js';

/** Routes of a unit's published results. */
export function unitResultRoutes({ config }: Pick<Context, 'config'>): Router {
  const routes = Router();
  const page = `${UNIT_PAGES}/:unit/ket-qua/:round`;
  const of = async ({ unit, round }: { unit: string; round: string }) => {
    const revision = await publishedRevision(round);
    const results = await ownPublishedUnit(revision, unit);
    if (!results) throw new Problem(404, 'not-found');
    return { revision, results };
  };

  routes.get(page, async (request, response) => {
    const { revision, results } = await of(request.params);
    response.render('publishing/own-unit', {
      ...revision,
      results,
      address: `${UNIT_PAGES}/${encodeURIComponent(request.params.unit)}`,
    });
  });

  routes.get(`${page}/csv`, async (request, response) => {
    const { revision, results } = await of(request.params);
    const { code } = revision.facts;
    const { unit } = results;
    await recordAudit({
      account: accountName(response),
      action: 'unit-results-exported',
      subject: `${code}/${unit.code}`,
      details: { revision: revision.publication.revision },
    });
    const name = `${config.demo ? 'minh-hoa-' : ''}ket-qua-${code}-${unit.code}.csv`;
    response.type('text/csv; charset=utf-8').attachment(name).send(unitCsv(results));
  });

  return routes;
}
