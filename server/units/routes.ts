/**
 * The units: the tree with its filter, and the list of them all as a file.
 *
 *   GET  /van-phong/don-vi                    200 the tree (?tim=…&loai=…&cap=…&dong=1)
 *   GET  /van-phong/don-vi/danh-sach.csv      200 every unit, in the form in which lists are read
 *   GET  /van-phong/don-vi/danh-sach.xlsx     200
 *   GET  /van-phong/don-vi/thay-doi           200 what was done to the units, the last first
 *   GET  /van-phong/don-vi/thay-doi/:change   200 one set of changes, and whether it can be taken back · 404
 *   POST /van-phong/don-vi/thay-doi/:change/hoan-tac   303 taken back · 404 · 409 why it cannot be
 */
import { pipeline } from 'node:stream/promises';
import { type Request, Router } from 'express';
import { param } from 'express-validator';
import { audited, recordAudit } from '../../models/auditEntries.js';
import { latestChangeSets, takenBack } from '../../models/unitChanges.js';
import { UNIT_KINDS } from '../../models/unitKinds.js';
import { allUnits, hasEnded } from '../../models/units.js';
import type { Context } from '../context.js';
import { unitFilterScript } from '../http/assets.js';
import { checked } from '../http/checked.js';
import { baseOf, queryText, seeOther } from '../http/pages.js';
import { officePolicyWith } from '../http/security.js';
import { accountName } from '../http/session.js';
import { writeCsv, writeXlsx } from '../lists/writeList.js';
import { makeChanges, seenUnits, undoOf } from './changes.js';
import { differenceOf } from './difference.js';
import { unitListOf } from './exportList.js';

import { unitTerms } from './terms.js';
import { kindsOf, narrows, treeOf, type UnitFilter } from './tree.js';

const MOST_SHOWN = 100;

/** Routes of the units as a whole; for the department. */
export function unitRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi', async (request, response) => {
    const units = await allUnits();
    const filter = filterOf(request);
    const today = context.today();
    response.set('Content-Security-Policy', officePolicyWith(unitFilterScript));
    response.render('units/list', {
      ...treeOf(units, filter, today),
      total: units.filter((unit) => !hasEnded(unit, today)).length,
      anyClosed: units.some((unit) => hasEnded(unit, today)),
      isClosed: (unit: { until: (typeof units)[number]['until'] }) => hasEnded(unit, today),
      kinds: kindsOf(units),
      levels: [...unitTerms(context).levels].filter((level) =>
        units.some(({ levels }) => levels.includes(level)),
      ),
      services: context.services,
      filter,
      narrowed: narrows(filter),
      base: baseOf(context, request),
      unitFilterScript,
    });
  });

  routes.get('/van-phong/don-vi/danh-sach.csv', async (_request, response) => {
    const units = await allUnits();
    await recordExport(accountName(response), 'csv', units.length);
    response.attachment('don-vi.csv').type('csv');
    await pipeline(writeCsv(unitListOf(units)), response);
  });

  routes.get('/van-phong/don-vi/danh-sach.xlsx', async (_request, response) => {
    const units = await allUnits();
    await recordExport(accountName(response), 'xlsx', units.length);
    response.attachment('don-vi.xlsx').send(await writeXlsx(unitListOf(units), 'Don vi'));
  });

  routes.get('/van-phong/don-vi/thay-doi', async (_request, response) => {
    const sets = await latestChangeSets(MOST_SHOWN);
    response.render('units/changes', { sets, undone: await takenBack(sets.map(({ _id }) => _id)) });
  });

  const isNumber = checked(404, param('change').isInt({ min: 1, max: 1e9 }));
  routes.get('/van-phong/don-vi/thay-doi/:change', isNumber, async (request, response) => {
    const undo = await undoOf(Number(request.params.change));
    const made = undo.changes.map(({ before, after }) => ({ before: after, after: before }));
    response.render('units/change', { undo, difference: differenceOf(made), services: context.services });
  });

  routes.post('/van-phong/don-vi/thay-doi/:change/hoan-tac', isNumber, async (request, response) => {
    const undo = await undoOf(Number(request.params.change));
    if (undo.refusal) {
      const made = undo.changes.map(({ before, after }) => ({ before: after, after: before }));
      return response
        .status(409)
        .render('units/change', { undo, difference: differenceOf(made), services: context.services });
    }
    const account = accountName(response);
    const { set, revision, changes } = undo;
    const number = await audited(
      {
        account,
        action: 'units-undone',
        subject: 'units',
        details: { change: set._id, units: changes.length },
      },
      () => makeChanges(revision, { deed: 'undo', account, day: null, undoes: set._id }, changes),
    );
    seeOther(response, `/van-phong/don-vi/thay-doi/${number}`);
  });

  return routes;
}

/** What the units were when somebody looked at what a change would do; as they are where nothing says it. */
export async function unitsSeenBy(request: Request): Promise<Awaited<ReturnType<typeof seenUnits>>> {
  const seen = await seenUnits();
  const { revision } = (request.body ?? {}) as { revision?: unknown };
  return typeof revision === 'string' && /^\d{1,9}$/.test(revision)
    ? { ...seen, revision: Number(revision) }
    : seen;
}

function filterOf(request: Request): UnitFilter {
  const kind = queryText(request, 'loai');
  return {
    words: (queryText(request, 'tim') ?? '').slice(0, 100),
    kind: UNIT_KINDS.find((one) => one === kind) ?? '',
    level: queryText(request, 'cap') ?? '',
    closed: queryText(request, 'dong') === '1',
  };
}

function recordExport(account: string, form: string, units: number): Promise<void> {
  return recordAudit({ account, action: 'units-exported', subject: 'units', details: { form, units } });
}
