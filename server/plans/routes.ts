/**
 * Plans: the list, taking up a ready-made one, beginning one's own, and a plan's page with what is due, late and done.
 * Writing a plan anew is in editRoutes.ts.
 *
 *   GET  /van-phong/ke-hoach                      200 the plans, and the ready-made ones
 *   GET  /van-phong/ke-hoach/moi                  200 a new one; ?mau=… taken from a ready-made one
 *   POST /van-phong/ke-hoach/moi                  303 stored · 422 the form again
 *   GET  /van-phong/ke-hoach/:plan                200 · 404
 *   POST /van-phong/ke-hoach/:plan/xong           303 marked as done · 404 · 422 the page with what is wrong
 *   POST /van-phong/ke-hoach/:plan/chua-xong      303 the mark taken back · 404
 *   POST /van-phong/ke-hoach/:plan/luu-tru        303 put away, or taken out again · 404
 */
import { type Response, Router } from 'express';
import { audited, type NewAuditEntry } from '../../models/auditEntries.js';
import { allPlans, archivePlan, type DepartmentPlan, markDone, unmarkDone } from '../../models/plans.js';
import { allRounds } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { dueList } from './dueList.js';
import { type FieldMistake, Fields } from './fields.js';
import type { Plan } from './planFiles.js';
import { readNewPlan } from './planForm.js';
import { countsOf, existingPlan, standingOf, storePlan } from './plans.js';
import { hasBothNumberings, takenUp } from './takeUp.js';

/** Routes of the plans; for people who are logged in. */
export function planRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/ke-hoach', async (_request, response) => {
    const [plans, rounds] = await Promise.all([allPlans(), allRounds()]);
    const today = context.today();
    response.render('plans/list', {
      plans: plans.map((plan) => {
        const own = rounds.filter((round) => round.plan?.id === plan._id);
        return { plan, rounds: own.length, counts: countsOf(dueList(plan, own, today)) };
      }),
      ready: [...context.plans.values()],
    });
  });

  routes.get('/van-phong/ke-hoach/moi', (request, response) => {
    const ready = context.plans.get(queryText(request, 'mau') ?? '') ?? null;
    showNew(context, response, ready, {}, []);
  });

  routes.post('/van-phong/ke-hoach/moi', formBody, async (request, response) => {
    const form = request.body as FormBody;
    const fields = new Fields(form);
    const ready = context.plans.get(fields.entered('mau')) ?? null;
    const read = ready ? readTakenUp(fields, ready) : blankPlan(form);
    if ('mistakes' in read) return showNew(context, response, ready, form, read.mistakes);
    const account = accountName(response);
    const entry = ready
      ? { account, action: 'plan-taken-up', details: { model: ready.id } }
      : { account, action: 'plan-created', details: {} };
    backTo(response, await storePlan(read.value, entry));
  });

  routes.get('/van-phong/ke-hoach/:plan', async (request, response) => {
    await showPlan(context, response, await existingPlan(request.params.plan));
  });

  routes.post('/van-phong/ke-hoach/:plan/xong', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const { targets, due } = await standingOf(context, plan);
    const fields = new Fields(request.body as FormBody);
    const key = fields.entered('key');
    const target = targets.find((one) => one.key === key && one.target.indicator !== 'satisfaction-rate');
    const entry = due.find((one) => one.key === key && one.kind !== 'round');
    if (!target && !entry) throw new Problem(400, 'unreadable');
    const day = fields.day('day', 'plans.problem.done-day');
    if (!day || day > context.today()) fields.wrong('day', 'plans.problem.done-day');
    const document = fields.text('document', 0, 300, 'plans.problem.long');
    const value = target ? fields.number('value', 0, 999_999, 'plans.problem.value') : null;
    if (target && fields.entered('value') === '') fields.wrong('value', 'plans.problem.value');
    if (fields.mistakes.length > 0 || !day)
      return showPlan(context, response, plan, { key, entered: request.body, mistakes: fields.mistakes });
    const account = accountName(response);
    if (!isMarked(plan, key))
      await change(
        { account, action: 'plan-done', subject: plan._id, details: { what: key, day, document } },
        () => markDone(plan._id, { key, day, document, value, account }),
      );
    backTo(response, plan._id, key);
  });

  routes.post('/van-phong/ke-hoach/:plan/chua-xong', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const key = new Fields(request.body as FormBody).entered('key');
    const account = accountName(response);
    if (isMarked(plan, key))
      await change({ account, action: 'plan-not-done', subject: plan._id, details: { what: key } }, () =>
        unmarkDone(plan._id, key),
      );
    backTo(response, plan._id, key);
  });

  routes.post('/van-phong/ke-hoach/:plan/luu-tru', formBody, async (request, response) => {
    const plan = await existingPlan(String(request.params.plan));
    const account = accountName(response);
    const archived = new Fields(request.body as FormBody).entered('archived') === 'yes';
    const done = archived ? { action: 'plan-archived' } : { action: 'plan-restored' };
    if (plan.archived !== archived)
      await change({ account, ...done, subject: plan._id, details: {} }, () =>
        archivePlan(plan._id, archived),
      );
    backTo(response, plan._id);
  });

  return routes;
}

