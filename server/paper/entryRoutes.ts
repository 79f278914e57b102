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
import { batchById } from '../../models/paperBatches.js';
import { checkRemainder } from '../../models/paperSerial.js';
import {
  changeSheet,
  countsOfBatches,
  type PaperSheet,
  sheetOfBatch,
  sheetsOfBatch,
  VOID_REASONS,
} from '../../models/paperSheets.js';
import type { Context } from '../context.js';
import { paperScript, publicCss } from '../http/assets.js';
import { type FormBody, formBody } from '../http/body.js';
import { queryText, seeOther, wantsJson } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { contentSecurityPolicy } from '../http/security.js';
import { accountName } from '../http/session.js';
import type { AnswerProblem } from '../respond/answers.js';
import { compareEntries } from './comparing.js';
import { entryForm } from './entryForm.js';
import {
  type BatchPlace,
  batchHere,
  isStaged,
  paperAddress,
  refuseUnlessTyping,
  serialPlace,
  surveyPlace,
} from './place.js';
import {
  lastPrinted,
  numberProblem,
  printedNumber,
  readEntry,
  readNumber,
  takenProblem,
  whyNotNew,
} from './readEntry.js';
import { keepSheet, topUpSecondEntries } from './sheets.js';

const BATCH = '/van-phong/co-so/:unit/phieu-giay/:batch';

/** Which time the sheet is typed. */
type Turn = 'first' | 'second';

/** The policy of a page with the entry screen's script inside. */
const POLICY = contentSecurityPolicy({ styles: [publicCss], scripts: [paperScript], officeStyle: true });

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
    await next(response, place, 'first', read.number);
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
    await next(response, place, 'second', read.number);
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

/** Whether somebody may type a sheet the second time: chosen, typed by somebody else, not typed twice yet. */
function maySecond({ batch }: BatchPlace, sheet: PaperSheet, account: string): boolean {
  return sheet.chosen && sheet.secondBy === null && (batch.second.sameTypist || sheet.typist !== account);
}

async function whyNotSecond(
  place: BatchPlace,
  number: number,
  account: string,
): Promise<AnswerProblem | null> {
  const sheet = await sheetOfBatch(place.batch._id, number);
  if (!sheet) return numberProblem('second-none');
  if (!sheet.chosen) return numberProblem('second-not-chosen');
  if (sheet.secondBy !== null) return numberProblem('second-done');
  return maySecond(place, sheet, account) ? null : numberProblem('second-same-typist');
}

/** A form that was stored: the next empty one, with what was stored and how many there are. */
async function next(response: Response, place: BatchPlace, turn: Turn, number: number): Promise<void> {
  const { batch } = place;
  const [counts] = (await countsOfBatches([batch._id])).values();
  // The whole pile is typed: time to know which further sheets the second typist is to take out of it.
  if (turn === 'first' && counts && counts.valid + counts.void + batch.removed.length >= batch.announced)
    await topUpSecondEntries((await batchById(batch._id)) ?? batch);
  if (!wantsJson(response.req)) {
    const address = paperAddress(place.unit.unit, batch._id, turn === 'first' ? 'nhap' : 'lan-hai');
    return seeOther(response, `${address}?da=${number}`);
  }
  const { t } = response.locals;
  const screen = await screenOf(response, place, turn);
  response.json({
    saved: t('paper.entry.saved', { number: printedNumber(place, number) }),
    progress: screen.progress,
    attempt: screen.attempt,
    proposed: screen.proposed,
    left: screen.left,
  });
}

/** What the screen shows beside the form. */
async function screenOf(response: Response, place: BatchPlace, turn: Turn) {
  const { t, format } = response.locals;
  const { batch } = place;
  const [counts] = (await countsOfBatches([batch._id])).values();
  const sheets = turn === 'second' || batch.numbering === 'written' ? await sheetsOfBatch(batch._id) : [];
  const left = sheets.filter((sheet) => maySecond(place, sheet, accountName(response)));
  return {
    progress:
      turn === 'first'
        ? t('paper.entry.progress', {
            typed: format.count((counts?.valid ?? 0) + (counts?.void ?? 0)),
            announced: format.count(batch.announced),
          })
        : t('paper.second.progress', {
            typed: format.count(counts?.second ?? 0),
            chosen: format.count(counts?.chosen ?? 0),
          }),
    attempt: randomBytes(16).toString('base64url'),
    proposed:
      turn === 'first' && batch.numbering === 'written'
        ? String(Math.max(0, ...sheets.map(({ number }) => number)) + 1)
        : '',
    /** The sheets to be taken out of the pile. */
    left: turn === 'second' ? left.map(({ number }) => printedNumber(place, number)) : [],
  };
}

async function showEntry(
  response: Response,
  place: BatchPlace,
  turn: Turn,
  typed: FormBody,
  problems: readonly AnswerProblem[],
  stored?: string,
): Promise<void> {
  const { lang, t } = response.locals;
  if (wantsJson(response.req)) {
    response.json({
      problems: problems.map(({ item, key, parameters }) => ({ field: item, text: t(key, parameters) })),
    });
    return;
  }
  const number = stored !== undefined && /^[1-9]\d{0,4}$/.test(stored) ? Number(stored) : null;
  response.set('Content-Security-Policy', POLICY).render('paper/entry', {
    ...place,
    ...(await screenOf(response, place, turn)),
    turn,
    form: entryForm(place, lang, t, typed, problems, turn === 'first'),
    numberProblem: problems.find(({ item }) => item === 'so') ?? null,
    number: typeof typed.so === 'string' ? typed.so : null,
    saved: number === null ? null : printedNumber(place, number),
    remainder: checkRemainder(serialPlace(place)),
    surveyDigit: surveyPlace(place),
    voidReasons: VOID_REASONS,
    paper: paperAddress(place.unit.unit, place.batch._id),
    paperScript,
  });
}

function attemptFrom(sent: unknown): string {
  return typeof sent === 'string' && /^[A-Za-z0-9_-]{22}$/.test(sent)
    ? sent
    : randomBytes(16).toString('base64url');
}
