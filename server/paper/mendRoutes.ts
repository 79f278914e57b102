/**
 * Mending what was typed, until the batch is handed over; below /van-phong/co-so/:unit/phieu-giay/:batch.
 *
 *   GET  …/phieu/:number         200 the sheet as it was typed
 *   POST …/phieu/:number         303 mended · 409 `paper-sheet-changed` · 422 the form again
 *   POST …/phieu/:number/bo      303 taken out of the batch · 409 · 422 without a reason
 *   GET  …/doi-chieu/:number     200 where two entries of a sheet differ
 *   POST …/doi-chieu/:number     303 decided · 409 · 422 the form again
 *
 * All answer 404 where there is no such sheet, 403 to leaders, 409 where the batch has ended, and 409
 * `paper-sheet-hidden` to whoever could be the second typist of a sheet that waits for one.
 */
import { type Request, type Response, Router } from 'express';
import { noteRemoval } from '../../models/paperBatches.js';
import { changeSheet, type Entry, removeSheet, type StagedSheet } from '../../models/paperSheets.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import type { AnswerProblem } from '../respond/answers.js';
import { auditPaper } from './audit.js';
import { compareEntries, SERVICE_FIELD } from './comparing.js';
import { type EntryForm, entryForm } from './entryForm.js';
import { typingHere } from './entryRoutes.js';
import { type BatchPlace, batchHere, paperAddress, refuseUnlessTyping, sheetHere } from './place.js';
import { printedNumber, readEntry } from './readEntry.js';
import { reasonFrom } from './routes.js';
import { typedOf } from './typed.js';

const BATCH = '/van-phong/co-so/:unit/phieu-giay/:batch';

/** Routes that mend sheets; for the department, accounts of the unit and those who type for it. */
export function paperMendRoutes(context: Context): Router {
  const routes = Router();

  routes.get(`${BATCH}/phieu/:number`, async (request, response) => {
    const { place, sheet } = await mendable(context, request, response);
    showSheet(response, place, sheet, typedEntry(place, sheet.staged), []);
  });

  routes.post(`${BATCH}/phieu/:number`, formBody, async (request, response) => {
    const { place, sheet } = await mendable(context, request, response);
    const typed = request.body as FormBody;
    const { entry, problems } = readEntry(place, typed);
    if (problems.length > 0) return showSheet(response.status(422), place, sheet, typed, problems);
    // A sheet that turns out to be no void one is a response like every other.
    const { number } = sheet;
    await auditPaper(
      response,
      'paper-sheet-mended',
      place.batch,
      { details: { sheet: number } },
      async () => {
        const mended = await changeSheet(sheet, { void: null, staged: { ...sheet.staged, ...entry } });
        if (!mended) throw new Problem(409, 'paper-sheet-changed');
      },
    );
    toBatch(response, place);
  });

  routes.post(`${BATCH}/phieu/:number/bo`, formBody, async (request, response) => {
    const place = await batchHere(request);
    refuseUnlessTyping(place, context.today());
    const sheet = await sheetHere(request, place);
    const reason = reasonFrom(request.body as FormBody);
    if (reason === '') {
      const problem = { item: 'ly-do', key: 'paper.problem.reason', parameters: {} };
      return showSheet(
        response.status(422),
        place,
        sheet,
        hidden(place, sheet, response) ? {} : typedEntry(place, sheet.staged),
        [problem],
      );
    }
    const { number } = sheet;
    const removal = { number, reason, account: accountName(response), day: context.today() };
    await auditPaper(
      response,
      'paper-sheet-removed',
      place.batch,
      { details: { sheet: number, reason } },
      async () => {
        if (!(await removeSheet(sheet._id))) throw new Problem(409, 'paper-sheet-changed');
        await noteRemoval(place.batch._id, removal);
      },
    );
    toBatch(response, place);
  });

  routes.get(`${BATCH}/doi-chieu/:number`, async (request, response) => {
    const { place, sheet, second } = await undecided(context, request, response);
    showDifferences(response, place, sheet, second, {}, []);
  });

  routes.post(`${BATCH}/doi-chieu/:number`, formBody, async (request, response) => {
    const { place, sheet, second } = await undecided(context, request, response);
    const decided = request.body as FormBody;
    const { differences } = compareEntries(place.survey, sheet.staged, second, place.batch.service === null);
    const items = new Set(differences.map(({ item }) => item));
    const undecidedItems = [...items].filter((item) => String(decided[item] ?? '').trim() === '');
    const typed = {
      ...typedEntry(place, sheet.staged),
      ...Object.fromEntries(Object.entries(decided).filter(([item]) => items.has(item))),
    };
    const read = readEntry(place, typed);
    const problems = [
      ...undecidedItems.map((item) => ({ item, key: 'paper.problem.not-decided', parameters: {} })),
      ...read.problems.filter(({ item }) => !undecidedItems.includes(item ?? '')),
    ];
    if (problems.length > 0)
      return showDifferences(response.status(422), place, sheet, second, decided, problems);
    const staged = { ...sheet.staged, ...read.entry, second: null };
    const { number } = sheet;
    const disagreed = differences.length;
    await auditPaper(
      response,
      'paper-sheet-decided',
      place.batch,
      { details: { sheet: number, disagreed } },
      async () => {
        const decidedNow = await changeSheet(sheet, { settled: true, staged });
        if (!decidedNow) throw new Problem(409, 'paper-sheet-changed');
      },
    );
    toBatch(response, place);
  });

  return routes;
}