/** Records a change of a plan, then makes it; where somebody else was quicker, that it was not made. */
async function change(entry: NewAuditEntry, make: () => Promise<boolean>): Promise<void> {
  await audited(entry, make, (made) => made);
}

function isMarked({ done }: DepartmentPlan, key: string): boolean {
  return done.some((mark) => mark.key === key);
}

/** Something that was to be marked as done and could not be. */
interface TriedMark {
  readonly key: string;
  readonly entered: FormBody;
  readonly mistakes: readonly FieldMistake[];
}

async function showPlan(
  context: Context,
  response: Response,
  plan: DepartmentPlan,
  tried: TriedMark | null = null,
): Promise<void> {
  const standing = await standingOf(context, plan);
  response.status(tried ? 422 : 200).render('plans/plan', {
    ...standing,
    counts: countsOf(standing.due),
    tried,
    today: context.today(),
  });
}

function showNew(
  context: Context,
  response: Response,
  ready: Plan | null,
  entered: FormBody,
  mistakes: readonly FieldMistake[],
): void {
  response.status(mistakes.length > 0 ? 422 : 200).render('plans/new', {
    ready,
    bothNumberings: ready !== null && hasBothNumberings(ready),
    entered,
    mistakes,
    year: Number(context.today().slice(0, 4)),
  });
}

function readTakenUp(fields: Fields, ready: Plan) {
  const title = fields.text('title', 3, 200, 'plans.problem.title');
  const document = fields.text('document', 0, 300, 'plans.problem.long');
  const year = fields.number('year', 2000, 2100, 'plans.problem.year');
  if (fields.entered('year') === '' || (year !== null && !Number.isInteger(year)))
    fields.wrong('year', 'plans.problem.year');
  const numbering = fields.entered('numbering') === 'school-year' ? 'school-year' : 'calendar-year';
  return fields.mistakes.length > 0 || year === null
    ? { mistakes: fields.mistakes }
    : { value: takenUp(ready, { title, document, year, numbering }) };
}

/** A plan of one's own, of which nothing but its name and period is known yet. */
function blankPlan(form: FormBody) {
  const read = readNewPlan(form);
  if ('mistakes' in read) return read;
  const nothing = {
    takenFrom: '',
    measures: [],
    reports: [],
    remedialActions: [],
    feedback: { what: '', lead: '' },
    indices: [],
    devices: '',
    evidence: '',
  };
  return { value: { ...read.value, ...nothing } };
}

/** Back to a plan's page, at what was done there. */
function backTo(response: Response, plan: string, key = ''): void {
  const place = key === '' ? '' : `#${encodeURIComponent(key)}`;
  seeOther(response, `/van-phong/ke-hoach/${plan}${place}`);
}
