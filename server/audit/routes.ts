/**
 * The audit log: for the office and leaders to read. No route changes it.
 *
 *   GET /van-phong/nhat-ky              200 the entries looked for, the latest first · 422 a day that is none
 *   GET /van-phong/nhat-ky.csv          200 the same as a file, all of them · 303 a day that is none
 *   GET /van-phong/nhat-ky/kiem-tra     200 whether every entry is as it was written
 */
import { Router } from 'express';
import { auditEntriesFound, eachAuditEntryFound } from '../../models/auditSearch.js';
import type { Context } from '../context.js';
import { queryText, seeOther } from '../http/pages.js';
import { csvFormOf } from '../lists/csvForm.js';
import { sendCsv } from '../lists/sendCsv.js';
import { auditCsv } from './csv.js';
import { readSearch, searchQuery } from './search.js';
import { actionsKnown, entryInWords } from './sentences.js';
import { readNoted, verifyAudit } from './verify.js';

const PAGE = 100;

/** Routes of the audit log; for the department. */
export function auditRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/nhat-ky', async (request, response) => {
    const { entered, search, mistakes } = readSearch(request);
    // One more than is shown tells whether there is another page.
    const found = mistakes.length > 0 ? [] : await auditEntriesFound(search, PAGE + 1);
    const shown = found.slice(0, PAGE);
    const last = found.length > PAGE ? shown.at(-1) : undefined;
    response.status(mistakes.length > 0 ? 422 : 200).render('audit/list', {
      entered,
      mistakes,
      entries: shown.map((entry) => entryInWords(entry, response.locals.t)),
      actions: actionsKnown(response.locals.t),
      query: searchQuery(entered),
      earlierPages: search.below !== undefined,
      older: last ? searchQuery({ ...entered, truoc: String(last.number) }) : null,
    });
  });

  routes.get('/van-phong/nhat-ky.csv', async (request, response) => {
    const { entered, search, mistakes } = readSearch(request);
    if (mistakes.length > 0) return seeOther(response, `/van-phong/nhat-ky?${searchQuery(entered)}`);
    const entries = await eachAuditEntryFound({ ...search, below: undefined });
    const file = {
      action: 'audit-exported',
      subject: '',
      name: `nhat-ky-${context.today()}`,
      details: { search: decodeURIComponent(searchQuery(entered)) },
    };
    await sendCsv(response, file, auditCsv(entries, response.locals.lang, csvFormOf(request)));
  });

  routes.get('/van-phong/nhat-ky/kiem-tra', async (request, response) => {
    const noted = readNoted(queryText(request, 'so') ?? '', queryText(request, 'dau') ?? '');
    response.render('audit/verified', { noted, result: await verifyAudit(noted) });
  });

  return routes;
}
