/**
 * Answers typed elsewhere, read from a file into a batch that was opened for it; below
 * /van-phong/co-so/:unit/phieu-giay/:batch. Files have their own limit of 2 MB and 5 000 sheets.
 *
 *   GET  …/tep         200 where to give the file · 303 to the batch while one is being stored
 *   GET  …/mau.xlsx    200 the template: columns, questions and what can be written
 *   GET  …/mau.csv     200 the same
 *   POST …/tep         200 the dry run · 303 stored, or to the job that does · 409 the dry run again, as sheets were
 *                      typed meanwhile · 413 · 415 · 422 problems by cell
 *
 * All answer 404 where there is no such batch or it is typed, 403 to leaders, 409 where it has ended, has a file or is
 * being given another.
 */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { Context } from '../context.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { forgetList, giveList } from '../jobs/givenList.js';
import { jobAddress, jobEnded, runningJob, startJob } from '../jobs/jobs.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { writeCsv, writeXlsx } from '../lists/writeList.js';
import { columnsOf, readSheetFile, type SheetFile, templateName, templateOf } from './importFile.js';
import { paperImportJob } from './importJob.js';
import { type BatchPlace, batchHere, paperAddress, refuseUnlessTyping } from './place.js';
import { clashesOf } from './storeFile.js';

const BATCH = '/van-phong/co-so/:unit/phieu-giay/:batch';

/** What a job is refused with when the batch takes no file any more. */
const REFUSALS: ReadonlySet<string> = new Set(['paper-ended', 'paper-published', 'paper-file-there']);

/** Routes of files of answers; for the department, accounts of the unit and those who type for it. */
export function paperImportRoutes(context: Context): Router {
  const routes = Router();

  routes.get(`${BATCH}/tep`, async (request, response) => {
    const place = await fileBatchHere(context, request, response);
    if ((await runningJob(paperImportJob, place.batch._id)) === null) showImport(response, place, '', null);
    else response.redirect(303, response.locals.href(batchPage(place)));
  });

  routes.get(`${BATCH}/mau.xlsx`, async (request, response) => {
    const place = await fileBatchHere(context, request, response);
    const sheet = await writeXlsx(templateIn(place), translator(DEFAULT_LANGUAGE)('paper.import.sheet'));
    response.attachment(`${templateName(place.survey)}.xlsx`).send(sheet);
  });

  routes.get(`${BATCH}/mau.csv`, async (request, response) => {
    const place = await fileBatchHere(context, request, response);
    response.attachment(`${templateName(place.survey)}.csv`).type('text/csv; charset=utf-8');
    await pipeline(writeCsv(templateIn(place)), response);
  });

  routes.post(`${BATCH}/tep`, listUpload(), async (request, response) => {
    const place = await fileBatchHere(context, request, response);
    const list = await uploadedList(request);
    const read = readSheetFile(place, list, response.locals.lang);
    const problems = read.problems.length > 0 ? read.problems : await clashesOf(place.batch, read);
    if (problems.length > 0)
      return showImport(response.status(422), place, pastedList(request), { ...read, problems });
    if (request.body?.step !== 'store') return showImport(response, place, csvText(list.lines), read);
    const { batch, unit } = place;
    const account = accountName(response);
    const { hash } = read;
    const given = await giveList(list);
    const id = await startJob(context, paperImportJob, {
      account,
      parameters: { unit: unit.name, ordinal: batch.ordinal },
      total: read.rows.length,
      input: {
        ...{ ...given, hash, unit: unit.unit, batch: batch._id, day: context.today() },
        file: String(request.file?.originalname ?? '').slice(0, 100),
      },
    });
    const job = await jobEnded(id, context.patience);
    if (job?.input.list !== given.list) {
      // Another file is on its way into the batch, or the same one: a button pressed twice.
      await forgetList(given);
      if (job?.account !== account || job.input.hash !== hash) throw new Problem(409, 'paper-file-coming');
    }
    if (job?.problem === 'paper-sheet-changed') {
      const clashes = await clashesOf(batch, read);
      return showImport(
        response.status(409),
        place,
        csvText(list.lines),
        { ...read, problems: clashes },
        true,
      );
    }
    if (REFUSALS.has(job?.problem ?? '')) throw new Problem(409, job?.problem ?? '');
    response.redirect(303, response.locals.href(job?.href ?? jobAddress(id)));
  });

  return routes;
}

/** The batch of the address, while it waits for its file. @throws {Problem} 404 · 403 · 409 */
async function fileBatchHere(context: Context, request: Request, response: Response): Promise<BatchPlace> {
  const place = await batchHere(request);
  if (place.batch.source !== 'file') throw new Problem(404, 'not-found');
  if (!response.locals.mayChange) throw new Problem(403, 'read-only');
  refuseUnlessTyping(place, context.today());
  if (place.batch.file !== null) throw new Problem(409, 'paper-file-there');
  return place;
}

/** The template, in Vietnamese whatever the page's language: it goes to the people who type. */
function templateIn(place: BatchPlace) {
  const t = translator(DEFAULT_LANGUAGE);
  return templateOf(place, {
    question: t('paper.import.note.question'),
    serial: t(place.batch.numbering === 'printed' ? 'paper.import.note.serial' : 'paper.import.note.number'),
    service: t('paper.entry.service'),
    blank: t('paper.import.note.blank'),
  });
}

function batchPage({ unit, batch }: BatchPlace): string {
  return paperAddress(unit.unit, batch._id);
}

/** @param changed whether somebody else has typed sheets of the file since it was looked at */
function showImport(
  response: Response,
  place: BatchPlace,
  text: string,
  list: SheetFile | null,
  changed = false,
): void {
  const paper = batchPage(place);
  response.render('paper/import', { ...place, text, list, columns: columnsOf(place), paper, changed });
}
