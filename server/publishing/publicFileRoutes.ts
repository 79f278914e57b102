/**
 * What the public pages show, to be taken along: each table as CSV, each picture as SVG and PNG, at the address of its
 * page and with its query. `?ban=N` for an earlier revision, `?dang=viet` as in server/lists/csvForm.ts.
 *
 *   GET /ket-qua/:round/bang/:table                  200 · 404      GET …/hinh/:picture                  200 · 404
 *   GET /ket-qua/:round/don-vi/bang/:table           200 · 404
 *   GET /ket-qua/:round/don-vi/:unit/bang/:table     200 · 404      GET …/don-vi/:unit/hinh/:picture     200 · 404
 *   GET /ket-qua/:round/so-sanh/bang/:table          200 · 404      GET …/so-sanh/hinh/:picture          200 · 404
 *
 * Nothing is stored of who takes what.
 */
import { type Request, type Response, Router } from 'express';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { csvOfTable, imageOf, tableOf } from '../results/taken.js';
import { unitTaking } from '../results/unitTaking.js';
import { type Words, wordsOf } from '../results/words.js';
import { OF_ONE_REVISION, OF_THE_LATEST } from './openDataRoutes.js';
import { comparedWith, unitQueryOf } from './publicPage.js';
import { comparisonTaking, overviewTaking, type Taking, unitsTaking } from './publicTaking.js';
import {
  type PublishedRevision,
  publishedOverview,
  publishedRevision,
  publishedUnit,
  publishedUnits,
} from './published.js';

/** What of a page can be taken along; @throws {Problem} 404 `not-found` where there is no such page */
type OfPage = (revision: PublishedRevision, request: Request, words: Words) => Promise<Taking>;

const PAGES: readonly (readonly [path: string, of: OfPage])[] = [
  [
    '/ket-qua/:round',
    async (revision, _, words) => overviewTaking(await publishedOverview(revision), revision, words),
  ],
  [
    '/ket-qua/:round/don-vi',
    async (revision, request, words) =>
      unitsTaking(await publishedUnits(revision), unitQueryOf(request), words),
  ],
  [
    '/ket-qua/:round/don-vi/:unit',
    async (revision, request, words) => {
      const results = await publishedUnit(revision, String(request.params.unit));
      if (!results) throw new Problem(404, 'not-found');
      return unitTaking(results, revision.facts, words);
    },
  ],
  [
    '/ket-qua/:round/so-sanh',
    async (revision, request, words) => {
      const { comparison } = await comparedWith(revision, queryText(request, 'voi'));
      return comparisonTaking(comparison, revision, words);
    },
  ],
];

/** Routes of the files. @param demo whether they are made up, and say so in their names */
export function publicFileRoutes(demo: boolean): Router {
  const routes = Router();
  const prefix = demo ? 'minh-hoa-' : '';
  for (const [path, of] of PAGES) {
    const taken = async (request: Request, response: Response) => {
      const revision = await publishedRevision(String(request.params.round), queryText(request, 'ban'));
      return { revision, ...(await of(revision, request, wordsOf(response))) };
    };
    const asFile = (request: Request, response: Response, revision: PublishedRevision, name: string) =>
      response
        .set('Cache-Control', queryText(request, 'ban') === undefined ? OF_THE_LATEST : OF_ONE_REVISION)
        .attachment(fileName(prefix, revision, request, name));

    routes.get(`${path}/bang/:table`, async (request, response) => {
      const { revision, tables } = await taken(request, response);
      const table = tableOf(tables, request.params.table);
      const pieces: string[] = [];
      for await (const piece of csvOfTable(table, request, response.locals.lang)) pieces.push(piece);
      response.type('text/csv; charset=utf-8');
      asFile(request, response, revision, `${table.name}.csv`).send(pieces.join(''));
    });

    routes.get(`${path}/hinh/:picture`, async (request, response) => {
      const { revision, pictures } = await taken(request, response);
      const { name, kind, bytes } = await imageOf(pictures, request.params.picture);
      asFile(request, response, revision, `${name}.${kind}`).send(bytes);
    });
  }
  return routes;
}

function fileName(
  prefix: string,
  { facts, publication }: PublishedRevision,
  { params: { unit } }: Request,
  name: string,
): string {
  const of = [facts.code, ...(unit ? [unit] : [])].join('-');
  return `${prefix}${of}-ban-${publication.revision}-${name}`;
}
