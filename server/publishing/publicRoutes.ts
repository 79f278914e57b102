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
 * The files of the open data are in openDataRoutes.ts. Nobody gets a cookie, nothing is stored of who reads.
 */
import { type Request, type Response, Router } from 'express';
import { publishedRounds } from '../../models/rounds.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import type { RenderedPages } from '../http/renderedPages.js';
import { publishedPolicy } from '../http/security.js';
import { wordsOf } from '../results/words.js';
import { factorPicture, publicPage } from './publicPage.js';
import {
  type PublishedRevision,
  publishedComparison,
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
    await send(pages, state, request, response, ['list', ...seals], 'publishing/list', { rounds: listed });
  });

  routes.get('/ket-qua/:round', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const overview = await publishedOverview(revision);
    await send(pages, state, request, response, ['round', ...keyOf(revision)], 'publishing/round', {
      ...publicPage(revision),
      overview,
      picture: await factorPicture(revision, overview, wordsOf(response)),
    });
  });

  routes.get('/ket-qua/:round/don-vi', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const query = {
      text: (queryText(request, 'tim') ?? '').slice(0, 100),
      service: queryText(request, 'dich-vu') ?? '',
      above: queryText(request, 'thuoc') ?? '',
      page: Number(/^\d{1,4}$/.exec(queryText(request, 'trang') ?? '')?.[0] ?? 1),
    };
    const units = searchUnits(await publishedUnits(revision), query);
    if (query.text + query.service + query.above === '' && query.page === 1)
      return send(pages, state, request, response, ['units', ...keyOf(revision)], 'publishing/units', {
        ...publicPage(revision),
        units,
        query,
      });
    keepQuery(request, response, 'tim', 'dich-vu', 'thuoc', 'trang');
    response.set('Cache-Control', CACHE_CONTROL).set('Content-Security-Policy', publishedPolicy);
    response.render('publishing/units', { ...publicPage(revision), units, query });
  });

  routes.get('/ket-qua/:round/don-vi/:unit', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const { unit } = request.params;
    const results = await publishedUnit(revision, unit);
    if (!results) throw new Problem(404, 'not-found');
    await send(pages, state, request, response, ['unit', unit, ...keyOf(revision)], 'publishing/unit', {
      ...publicPage(revision),
      results,
    });
  });

  routes.get('/ket-qua/:round/so-sanh', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const { compared } = await publishedOverview(revision);
    const named = queryText(request, 'voi');
    const before = named === undefined ? compared[0] : compared.find(({ code }) => code === named);
    if (named !== undefined && !before) throw new Problem(404, 'not-found');
    const comparison = before ? await publishedComparison(revision, before.code) : null;
    const key = ['comparison', before?.code ?? '', ...keyOf(revision)];
    await send(pages, state, request, response, key, 'publishing/comparison', {
      ...publicPage(revision),
      compared,
      comparison,
    });
  });

  routes.get('/ket-qua/:round/du-lieu', async (request, response) => {
    const state = pages.state();
    const revision = await wanted(request);
    const manifest = await manifestOf(revision.publication);
    await send(pages, state, request, response, ['data', ...keyOf(revision)], 'publishing/data', {
      ...publicPage(revision),
      manifest,
    });
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
  locals: object,
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
    locals: () => locals,
  });
}
