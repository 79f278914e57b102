/**
 * Typing the sheets of a batch, below /van-phong/co-so/:unit/phieu-giay/:batch. The screen's own script asks for JSON.
 *
 *   GET  …/nhap              200 the entry screen
 *   POST …/nhap              303 stored, to the next empty form · 200 stored (JSON) · 409 · 422 the form again
 *   GET  …/so                200 whether a number can be typed (JSON)
 *   GET  …/lan-hai           200 the screen of second entries
 *   POST …/lan-hai           as `nhap`
 *
 * All answer 404 where there is no such batch, 403 to leaders, 409 where it has ended.
 */
import { randomBytes } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { changeSheet, sheetOfBatch, VOID_REASONS } from '../../models/paperSheets.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import type { AnswerProblem } from '../respond/answers.js';
import { compareEntries } from './comparing.js';
import { showEntry, showNext } from './entryScreen.js';
import { type BatchPlace, batchHere, isStaged, refuseUnlessTyping } from './place.js';
import { lastPrinted, numberProblem, readEntry, readNumber, takenProblem, whyNotNew } from './readEntry.js';
import { whyNotSecond } from './secondEntry.js';
import { keepSheet } from './sheets.js';

const BATCH = '/van-phong/co-so/:unit/phieu-giay/:batch';

/** Routes of the entry screens; for the department, accounts of the unit and those who type for it. */
export function paperEntryRoutes(context: Context): Router {
  const routes = Router();

  routes.get(`${BATCH}/nhap`, async (request, response) => {
    const place = await typingHere(context, request, response);
    await showEntry(response, place, 'first', {}, [], queryText(request, 'da'));
  });

  routes.post(`${BATCH}/nhap`, formBody, async (request, response) => {
    const place = await typingHere(context, request, response);
    const { so, khoa, hong, ...typed } = request.body as FormBody;
    const reason = VOID_REASONS.find((one) => one === hong) ?? null;
    const read = readNumber(place, so, response.locals.lang);
    const { entry, problems } = readEntry(place, typed);
    const wrong = [...('problem' in read ? [read.problem] : []), ...(reason === null ? problems : [])];
    const refuse = (status: number, all: readonly AnswerProblem[]) =>
      showEntry(response.status(status), place, 'first', { ...typed, so: so ?? '' }, all);
    if ('problem' in read || wrong.length > 0) return refuse(422, wrong);
    if (read.number > (await lastPrinted(place.batch)))
      return refuse(422, [numberProblem('serial-not-printed')]);
    const kept = await keepSheet(place.batch, {
      ...(reason === null ? entry : { service: '', answers: {} }),
      number: read.number,
      void: reason,
      attempt: attemptFrom(khoa),
      typist: accountName(response),
      day: context.today(),
    });
    if (!kept.kept) return refuse(409, [await takenProblem(place.batch, kept.taken)]);
    await showNext(response, place, 'first', read.number);
  });

  routes.get(`${BATCH}/so`, async (request, response) => {
    const place = await typingHere(context, request, response);
    const read = readNumber(place, queryText(request, 'so'), response.locals.lang);
    const problem =
      'problem' in read
        ? read.problem
        : queryText(request, 'lan') === '2'
          ? await whyNotSecond(place, read.number, accountName(response))
          : await whyNotNew(place.batch, read.number);
    response.json({ problem: problem ? response.locals.t(problem.key, problem.parameters) : null });
  });

  routes.get(`${BATCH}/lan-hai`, async (request, response) => {
    const place = await typingHere(context, request, response);
    await showEntry(response, place, 'second', {}, [], queryText(request, 'da'));
  });

  routes.post(`${BATCH}/lan-hai`, formBody, async (request, response) => {
    const place = await typingHere(context, request, response);
    const { so, khoa: _khoa, ...typed } = request.body as FormBody;
    const read = readNumber(place, so, response.locals.lang);
    const { entry, problems } = readEntry(place, typed);
    const wrong = [...('problem' in read ? [read.problem] : []), ...problems];
    const refuse = (status: number, all: readonly AnswerProblem[]) =>
      showEntry(response.status(status), place, 'second', { ...typed, so: so ?? '' }, all);
    if ('problem' in read || wrong.length > 0) return refuse(422, wrong);
    const account = accountName(response);
    const why = await whyNotSecond(place, read.number, account);
    const sheet = await sheetOfBatch(place.batch._id, read.number);
    if (why || !sheet || !isStaged(sheet)) return refuse(409, [why ?? numberProblem('second-none')]);
    const { compared, differences } = compareEntries(
      place.survey,
      sheet.staged,
      entry,
      place.batch.service === null,
    );
    const stored = await changeSheet(sheet, {
      secondBy: account,
      settled: differences.length === 0,
      compared,
      disagreed: differences.length,
      staged: { ...sheet.staged, second: entry },
    });
    if (!stored) return refuse(409, [numberProblem('second-done')]);
    await showNext(response, place, 'second', read.number);
  });

  return routes;
}

/**
 * The batch of the address, while sheets of it may be typed. Leaders read figures, never a sheet.
 * @throws {Problem} 404 · 403 `read-only` · 409 as `refuseUnlessTyping`
 */
export async function typingHere(
  context: Context,
  request: Request,
  response: Response,
): Promise<BatchPlace> {
  const place = await batchHere(request);
  if (!response.locals.mayChange) throw new Problem(403, 'read-only');
  refuseUnlessTyping(place, context.today());
  if (place.batch.source === 'file') throw new Problem(404, 'not-found');
  return place;
}

function attemptFrom(sent: unknown): string {
  return typeof sent === 'string' && /^[A-Za-z0-9_-]{22}$/.test(sent)
    ? sent
    : randomBytes(16).toString('base64url');
}
