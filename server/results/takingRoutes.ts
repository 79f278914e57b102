/**
 * Pages of figures with what of them can be taken along: each table as CSV, each picture as SVG and PNG. A file has the
 * address of its page with what is wanted after it, and the page's query, so that it holds what the page shows.
 *
 *   GET PAGE                  200 · 404
 *   GET PAGE/hinh/:picture    200 a picture by name: `muc-do.svg`, `muc-do.png` · 404
 *   GET PAGE/bang/:table      200 a table by name: `don-vi.csv`; ?dang=viet, ?cach= and ?thap-phan= as in
 *                             server/lists/csvForm.ts · 404
 */
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { figuresScript } from '../http/assets.js';
import { existingRound } from '../http/existingRound.js';
import { queryText } from '../http/pages.js';
import { officePolicyWith } from '../http/security.js';
import { accountName } from '../http/session.js';
import { sendCsv } from '../lists/sendCsv.js';
import { type FigurePage, picturesByName, type Visit } from './page.js';
import { csvOfTable, imageOf, tableOf } from './taken.js';
import { wordsOf } from './words.js';

/** A page by its address and its template; `part` is the template of its long table alone, as its script fetches it. */
export interface TakingPage {
  readonly path: string;
  readonly view: string;
  readonly part?: string;
  /** Whether it ever has pictures. */
  readonly hasPictures: boolean;
  readonly page: (visit: Visit) => Promise<FigurePage>;
}

const policy = officePolicyWith(figuresScript);

/** Routes of such pages; for people who are logged in. */
export function takingRoutes(context: Context, pages: readonly TakingPage[]): Router {
  const routes = Router();
  const prefix = context.config.demo ? 'minh-hoa-' : '';
  const taken = ({ originalUrl }: Request, { _id: subject }: Round, name: string) => ({
    subject,
    name: `${prefix}${name}-${subject}`,
    details: { address: originalUrl.slice(0, 500) },
  });
  for (const { path, view, part, hasPictures, page } of pages) {
    const visited = async (request: Request, response: Response) => {
      const round = await existingRound(String(request.params.round));
      const visit: Visit = { context, request, round, words: wordsOf(response) };
      return { round, ...(await page(visit)) };
    };

    routes.get(path, async (request, response) => {
      const { round, locals, pictures, tables } = await visited(request, response);
      const taking = { base: request.path.replace(/\/$/, ''), query: queryOf(request) };
      if (part && queryText(request, 'phan') === 'bang')
        return response.render(part, { round, taking, ...locals });
      response.set('Content-Security-Policy', policy).render(view, {
        round,
        taking: {
          ...taking,
          tables: new Set(tables.filter(({ count }) => count > 0).map(({ name }) => name)),
        },
        pictures: await picturesByName(pictures),
        figuresScript,
        ...locals,
      });
    });

    routes.get(`${path}/bang/:table`, async (request, response) => {
      const { round, tables } = await visited(request, response);
      const table = tableOf(tables, request.params.table);
      const file = { action: 'table-exported', ...taken(request, round, table.name) };
      await sendCsv(response, file, csvOfTable(table, request, response.locals.lang));
    });

    if (!hasPictures) continue;
    routes.get(`${path}/hinh/:picture`, async (request, response) => {
      const { round, pictures } = await visited(request, response);
      const { name, kind, bytes } = await imageOf(pictures, request.params.picture);
      const { subject, details, name: file } = taken(request, round, name);
      await recordAudit({ account: accountName(response), action: 'picture-exported', subject, details });
      response.type(kind).attachment(`${file}.${kind}`).send(bytes);
    });
  }
  return routes;
}

/** The query of a page for its files: what is looked at, not how the page itself is fetched. */
function queryOf({ originalUrl }: Request): string {
  const query = new URLSearchParams(originalUrl.split('?')[1] ?? '');
  for (const name of ['phan', 'trang', 'dang', 'lang']) query.delete(name);
  return query.size > 0 ? `?${query}` : '';
}
