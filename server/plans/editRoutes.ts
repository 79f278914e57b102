/**
 * Writing a plan anew: its name, period, reports and remedial actions; one thing it measures, a new one among them.
 * Two people who write at once do not undo each other: who comes second is told so.
 *
 *   GET  /van-phong/ke-hoach/:plan/sua                     200 · 404
 *   POST /van-phong/ke-hoach/:plan/sua                     303 · 404 · 409 changed meanwhile · 422 the form again
 *   GET  /van-phong/ke-hoach/:plan/noi-dung/:measure       200 the form, `moi` for a new one · 404
 *   POST /van-phong/ke-hoach/:plan/noi-dung/:measure       303 · 404 · 409 · 422 the form again
 *   POST /van-phong/ke-hoach/:plan/noi-dung/:measure/xoa   303 · 404 · 409 changed meanwhile, or rounds were made from it
 */
import { type Response, Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import { type DepartmentPlan, type PlanFacts, type PlanMeasure, replacePlan } from '../../models/plans.js';
import { roundsOfPlan } from '../../models/rounds.js';
import { type FormBody, formBody } from '../http/body.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { type EnteredFields, enteredMeasure, enteredPlan } from './entered.js';
import { type FieldMistake, Fields } from './fields.js';
import { FREQUENCIES, readMeasure } from './measureForm.js';
import { readPlan } from './planForm.js';
import { existingPlan } from './plans.js';

/** In the place of a measure's id: a new one. */
const NEW = 'moi';

/** Routes of writing a plan anew; for people who are logged in. */
export function planEditRoutes(): Router {
  const routes = Router();

  routes.get('/van-phong/ke-hoach/:plan/sua', async (request, response) => {
    const plan = await existingPlan(request.params.plan);
    response.render('plans/edit', { plan, entered: enteredPlan(plan), mistakes: [], FREQUENCIES });
  });

  routes.post('/van-phong/ke-hoach/:plan/sua', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const form = request.body as FormBody;
    const read = readPlan(form, plan);
    if ('mistakes' in read)
      return response
        .status(422)
        .render('plans/edit', { plan, entered: form, mistakes: read.mistakes, FREQUENCIES });
    await store(response, plan, form, read.value);
    backTo(response, plan._id, form, 'sua');
  });

  routes.get('/van-phong/ke-hoach/:plan/noi-dung/:measure', async (request, response) => {
    const plan = await existingPlan(request.params.plan);
    const measure = measureOf(plan, request.params.measure);
    showMeasure(response, plan, measure, enteredMeasure(measure), []);
  });

  routes.post('/van-phong/ke-hoach/:plan/noi-dung/:measure', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const before = measureOf(plan, String(request.params.measure));
    const form = request.body as FormBody;
    const read = readMeasure(form, before);
    if ('mistakes' in read) return showMeasure(response, plan, before, form, read.mistakes);
    const measures = before
      ? plan.measures.map((measure) => (measure.id === before.id ? read.value : measure))
      : [...plan.measures, read.value];
    await store(response, plan, form, { ...factsOf(plan), measures });
    backTo(response, plan._id, form, `noi-dung/${read.value.id}`);
  });

  routes.post('/van-phong/ke-hoach/:plan/noi-dung/:measure/xoa', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const gone = measureOf(plan, String(request.params.measure));
    if (!gone) throw new Problem(404, 'not-found');
    const rounds = await roundsOfPlan(plan._id);
    if (rounds.some((round) => round.plan?.measure === gone.id)) throw new Problem(409, 'measure-in-use');
    const measures = plan.measures.filter(({ id }) => id !== gone.id);
    await store(response, plan, request.body as FormBody, { ...factsOf(plan), measures });
    backTo(response, plan._id);
  });

  return routes;
}

/** A measure by its id; null for a new one. @throws {Problem} 404 `not-found` */
function measureOf({ measures }: DepartmentPlan, id: string): PlanMeasure | null {
  if (id === NEW) return null;
  const measure = measures.find((one) => one.id === id);
  if (!measure) throw new Problem(404, 'not-found');
  return measure;
}

function showMeasure(
  response: Response,
  plan: DepartmentPlan,
  measure: PlanMeasure | null,
  entered: EnteredFields,
  mistakes: readonly FieldMistake[],
): void {
  const status = mistakes.length > 0 ? 422 : 200;
  response.status(status).render('plans/measure', { plan, measure, entered, mistakes, FREQUENCIES });
}

/** Stores a plan as it was written. @throws {Problem} 409 `plan-changed` where it is not what the form was made from */
async function store(response: Response, plan: DepartmentPlan, form: FormBody, facts: PlanFacts) {
  const entered = new Fields(form).entered('revision');
  const seen = /^\d{1,9}$/.test(entered) ? Number(entered) : 0;
  if (plan.revision !== seen) throw new Problem(409, 'plan-changed');
  const account = accountName(response);
  await audited(
    { account, action: 'plan-changed', subject: plan._id, details: { revision: seen + 1 } },
    async () => {
      if (!(await replacePlan(plan._id, seen, facts))) throw new Problem(409, 'plan-changed');
    },
  );
}

function factsOf({
  _id,
  archived: _archived,
  done: _done,
  revision: _revision,
  ...facts
}: DepartmentPlan): PlanFacts {
  return facts;
}

/** Back to the plan, or to the form for more rows. */
function backTo(response: Response, plan: string, form: FormBody = {}, page = ''): void {
  const more = new Fields(form).entered('more') === 'yes' && page !== '';
  const address = `/van-phong/ke-hoach/${plan}${more ? `/${page}` : ''}`;
  seeOther(response, address);
}
