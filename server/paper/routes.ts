/**
 * Paper forms of a unit, below /van-phong/co-so/:unit/phieu-giay: the batches, opening one, handing it over.
 *
 *   GET  …                 200 the batches of the unit by round · 404
 *   GET  …/moi             200 the form of a new batch
 *   POST …/moi             303 opened · 409 `paper-no-round` · 422 the form again
 *   GET  …/:batch          200 the batch: how far it is, its sheets · 404
 *   POST …/:batch/chot     303 handed over · 404 · 409 · 422 what is missing
 *   POST …/:batch/huy      303 discarded · 404 · 409 · 422 without a reason
 */
import { type Request, type Response, Router } from 'express';
import { jobById } from '../../models/jobs.js';
import { batchesOfUnit, insertBatch, moveBatch, type PaperBatch } from '../../models/paperBatches.js';
import {
  type BatchCounts,
  countsOfBatches,
  NOTHING,
  removeStaged,
  sheetsOfBatch,
} from '../../models/paperSheets.js';
import { roundsByCodes } from '../../models/rounds.js';
import { type Unit, unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody, textIn } from '../http/body.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName, signedIn } from '../http/session.js';
import { jobAddress, mayWatch, runningJob } from '../jobs/jobs.js';
import { auditPaper } from './audit.js';
import { disagreementRate } from './comparing.js';
import { handOver, missingIn } from './handOver.js';
import { paperImportJob } from './importJob.js';
import { type Mistake, offeredTo, readBatch, SECOND_SHARES } from './newBatch.js';
import { type BatchPlace, batchHere, paperAddress, refuseUnlessTyping, whyNoPaper } from './place.js';
import { printedNumber } from './readEntry.js';

const PAPER = '/van-phong/co-so/:unit/phieu-giay';

/** Routes of the batches of a unit; for the department, accounts of the unit and those who type for it. */
export function paperBatchRoutes(context: Context): Router {
  const routes = Router();

  routes.get(PAPER, async (request, response) => {
    const unit = await unitHere(request);
    const batches = await batchesOfUnit(unit._id);
    const [counts, rounds, offered] = await Promise.all([
      countsOfBatches(batches.map(({ _id }) => _id)),
      roundsByCodes([...new Set(batches.map(({ round }) => round))]),
      offeredTo(unit, context.today()),
    ]);
    response.render('paper/overview', {
      unit,
      offered,
      paper: paperAddress(unit._id),
      rounds: rounds.reverse().map((round) => ({
        round,
        published: whyNoPaper(round, context.today()) === 'published',
        batches: batches
          .filter((batch) => batch.round === round._id)
          .map((batch) => ({
            batch,
            counts: countedOf(batch, counts.get(batch._id)),
            survey: surveyTitle(context, batch),
          })),
      })),
      disagreementRate,
    });
  });

  routes.get(`${PAPER}/moi`, async (request, response) => {
    const unit = await unitHere(request);
    await showNew(context, response, unit, { 'nhap-lai': '10', 'it-nhat': '5' }, []);
  });

  routes.post(`${PAPER}/moi`, formBody, async (request, response) => {
    const unit = await unitHere(request);
    const body = request.body as FormBody;
    const today = context.today();
    const offered = await offeredTo(unit, today);
    if (offered.length === 0) throw new Problem(409, 'paper-no-round');
    const account = accountName(response);
    const { batch, mistakes } = readBatch(body, offered, today, account, response.locals.format.day);
    if (batch === null) return showNew(context, response.status(422), unit, body, mistakes);
    const { announced } = batch;
    const { _id } = await auditPaper(response, 'paper-batch-opened', batch, { details: { announced } }, () =>
      insertBatch(batch),
    );
    seeOther(response, paperAddress(unit._id, _id));
  });

  routes.get(`${PAPER}/:batch`, async (request, response) => showBatch(context, request, response));

  routes.post(`${PAPER}/:batch/chot`, formBody, async (request, response) => {
    const place = await batchHere(request);
    const { batch, round, unit } = place;
    // A batch found half handed over is gone on with.
    if (batch.state === 'open') refuseUnlessTyping(place, context.today());
    else if (batch.state !== 'checking' && batch.state !== 'handing-over')
      throw new Problem(409, 'paper-ended');
    if (whyNoPaper(round, context.today()) !== null) throw new Problem(409, 'paper-published');
    const [counts] = (await countsOfBatches([batch._id])).values();
    const sheets = (counts?.valid ?? 0) + (counts?.void ?? 0) + batch.removed.length;
    const { du } = request.body as FormBody;
    const missing =
      batch.state === 'open' && sheets !== batch.announced && du !== 'yes'
        ? 'announced'
        : await handOver(context, batch, accountName(response));
    if (missing !== null) return showBatch(context, request, response.status(422), missing);
    seeOther(response, paperAddress(unit.unit, batch._id));
  });

  routes.post(`${PAPER}/:batch/huy`, formBody, async (request, response) => {
    const { batch, unit } = await batchHere(request);
    const reason = reasonFrom(request.body as FormBody);
    if (batch.state !== 'open') throw new Problem(409, 'paper-ended');
    if (reason === '') return showBatch(context, request, response.status(422), 'reason');
    const ended = { ended: context.today(), endedBy: accountName(response), reason };
    await auditPaper(response, 'paper-batch-discarded', batch, { details: { reason } }, async () => {
      if (!(await moveBatch(batch._id, 'open', 'discarded', ended))) throw new Problem(409, 'paper-ended');
      await removeStaged(batch._id);
    });
    seeOther(response, paperAddress(unit.unit));
  });

  return routes;
}

