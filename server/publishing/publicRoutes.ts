/**
 * Published results for everybody, without an account. Everything comes from what is sealed. `?ban=N` reads an earlier
 * revision.
 *
 *   GET /ket-qua                          200 every published round, the latest first, by subject
 *   GET /ket-qua/:round                   200 the round as a whole · 404 not published
 *   GET /ket-qua/:round/don-vi            200 units with enough answers; ?tim= ?dich-vu= ?thuoc= ?trang= · 404
 *   GET /ket-qua/:round/don-vi/:unit      200 one unit, and everything below it · 404
 *   GET /ket-qua/:round/so-sanh           200 beside an earlier published round; ?voi=ROUND · 404
 *   GET /ket-qua/:round/du-lieu           200 open data, conditions of use, the seal and how to check it · 404
 *
 * Each page's tables and pictures are files below it: publicFileRoutes.ts. Those of the open data are in openDataRoutes.ts. Nobody gets a cookie, nothing is stored of who reads.
 */
import { type Request, type Response, Router } from 'express';
import { publishedRounds } from '../../models/rounds.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import type { RenderedPages } from '../http/renderedPages.js';
import { publishedPolicy } from '../http/security.js';
import { nameOfCompared } from '../results/comparedTables.js';
import { unitTaking } from '../results/unitTaking.js';
import { wordsOf } from '../results/words.js';
import { comparedWith, overviewLocals, publicPage, takingLocals, unitQueryOf } from './publicPage.js';
import { comparisonTaking, overviewTaking, unitsTaking } from './publicTaking.js';
import {
  type PublishedRevision,
  publishedOverview,
  publishedRevision,
  publishedUnit,
  publishedUnits,
  revisionOf,
} from './published.js';
import { manifestOf } from './sealedReading.js';
import { searchUnits } from './unitSearch.js';

/** A correction is seen within minutes; where the server is down, what was read last is better than nothing. */
const CACHE_CONTROL = 'public, max-age=60, s-maxage=60, stale-while-revalidate=300, stale-if-error=86400';

/** Routes of published results. @param pages kept compressed, of their own */
export function publicRoutes(pages: RenderedPages): Router {
  const routes = Router();

  routes.get('/ket-qua', async (request, response) => {
    const state = pages.state();
    const rounds = await publishedRounds();
    const seals = rounds.map(({ publications }) => publications.at(-1)?.seal);
    const listed = await Promise.all(
      rounds.map(async (round) => {
        const revision = await revisionOf(round);
        return { ...publicPage(revision), overview: await publishedOverview(revision) };
      }),
    );
    await send(pages, state, request, response, ['list', ...seals], 'publishing/list', () => ({
      rounds: listed,
    }));
  });

  routes.get('/ket-qua/:round', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const key = ['round', ...keyOf(revision)];
    await send(pages, state, request, response, key, 'publishing/round', async () => {
      const overview = await publishedOverview(revision);
      const words = wordsOf(response);
      const page = publicPage(revision);
      return {
        ...page,
        overview,
        ...overviewLocals(overview, revision, words),
        ...(await takingLocals(revision, overviewTaking(overview, revision, words), page.root)),
      };
    });
  });

  routes.get('/ket-qua/:round/don-vi', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const query = unitQueryOf(request);
    const part = await publishedUnits(revision);
    const page = publicPage(revision);
    const { text, service, above } = query;
    const asked = { tim: text, 'dich-vu': service, thuoc: above };
    const locals = async () => ({
      ...page,
      ...(await takingLocals(
        revision,
        unitsTaking(part, query, wordsOf(response)),
        `${page.root}/don-vi`,
        asked,
      )),
      units: searchUnits(part, query),
      query,
    });
    if (text + service + above === '' && query.page === 1)
      return send(pages, state, request, response, ['units', ...keyOf(revision)], 'publishing/units', locals);
    keepQuery(request, response, 'tim', 'dich-vu', 'thuoc', 'trang');
    response.set('Cache-Control', CACHE_CONTROL).set('Content-Security-Policy', publishedPolicy);
    response.render('publishing/units', await locals());
  });

  routes.get('/ket-qua/:round/don-vi/:unit', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const { unit } = request.params;
    const results = await publishedUnit(revision, unit);
    if (!results) throw new Problem(404, 'not-found');
    const page = publicPage(revision);
    const base = `${page.root}/don-vi/${encodeURIComponent(unit)}`;
    const key = ['unit', unit, ...keyOf(revision)];
    await send(pages, state, request, response, key, 'publishing/unit', async () => ({
      ...page,
      ...(await takingLocals(revision, unitTaking(results, revision.facts, wordsOf(response)), base)),
      results,
    }));
  });

  routes.get('/ket-qua/:round/so-sanh', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const { compared, comparison } = await comparedWith(revision, queryText(request, 'voi'));
    const page = publicPage(revision);
    const asked = { voi: queryText(request, 'voi') ?? '' };
    const key = ['comparison', comparison?.round.code ?? '', ...keyOf(revision)];
    await send(pages, state, request, response, key, 'publishing/comparison', async () => ({
      ...page,
      ...(await takingLocals(
        revision,
        comparisonTaking(comparison, revision, wordsOf(response)),
        `${page.root}/so-sanh`,
        asked,
      )),
      nameOfCompared,
      compared,
      comparison,
    }));
  });

  routes.get('/ket-qua/:round/du-lieu', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const manifest = await manifestOf(revision.publication);
    await send(pages, state, request, response, ['data', ...keyOf(revision)], 'publishing/data', () => ({
      ...publicPage(revision),
      manifest,
    }));
  });

  return routes;
}

/** The revision of the address. @throws {Problem} 404 `not-found` */
function wanted(request: Request<{ round: string }>): Promise<PublishedRevision> {
  return publishedRevision(request.params.round, queryText(request, 'ban'));
}

/** What a page about a revision depends on: it, and whether a later one has taken its place. */
function keyOf({ publication, publications }: PublishedRevision): string[] {
  return [publication.seal, String(publications.length)];
}

/** A link to the page in another language keeps what was asked for. @returns that, as it stands in an address */
function keepQuery(request: Request, response: Response, ...names: string[]): string {
  const asked = ['ban', ...names].flatMap((name) => {
    const value = queryText(request, name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  response.locals.inLanguageHref = (other) => `?${new URLSearchParams([...asked, ['lang', other]])}`;
  return new URLSearchParams(asked).toString();
}

async function send(
  pages: RenderedPages,
  state: string,
  request: Request,
  response: Response,
  key: readonly (string | undefined)[],
  view: string,
  locals: () => object | Promise<object>,
): Promise<void> {
  // Only what was found right is asked for here: whatever else is in the address makes no page of its own.
  const asked = keepQuery(request, response, 'voi');
  await pages.send(request, response, {
    key: [...key, asked].join(' '),
    state,
    view,
    cacheControl: CACHE_CONTROL,
    // A style sheet of their own and no script; a page that says why not is as all others.
    contentSecurityPolicy: publishedPolicy,
    locals,
  });
}
