/**
 * The units: the list with each unit's link, and the import of a list with a dry run.
 *
 *   GET  /van-phong/don-vi         200
 *   GET  /van-phong/don-vi/nhap    200 where to give a list
 *   POST /van-phong/don-vi/nhap    200 the dry run · 303 stored · 422 problems by line and column
 */
import { Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { allUnits, storeUnits } from '../../models/units.js';
import type { Context } from '../context.js';
import { baseOf, withLanguage } from '../http/pages.js';
import { accountName } from '../http/session.js';
import { csvText } from '../lists/csvLines.js';
import { listUpload, pastedList, uploadedList } from '../lists/listUpload.js';
import { readUnitList } from './unitList.js';

/** Routes of the units; for people who are logged in. */
export function unitRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi', async (request, response) => {
    const units = await allUnits();
    response.render('units/list', { units, services: context.services, base: baseOf(context, request) });
  });

  routes.get('/van-phong/don-vi/nhap', (_request, response) => {
    response.render('units/import', { text: '', list: null });
  });

  routes.post('/van-phong/don-vi/nhap', listUpload(), async (request, response) => {
    const read = await uploadedList(request);
    const list = readUnitList(read, await allUnits(), educationLevels(context));
    if (list.problems.length > 0)
      return response.status(422).render('units/import', { text: pastedList(request), list });
    if (request.body?.step !== 'store')
      return response.render('units/import', { text: csvText(read.lines), list });
    await storeUnits(list.rows);
    await recordAudit({
      account: accountName(response),
      action: 'units-imported',
      subject: 'units',
      details: { added: list.added.length, changed: list.changed.length, unchanged: list.unchanged },
    });
    response.redirect(303, withLanguage('/van-phong/don-vi', response.locals.lang));
  });

  return routes;
}

/** Codes of the levels a unit can have: the catalogue's education services. */
export function educationLevels({ services }: Context): ReadonlySet<string> {
  return new Set([...services.values()].filter(({ kind }) => kind === 'education').map(({ code }) => code));
}
