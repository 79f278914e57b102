/**
 * A unit's own published results, for accounts of the unit and of those above it, and for the department; never for who
 * types paper forms. Nothing is here before the round is published.
 *
 *   GET /van-phong/co-so/:unit/ket-qua/:round                    200 the unit in the latest revision · 404
 *   GET /van-phong/co-so/:unit/ket-qua/:round/csv                200 the same as a file · 404
 *   GET /van-phong/co-so/:unit/ket-qua/:round/bang/:table        200 a table of the page as CSV · 404
 *   GET /van-phong/co-so/:unit/ket-qua/:round/hinh/:picture      200 a picture of the page as SVG or PNG · 404
 */
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { figuresScript } from '../http/assets.js';
import { UNIT_PAGES } from '../http/navigation.js';
import { Problem } from '../http/problem.js';
import { officePolicyWith } from '../http/security.js';
import { accountName } from '../http/session.js';
import { sendCsv } from '../lists/sendCsv.js';
import { picturesByName } from '../results/page.js';
import { csvOfTable, imageOf, tableOf } from '../results/taken.js';
import { unitTaking } from '../results/unitTaking.js';
import { wordsOf } from '../results/words.js';
import { unitCsv } from './openData.js';
import { ownPublishedUnit, publishedRevision } from './published.js';

const policy = officePolicyWith(figuresScript);

/** Routes of a unit's published results. */
export function unitResultRoutes({ config }: Pick<Context, 'config'>): Router {
  const routes = Router();
  const page = `${UNIT_PAGES}/:unit/ket-qua/:round`;
  const prefix = config.demo ? 'minh-hoa-' : '';
  const of = async (request: Request, response: Response) => {
    const revision = await publishedRevision(String(request.params.round));
    const results = await ownPublishedUnit(revision, String(request.params.unit));
    if (!results) throw new Problem(404, 'not-found');
    const { facts, publication } = revision;
    const subject = `${facts.code}/${results.unit.code}`;
    return {
      revision,
      results,
      ...unitTaking(results, facts, wordsOf(response)),
      file: (name: string) => `${prefix}${name}-${facts.code}-${results.unit.code}`,
      log: { subject, details: { revision: publication.revision } },
    };
  };

  routes.get(page, async (request, response) => {
    const { revision, results, pictures, tables } = await of(request, response);
    response.set('Content-Security-Policy', policy).render('publishing/own-unit', {
      ...revision,
      results,
      pictures: await picturesByName(pictures),
      taking: {
        base: request.path.replace(/\/$/, ''),
        query: '',
        tables: new Set(tables.filter(({ count }) => count > 0).map(({ name }) => name)),
      },
      figuresScript,
      address: `${UNIT_PAGES}/${encodeURIComponent(String(request.params.unit))}`,
    });
  });

  routes.get(`${page}/csv`, async (request, response) => {
    const { results, file, log } = await of(request, response);
    await recordAudit({ account: accountName(response), action: 'unit-results-exported', ...log });
    response
      .type('text/csv; charset=utf-8')
      .attachment(`${file('ket-qua')}.csv`)
      .send(unitCsv(results));
  });

  routes.get(`${page}/bang/:table`, async (request, response) => {
    const { tables, file, log } = await of(request, response);
    const table = tableOf(tables, request.params.table);
    const offered = { action: 'table-exported', name: file(table.name), ...log };
    await sendCsv(response, offered, csvOfTable(table, request, response.locals.lang));
  });

  routes.get(`${page}/hinh/:picture`, async (request, response) => {
    const { pictures, file, log } = await of(request, response);
    const { name, kind, bytes } = await imageOf(pictures, request.params.picture);
    await recordAudit({ account: accountName(response), action: 'picture-exported', ...log });
    response
      .type(kind)
      .attachment(`${file(name)}.${kind}`)
      .send(bytes);
  });

  return routes;
}
