/**
 * The import of a list of units, with a dry run.
 *
 *   GET  /van-phong/don-vi/nhap    200 where to give a list
 *   POST /van-phong/don-vi/nhap    200 the dry run · 303 stored, or to the job that does · 409 the dry run again, as the
 *                                  units have changed since · 422 problems by line and column · 413 · 415
 */
import { type Request, Router } from 'express';
import type { Day } from '../../models/day.js';
import { newSetName } from '../../models/unitChanges.js';
import type { Context } from '../context.js';
import { accountName } from '../http/session.js';
import { giveList } from '../jobs/givenList.js';
import { jobAddress, jobEnded, startJob } from '../jobs/jobs.js';
import { dayIn } from '../lists/cellDay.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { seenUnits } from './changes.js';
import { differenceOf } from './difference.js';
import { IMPORT_PAGE, unitImportJob, unitImportOf } from './importJob.js';
import { unitsSeenBy } from './routes.js';
import { problemKey } from './unitList.js';

/** Routes of the import; for the department. */
export function unitImportRoutes(context: Context): Router {
  const routes = Router();

  routes.get(IMPORT_PAGE, (_request, response) => {
    response.render('units/import', { text: '', entered: {}, list: null, dayMistake: null });
  });

  routes.post(IMPORT_PAGE, listUpload(), async (request, response) => {
    const entered = enteredIn(request);
    const read = await uploadedList(request);
    const until = closingDay(entered);
    const { revision, ...seen } = await unitsSeenBy(request);
    const list = unitImportOf(context, read, seen, until ?? null);
    const dayMistake = until === undefined ? { field: 'until', key: problemKey('close-day') } : null;
    if (until === undefined || list.problems.length > 0)
      return response
        .status(422)
        .render('units/import', { text: pastedList(request), entered, list, dayMistake });
    const dryRun = async (status: number) => {
      const fresh = await seenUnits();
      const again = unitImportOf(context, read, fresh, until);
      response.status(status).render('units/import', {
        text: csvText(read.lines),
        entered,
        list: again,
        dayMistake: null,
        revision: fresh.revision,
        difference: differenceOf(again.changes),
        services: context.services,
        changedSince: status === 409,
      });
    };
    if (request.body?.step !== 'store') return dryRun(200);
    if (list.changes.length === 0) return response.redirect(303, response.locals.href('/van-phong/don-vi'));
    const id = await startJob(context, unitImportJob, {
      account: accountName(response),
      parameters: {},
      total: 0,
      input: { ...(await giveList(read)), revision, until, name: newSetName() },
    });
    const job = await jobEnded(id, context.patience);
    if (job?.problem === 'units-changed') return dryRun(409);
    response.redirect(303, response.locals.href(job?.href ?? jobAddress(id)));
  });

  return routes;
}

/** The fields beside the list, as they were sent. */
interface EnteredImport {
  readonly missing?: string;
  readonly until?: string;
}

function enteredIn(request: Request): EnteredImport {
  const { missing, until } = (request.body ?? {}) as Record<string, unknown>;
  return {
    ...(typeof missing === 'string' ? { missing } : {}),
    ...(typeof until === 'string' ? { until: until.slice(0, 20) } : {}),
  };
}

/** The last day of units that the list does not name; null where they are kept, undefined where it is no day. */
function closingDay({ missing, until = '' }: EnteredImport): Day | null | undefined {
  return missing === 'close' ? (dayIn(until.trim()) ?? undefined) : null;
}