/**
 * A sheet that was typed once.
 * @throws {Problem} 404 · 409 `paper-sheet-twice` where it was typed twice · 409 `paper-sheet-hidden`
 */
async function mendable(
  context: Context,
  request: Request,
  response: Response,
): Promise<{ place: BatchPlace; sheet: StagedSheet }> {
  const place = await typingHere(context, request, response);
  const sheet = await sheetHere(request, place);
  if (sheet.secondBy !== null) throw new Problem(409, 'paper-sheet-twice');
  if (hidden(place, sheet, response)) throw new Problem(409, 'paper-sheet-hidden');
  return { place, sheet };
}

/** Whoever may type a sheet the second time must not see what was typed first. */
function hidden({ batch }: BatchPlace, sheet: StagedSheet, response: Response): boolean {
  return (
    sheet.chosen &&
    sheet.secondBy === null &&
    !batch.second.sameTypist &&
    sheet.typist !== accountName(response)
  );
}

/** A sheet whose two entries differ. @throws {Problem} 404 where there is none, or it is decided already */
async function undecided(
  context: Context,
  request: Request,
  response: Response,
): Promise<{ place: BatchPlace; sheet: StagedSheet; second: Entry }> {
  const place = await typingHere(context, request, response);
  const sheet = await sheetHere(request, place);
  const { second } = sheet.staged;
  if (sheet.settled || second === null) throw new Problem(404, 'not-found');
  return { place, sheet, second };
}

/** An entry as it was, or would be, typed. */
function typedEntry({ survey, services }: BatchPlace, { service, answers }: Entry): Record<string, string> {
  return { ...typedOf(survey, answers), [SERVICE_FIELD]: String(services.indexOf(service) + 1) };
}

function toBatch(response: Response, { unit, batch }: BatchPlace): void {
  seeOther(response, paperAddress(unit.unit, batch._id));
}

function showSheet(
  response: Response,
  place: BatchPlace,
  sheet: StagedSheet,
  typed: FormBody,
  problems: readonly AnswerProblem[],
): void {
  const { lang, t } = response.locals;
  response.render('paper/sheet', {
    ...place,
    sheet,
    hidden: hidden(place, sheet, response),
    printed: printedNumber(place, sheet.number),
    form: entryForm(place, lang, t, typed, problems),
    paper: paperAddress(place.unit.unit, place.batch._id),
  });
}

function showDifferences(
  response: Response,
  place: BatchPlace,
  sheet: StagedSheet,
  second: Entry,
  decided: FormBody,
  problems: readonly AnswerProblem[],
): void {
  const { lang, t } = response.locals;
  const form: EntryForm = entryForm(place, lang, t, decided, problems, false);
  const [one, other] = [typedEntry(place, sheet.staged), typedEntry(place, second)];
  const { differences } = compareEntries(place.survey, sheet.staged, second, place.batch.service === null);
  response.render('paper/differences', {
    ...place,
    printed: printedNumber(place, sheet.number),
    problems: form.problems,
    fields: form.sections
      .flatMap(({ fields }) => fields)
      .filter(({ code }) => differences.some(({ item }) => item === code))
      .map((field) => ({ ...field, first: one[field.code] ?? '', second: other[field.code] ?? '' })),
    typists: { first: sheet.typist, second: sheet.secondBy },
    paper: paperAddress(place.unit.unit, place.batch._id),
  });
}
