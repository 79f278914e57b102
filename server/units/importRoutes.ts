/**
 * The import of a list of units, with a dry run.
 *
 *   GET  /van-phong/don-vi/nhap    200 where to give a list
 *   POST /van-phong/don-vi/nhap    200 the dry run · 303 stored · 409 the dry run again, as the units have changed
 *                                  since · 422 problems by line and column · 413 · 415
 */
import { type Request, Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { dayIn } from '../lists/cellDay.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { makeChanges, seenUnits } from './changes.js';
import { countsOf, differenceOf } from './difference.js';
import { unitsSeenBy } from './routes.js';
import { unitTerms } from './terms.js';
import { importOf, type Missing } from './unitImport.js';
import { problemKey } from './unitList.js';

/** Routes of the import; for the department. */
export function unitImportRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi/nhap', (_request, response) => {
    response.render('units/import', { text: '', entered: {}, list: null, dayMistake: null });
  });

  routes.post('/van-phong/don-vi/nhap', listUpload(), async (request, response) => {
    const entered = enteredIn(request);
    const read = await uploadedList(request);
    const missing = missingOf(entered);
    const { revision, units } = await unitsSeenBy(request);
    const list = importOf(read, units, unitTerms(context), missing ?? { deed: 'keep' });
    const dayMistake = missing ? null : { field: 'until', key: problemKey('close-day') };
    if (list.problems.length > 0 || dayMistake)
      return response
        .status(422)
        .render('units/import', { text: pastedList(request), entered, list, dayMistake });
    const dryRun = async (status: number) => {
      const fresh = await seenUnits();
      const again = importOf(read, fresh.units, unitTerms(context), missing ?? { deed: 'keep' });
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
    const account = accountName(response);
    const day = missing?.deed === 'close' ? missing.until : null;
    const { added, changed, moved, closed } = countsOf(list.changes);
    const { unchanged } = list;
    try {
      const change = await audited(
        {
          account,
          action: 'units-imported',
          subject: 'units',
          details: { added, changed, moved, closed, unchanged },
        },
        () => makeChanges(revision, { deed: 'import', account, day }, list.changes),
      );
      response.redirect(303, response.locals.href(`/van-phong/don-vi/thay-doi/${change}`));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'units-changed') throw error;
      await dryRun(409);
    }
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

/** What is to be done with units that the list does not name; null where they are to be closed on no day. */
function missingOf({ missing, until = '' }: EnteredImport): Missing | null {
  if (missing !== 'close') return { deed: 'keep' };
  const day = dayIn(until.trim());
  return day ? { deed: 'close', until: day } : null;
}
