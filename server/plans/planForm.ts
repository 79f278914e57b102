/** The form of a plan: its name and period, reports at fixed times, remedial actions, and what else it says. */
import type { Deliverable, DepartmentPlan, Every, PlanFacts } from '../../models/plans.js';
import { EVERY } from '../../models/plans.js';
import type { FormBody } from '../http/body.js';
import { parseDue, yearOf } from './calendar.js';
import { type FieldMistake, Fields } from './fields.js';

/** What a form says, or what is wrong with it. */
export type Read<T> = { readonly value: T } | { readonly mistakes: readonly FieldMistake[] };

/** A plan of so many years is a strategy. */
const MOST_YEARS = 10;

/** What the short form of a new plan says. */
export type NewPlan = Pick<PlanFacts, 'title' | 'document' | 'from' | 'to'>;

/** Reads the form of a new plan of one's own. */
export function readNewPlan(form: FormBody): Read<NewPlan> {
  const fields = new Fields(form);
  const head = headOf(fields);
  return fields.mistakes.length > 0 || !head ? { mistakes: fields.mistakes } : { value: head };
}

/** Reads the form of a plan; what it has measured stays. */
export function readPlan(form: FormBody, plan: DepartmentPlan): Read<PlanFacts> {
  const fields = new Fields(form);
  const head = headOf(fields);
  const taken = new Set<string>();
  const known = new Set(plan.remedialActions.map(({ id }) => id));
  const facts = {
    takenFrom: plan.takenFrom,
    measures: plan.measures,
    reports: deliverables(fields, 'reports', plan.reports, 'q'),
    remedialActions: fields
      .rows('actions', ['indicator', 'lead', 'coordinating', 'when', 'measure'])
      .map(({ at }) => ({
        id: fields.id(at, known, 'a', taken),
        indicator: fields.text(`${at}indicator`, 2, 300, 'plans.problem.indicator'),
        lead: fields.text(`${at}lead`, 0, 300, 'plans.problem.long'),
        coordinating: fields
          .text(`${at}coordinating`, 0, 1000, 'plans.problem.long')
          .split(';')
          .map((unit) => unit.trim())
          .filter(Boolean),
        when: fields.text(`${at}when`, 0, 100, 'plans.problem.long'),
        measure: fields.text(`${at}measure`, 0, 300, 'plans.problem.long'),
      })),
    feedback: {
      what: fields.text('feedback', 0, 500, 'plans.problem.long'),
      lead: fields.text('feedback-lead', 0, 300, 'plans.problem.long'),
    },
    indices: fields.lines('indices', 'plans.problem.long'),
    devices: fields.text('devices', 0, 500, 'plans.problem.long'),
    evidence: fields.text('evidence', 0, 500, 'plans.problem.long'),
  };
  return fields.mistakes.length > 0 || !head
    ? { mistakes: fields.mistakes }
    : { value: { ...head, ...facts } };
}

function headOf(fields: Fields): NewPlan | null {
  const title = fields.text('title', 3, 200, 'plans.problem.title');
  const document = fields.text('document', 0, 300, 'plans.problem.long');
  const from = fields.day('from', 'plans.problem.from');
  const to = fields.day('to', 'plans.problem.to');
  if (!from && fields.entered('from') === '') fields.wrong('from', 'plans.problem.from');
  if (!to && fields.entered('to') === '') fields.wrong('to', 'plans.problem.to');
  if (!from || !to) return null;
  if (to < from) fields.wrong('to', 'plans.problem.order');
  else if (yearOf(to) - yearOf(from) >= MOST_YEARS) fields.wrong('to', 'plans.problem.years');
  return { title, document, from, to };
}

/** The rows of what is to be written: once by a day or a quarter, or recurring. */
export function deliverables(
  fields: Fields,
  table: string,
  before: readonly Deliverable[],
  beginning: string,
): Deliverable[] {
  const known = new Set(before.map(({ id }) => id));
  const taken = new Set<string>();
  return fields.rows(table, ['name', 'due', 'every', 'shift']).map(({ at, row }) => {
    const every = EVERY.find((one): one is Every => one === row.every) ?? null;
    const due = row.due ? parseDue(row.due) : null;
    if (row.due && due === null) fields.wrong(`${at}due`, 'plans.problem.due');
    if (due !== null && every !== null && every !== 'year')
      fields.wrong(`${at}due`, 'plans.problem.due-every');
    return {
      id: fields.id(at, known, beginning, taken),
      name: fields.text(`${at}name`, 2, 200, 'plans.problem.product'),
      every,
      due,
      shift: Math.round(fields.number(`${at}shift`, -60, 90, 'plans.problem.shift') ?? 0),
    };
  });
}
