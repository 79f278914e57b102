/**
 * The quotas of a round's units, set by hand: in a draft, and with a reason while it is open.
 *
 *   POST /van-phong/dot/:round/mau/chi-tieu         303 set · 404 · 409 closed · 422 the page again
 *   GET  /van-phong/dot/:round/mau/chi-tieu.csv     200 every unit with its quota · 404
 *   GET  /van-phong/dot/:round/mau/chi-tieu.xlsx    200 the same · 404
 *   GET  /van-phong/dot/:round/mau/nhap             200 where to give a list · 404
 *   POST /van-phong/dot/:round/mau/nhap             200 the dry run · 303 set · 404 · 409 closed · 422 problems
 */
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import { type FormBody, formBody, textIn, visible } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { translator } from '../http/language.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { type WrittenList, writeCsv, writeXlsx } from '../lists/writeList.js';
import { planNow } from './planPage.js';
import { quotaList, readQuotaList } from './quotaList.js';
import { typedQuotas } from './quotaTable.js';
import { changeQuotas, reasonMistake } from './setQuotas.js';
import { showPlan } from './showPlan.js';
import { stratumName } from './stratumName.js';

/** Routes of the quotas; for people who are logged in. */
export function quotaRoutes(): Router {
  const routes = Router();

  routes.post('/van-phong/dot/:round/mau/chi-tieu', formBody, async (request, response) => {
    const round = await roundToChange(String(request.params.round));
    const form = request.body as FormBody;
    const quotas = typedQuotas(form, (await planNow(round)).rows);
    const reason = reasonIn(form);
    const mistake = quotas.changes.length > 0 ? reasonMistake(round, reason) : null;
    if (quotas.wrong.length > 0 || mistake) {
      response.status(422);
      return showPlan(request, response, round, { quotas, reason: { text: reason, mistake } });
    }
    await changeQuotas(round, quotas.changes, { account: accountName(response), reason });
    const { tang = '', tim = '', trang = '' } = request.query as Record<string, unknown>;
    const view = new URLSearchParams({ tang: String(tang), tim: String(tim), trang: String(trang) });
    seeOther(response, `/van-phong/dot/${round._id}/mau?${view}#chi-tieu`);
  });

  routes.get('/van-phong/dot/:round/mau/chi-tieu.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const list = await exportedList(round, response);
    response.type('text/csv; charset=utf-8').attachment(`chi-tieu-${round._id}.csv`);
    await pipeline(writeCsv(list), response);
  });

  routes.get('/van-phong/dot/:round/mau/chi-tieu.xlsx', async (request, response) => {
    const round = await existingRound(request.params.round);
    const file = await writeXlsx(await exportedList(round, response), round.label);
    response.attachment(`chi-tieu-${round._id}.xlsx`).send(file);
  });

  routes.get('/van-phong/dot/:round/mau/nhap', async (request, response) => {
    const round = await existingRound(request.params.round);
    response.render('sampling/import', { round, text: '', list: null, reason: { text: '', mistake: null } });
  });

  routes.post('/van-phong/dot/:round/mau/nhap', listUpload(), async (request, response) => {
    const round = await roundToChange(String(request.params.round));
    const read = await uploadedList(request);
    const list = readQuotaList(read, (await planNow(round)).rows);
    const reason = reasonIn((request.body ?? {}) as FormBody);
    const shown = { round, list, reason: { text: reason, mistake: null as string | null } };
    if (list.problems.length > 0)
      return response.status(422).render('sampling/import', { ...shown, text: pastedList(request) });
    const text = csvText(read.lines);
    if (request.body?.step !== 'store') return response.render('sampling/import', { ...shown, text });
    const mistake = list.changes.length > 0 ? reasonMistake(round, reason) : null;
    if (mistake) {
      shown.reason.mistake = mistake;
      return response.status(422).render('sampling/import', { ...shown, text });
    }
    await changeQuotas(round, list.changes, { account: accountName(response), reason });
    seeOther(response, `/van-phong/dot/${round._id}/mau#chi-tieu`);
  });

  return routes;
}

/** @throws {Problem} 404 · 409 `quotas-closed` · 409 `sampling-continuous` */
async function roundToChange(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (round.continuous) throw new Problem(409, 'sampling-continuous');
  if (round.state !== 'draft' && round.state !== 'open') throw new Problem(409, 'quotas-closed');
  return round;
}

function reasonIn(form: FormBody): string {
  return visible(textIn(form, 'reason')).normalize('NFC').trim();
}

async function exportedList(round: Round, response: Response): Promise<WrittenList> {
  const { rows, strata } = await planNow(round);
  await recordAudit({
    account: accountName(response),
    action: 'quotas-exported',
    subject: round._id,
    details: { rows: rows.length },
  });
  const { lang } = response.locals;
  const names = new Map(
    strata.map((stratum) => [stratum.code, stratumName(stratum, round, { t: translator(lang), lang })]),
  );
  return quotaList(rows, (code) => names.get(code) ?? code);
}
