/**
 * Merging, splitting, closing and moving units, each tried before it is done.
 *
 *   GET  /van-phong/don-vi/sap-xep    200 the form (?viec=gop|tach|dong|chuyen, ?don-vi=… a unit concerned)
 *   POST /van-phong/don-vi/sap-xep    200 what would change · 303 done · 409 what would change now, as the units have
 *                                     changed since · 422 the form again
 */
import { type Response, Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import { allRounds } from '../../models/rounds.js';
import { snapshotsOfUnits } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { makeChanges, seenUnits } from './changes.js';
import { countsOf, differenceOf } from './difference.js';
import { type EnteredOrder, enteredOrder, orderOf } from './orderForm.js';
import { type OrderProblem, type Rearranged, type Rearrangement, rearranged } from './rearrange.js';
import { unitsSeenBy } from './routes.js';
import { unitTerms } from './terms.js';

/** What the audit log calls each. */
const RECORDED: Readonly<Record<Rearrangement, { action: string }>> = {
  merge: { action: 'units-merged' },
  split: { action: 'unit-split' },
  close: { action: 'units-closed' },
  move: { action: 'units-moved' },
};

/** Routes of the rearrangement of units; for the department. */
export function rearrangeRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi/sap-xep', async (request, response) => {
    const fields = ['viec', 'don-vi', 'vao', 'ngay', 'van-con'];
    const entered = enteredOrder(
      Object.fromEntries(fields.map((name) => [name, queryText(request, name) ?? ''])),
    );
    await showForm(response, entered, []);
  });

  routes.post('/van-phong/don-vi/sap-xep', formBody, async (request, response) => {
    const entered = enteredOrder(request.body as FormBody);
    const { order, problems } = orderOf(entered);
    if (!order) {
      response.status(422);
      return showForm(response, entered, problems);
    }
    const { revision, units } = await unitsSeenBy(request);
    const result = rearranged(order, units, unitTerms(context));
    if (result.problems.length > 0) {
      response.status(422);
      return showForm(response, entered, result.problems);
    }
    if (entered.step !== 'store') return showEffects(response, entered, result, false);
    const account = accountName(response);
    const { added, changed, moved, closed } = countsOf(result.changes);
    try {
      const change = await audited(
        {
          account,
          action: RECORDED[order.deed].action,
          subject: order.units.join(', ').slice(0, 200),
          details: { added, changed, moved, closed },
        },
        () => makeChanges(revision, { deed: order.deed, account, day: order.day }, result.changes),
      );
      seeOther(response, `/van-phong/don-vi/thay-doi/${change}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'units-changed') throw error;
      const now = await seenUnits();
      await showEffects(
        response.status(409),
        entered,
        rearranged(order, now.units, unitTerms(context)),
        true,
      );
    }
  });

  return routes;

  async function showEffects(
    response: Response,
    entered: EnteredOrder,
    { changes, problems }: Rearranged,
    changedSince: boolean,
  ): Promise<void> {
    if (problems.length > 0) return showForm(response, entered, problems);
    const difference = differenceOf(changes);
    const { revision } = await seenUnits();
    response.render('units/rearranged', {
      entered,
      difference,
      revision,
      changedSince,
      services: context.services,
      rounds: await roundsUnderWay(difference.closed.map(({ after }) => after._id)),
    });
  }
}

async function showForm(
  response: Response,
  entered: EnteredOrder,
  problems: readonly OrderProblem[],
): Promise<void> {
  const { units } = await seenUnits();
  response.render('units/rearrange', {
    entered,
    problems,
    units: units.filter(({ until }) => until === null),
  });
}

/** Labels of the rounds that are open and ask about any of these units. */
async function roundsUnderWay(units: readonly string[]): Promise<string[]> {
  const open = (await allRounds()).filter(({ state }) => state === 'open');
  const asked = await snapshotsOfUnits(
    open.map(({ _id }) => _id),
    units,
  );
  const codes = new Set(asked.map(({ round }) => round));
  return open.filter(({ _id }) => codes.has(_id)).map(({ label }) => label);
}
