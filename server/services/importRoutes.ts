/**
 * The import of services, with a dry run.
 *
 *   GET  /van-phong/dich-vu/nhap    200 where to give a list
 *   POST /van-phong/dich-vu/nhap    200 the dry run · 303 stored · 409 the catalogue has changed since · 422 problems
 *                                   by line and column · 413 · 415
 */
import { Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { seeOther } from '../http/pages.js';
import { accountName } from '../http/session.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { changeServices, refreshServices } from './keptServices.js';
import { SERVICE_COLUMNS, serviceCells, serviceImportOf } from './serviceImport.js';

const COLUMNS: readonly string[] = [...SERVICE_COLUMNS.required, ...SERVICE_COLUMNS.optional];

/** Routes of the import of services; for the department. */
export function serviceImportRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/dich-vu/nhap', (_request, response) => {
    response.render('services/import', { text: '', list: null, columns: COLUMNS });
  });

  routes.post('/van-phong/dich-vu/nhap', listUpload(), async (request, response) => {
    const read = await uploadedList(request);
    const version = await refreshServices(context);
    const list = serviceImportOf(read, [...context.services.values()]);
    if (list.problems.length > 0)
      return response
        .status(422)
        .render('services/import', { text: pastedList(request), list, columns: COLUMNS });
    if (request.body?.step !== 'store')
      return response.render('services/import', {
        ...{ text: csvText(read.lines), list, columns: COLUMNS, version },
        changed: list.changed.map(({ before, after }) => ({
          after,
          facts: factsOf(serviceCells(before), serviceCells(after)),
        })),
      });
    const seen = /^\d{1,9}$/.test(String(request.body.version)) ? Number(request.body.version) : version;
    const account = accountName(response);
    const { added, changed } = { added: list.added.length, changed: list.changed.length };
    if (added + changed > 0)
      await audited(
        { account, action: 'services-imported', subject: 'services', details: { added, changed } },
        () => changeServices(context, seen, { account, deed: 'import' }, list.services),
      );
    seeOther(response, '/van-phong/dich-vu');
  });

  return routes;
}

/** The columns in which two lines differ, before and after. */
function factsOf(before: readonly string[], after: readonly string[]) {
  return COLUMNS.flatMap((column, index) =>
    before[index] === after[index]
      ? []
      : [{ column, before: before[index] ?? '', after: after[index] ?? '' }],
  );
}
