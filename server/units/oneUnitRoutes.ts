/**
 * One unit: what is known about it and what was done to it; adding and editing one.
 *
 *   GET  /van-phong/don-vi/them            200 the form of a new unit (?tren=… the unit above)
 *   POST /van-phong/don-vi/them            303 added · 409 · 422 the form again
 *   GET  /van-phong/don-vi/ma/:unit        200 · 404
 *   GET  /van-phong/don-vi/ma/:unit/sua    200 the form · 404
 *   POST /van-phong/don-vi/ma/:unit/sua    303 stored · 404 · 409 the units have changed since · 422 the form again
 */
import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import { historyOfUnit } from '../../models/unitChanges.js';
import { UNIT_KINDS } from '../../models/unitKinds.js';
import { hasEnded, type Unit } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { baseOf, queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { makeChanges, seenUnits } from './changes.js';
import { factsChanged } from './difference.js';
import { unitCells } from './exportList.js';
import { unitTerms } from './terms.js';
import { type EnteredUnit, enteredFrom, enteredUnit, listOfOne } from './unitForm.js';
import { importOf } from './unitImport.js';

/** Routes of one unit's administration; for the department. */
export function oneUnitRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi/them', async (request, response) => {
    const { units } = await seenUnits();
    const above = units.find(({ _id }) => _id === queryText(request, 'tren'));
    showForm(context, response, units, null, { parent: above?._id ?? '' });
  });

  routes.post('/van-phong/don-vi/them', formBody, async (request, response) => {
    await store(context, request, response, null);
  });

  routes.get('/van-phong/don-vi/ma/:unit', async (request, response) => {
    const { units } = await seenUnits();
    const unit = unitAmong(units, request);
    const named = new Map(units.map((one) => [one._id, one]));
    const history = await historyOfUnit(unit._id);
    response.render('units/unit', {
      unit,
      named,
      above: above(unit, named),
      below: units.filter(({ parent }) => parent === unit._id),
      isClosed: (one: Unit) => hasEnded(one, context.today()),
      history: history.map(({ set, before, after }) => ({
        set,
        before,
        after,
        facts: before && after ? factsChanged(before, after) : [],
      })),
      services: context.services,
      link: `${baseOf(context, request)}/k/${unit.linkCode}`,
    });
  });

  routes.get('/van-phong/don-vi/ma/:unit/sua', async (request, response) => {
    const { units } = await seenUnits();
    const unit = unitAmong(units, request);
    showForm(context, response, units, unit, enteredFrom(unit));
  });

  routes.post('/van-phong/don-vi/ma/:unit/sua', formBody, async (request, response) => {
    const { units } = await seenUnits();
    await store(context, request, response, unitAmong(units, request));
  });

  return routes;
}

/** Stores the form of a unit; null for a new one. */
async function store(
  context: Context,
  request: Request,
  response: Response,
  unit: Unit | null,
): Promise<void> {
  const { revision, units } = await seenUnits();
  const entered = enteredUnit(request.body as FormBody, unit?._id);
  const { seen } = request.body as FormBody;
  if (unit && typeof seen === 'string' && seen !== digestOf(unit)) {
    response.status(409);
    return showForm(context, response, units, unit, entered, [], true);
  }
  const { problems, changes } = importOf(listOfOne(entered), units, unitTerms(context));
  const mistakes = problems.map(({ column, key, parameters }) => ({
    field: column ?? 'code',
    key,
    parameters,
  }));
  if (unit === null && units.some(({ _id }) => _id === entered.code))
    mistakes.unshift({
      field: 'code',
      key: 'units.form.code-taken',
      parameters: { code: entered.code ?? '' },
    });
  if (mistakes.length > 0) {
    response.status(422);
    return showForm(context, response, units, unit, entered, mistakes);
  }
  const account = accountName(response);
  const subject = entered.code ?? '';
  if (changes.length > 0 && unit)
    await audited({ account, action: 'unit-edited', subject, details: {} }, () =>
      makeChanges(revision, { deed: 'edit', account, day: null }, changes),
    );
  else if (changes.length > 0)
    await audited({ account, action: 'unit-added', subject, details: {} }, () =>
      makeChanges(revision, { deed: 'add', account, day: null }, changes),
    );
  seeOther(response, `/van-phong/don-vi/ma/${subject}`);
}

function showForm(
  context: Context,
  response: Response,
  units: readonly Unit[],
  unit: Unit | null,
  entered: EnteredUnit,
  mistakes: readonly {
    field: string;
    key: string;
    parameters: Readonly<Record<string, string | number>>;
  }[] = [],
  changedSince = false,
): void {
  const services = [...context.services.values()];
  response.render('units/form', {
    unit,
    entered,
    mistakes,
    changedSince,
    seen: unit && digestOf(unit),
    kinds: UNIT_KINDS,
    levels: services.filter(({ kind }) => kind === 'education'),
    procedures: services.filter(({ kind }) => kind === 'procedure'),
    areas: [...new Set(units.flatMap(({ area }) => area ?? []))].sort(),
    parents: units.filter(({ levels, until }) => levels.length === 0 && until === null),
  });
}

function unitAmong(units: readonly Unit[], request: Request): Unit {
  const unit = units.find(({ _id }) => _id === request.params.unit);
  if (!unit) throw new Problem(404, 'not-found');
  return unit;
}

/** Tells whether a unit is still as a form showed it. */
function digestOf(unit: Unit): string {
  return createHash('sha256').update(unitCells(unit).join('\0')).digest('base64url').slice(0, 16);
}

/** The units above one, from the top. */
function above(unit: Unit, named: ReadonlyMap<string, Unit>): Unit[] {
  const found: Unit[] = [];
  let code = unit.parent;
  while (code !== null) {
    const one = named.get(code);
    if (!one || found.includes(one)) break;
    found.unshift(one);
    code = one.parent;
  }
  return found;
}