/** The reason that somebody gave for taking something back; empty where none was given. */
export function reasonFrom(form: FormBody): string {
  return textIn(form, 'ly-do').trim().slice(0, 200);
}

async function unitHere(request: Request): Promise<Unit> {
  const unit = await unitByCode(String(request.params.unit));
  if (!unit) throw new Problem(404, 'not-found');
  return unit;
}

async function showNew(
  context: Context,
  response: Response,
  unit: Unit,
  entered: FormBody,
  mistakes: readonly Mistake[],
): Promise<void> {
  response.render('paper/new', {
    unit,
    entered,
    mistakes,
    offered: await offeredTo(unit, context.today()),
    shares: SECOND_SHARES,
    today: context.today(),
    paper: paperAddress(unit._id),
  });
}

/** A batch; with what kept it from being ended, where something did. */
async function showBatch(
  context: Context,
  request: Request,
  response: Response,
  missing: string | null = null,
): Promise<void> {
  const place = await batchHere(request);
  const [sheets, countsByBatch] = await Promise.all([
    sheetsOfBatch(place.batch._id),
    countsOfBatches([place.batch._id]),
  ]);
  const isThere = isWhole(place.batch);
  const counts = countedOf(place.batch, countsByBatch.get(place.batch._id));
  response.render('paper/batch', {
    ...place,
    importing: isThere ? null : await importOf(place, response),
    service: place.round.services.find(({ code }) => code === place.batch.service) ?? null,
    counts,
    sheets: (isThere ? sheets : []).map((sheet) => ({
      ...sheet,
      printed: printedNumber(place, sheet.number),
    })),
    removed: place.batch.removed.map((one) => ({ ...one, printed: printedNumber(place, one.number) })),
    missing,
    obstacle: counts ? missingIn(place.batch, counts) : null,
    rate: counts ? disagreementRate(counts) : null,
    why: whyNoPaper(place.round, context.today()),
    me: accountName(response),
    reason: reasonFrom((request.body ?? {}) as FormBody),
    paper: paperAddress(place.unit.unit, place.batch._id),
    overview: paperAddress(place.unit.unit),
  });
}

/** The job that stores the batch's file now, with where this person may watch it; null where none does. */
async function importOf(
  { batch }: BatchPlace,
  response: Response,
): Promise<{ readonly href: string | null } | null> {
  const running = await runningJob(paperImportJob, batch._id);
  if (running === null) return null;
  const job = await jobById(running);
  return { href: job && mayWatch(signedIn(response), job) ? jobAddress(running) : null };
}

/** Whether the sheets of a batch are all that are to be in it: those of a file that is being stored are not. */
function isWhole({ source, file }: PaperBatch): boolean {
  return source === 'typed' || file !== null;
}

/** What counts of a batch's sheets: nothing before they are there. */
function countedOf(batch: PaperBatch, counts: BatchCounts | undefined): BatchCounts | undefined {
  return isWhole(batch) ? counts : NOTHING;
}

/** The present title of a batch's survey, by language; its id where the survey is gone. */
function surveyTitle({ surveys }: Context, { survey }: PaperBatch): Readonly<Record<string, string>> {
  return surveys.get(survey)?.title ?? { vi: survey, en: survey };
}
