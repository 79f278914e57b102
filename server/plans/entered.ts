/** A stored plan as its forms would have been filled in. */
import type { Deliverable, DepartmentPlan, PlanMeasure, PlannedRound } from '../../models/plans.js';
import { SATISFACTION_RATE } from '../../models/rounds.js';
import type { FormBody } from '../http/body.js';
import { writtenDue } from './calendar.js';

/** Fields of a form by name. */
export type EnteredFields = FormBody;

/** The form of a plan, filled in. */
export function enteredPlan(plan: DepartmentPlan): EnteredFields {
  return {
    title: plan.title,
    document: plan.document,
    from: plan.from,
    to: plan.to,
    feedback: plan.feedback.what,
    'feedback-lead': plan.feedback.lead,
    indices: plan.indices.join('\n'),
    devices: plan.devices,
    evidence: plan.evidence,
    ...rows('reports', plan.reports, deliverable),
    ...rows('actions', plan.remedialActions, (action) => ({
      ...action,
      coordinating: action.coordinating.join('; '),
    })),
  };
}

/** The form of a measure, filled in; empty for a new one. */
export function enteredMeasure(measure: PlanMeasure | null): EnteredFields {
  if (!measure) return { rhythm: 'rounds' };
  const { subject, what, lead, coordinating, roundsNote, continuous, paper } = measure;
  return {
    subject,
    what,
    lead,
    coordinating: coordinating.join('\n'),
    roundsNote,
    rhythm: continuous !== null ? 'continuous' : measure.rounds.length > 0 ? 'rounds' : 'no-month',
    continuous: continuous ?? '',
    paper: paper ? 'yes' : '',
    ...rows('rounds', measure.rounds, plannedRound),
    ...rows('other', measure.alternativeRounds, plannedRound),
    ...rows('products', measure.products, deliverable),
    ...rows('targets', measure.targets, (target) => ({
      id: target.id,
      rate: target.indicator === SATISFACTION_RATE ? 'yes' : 'no',
      indicator: target.indicator === SATISFACTION_RATE ? '' : target.indicator,
      bound: target.moreThan != null ? 'moreThan' : target.atMost != null ? 'atMost' : 'atLeast',
      value: String(target.atLeast ?? target.moreThan ?? target.atMost ?? '').replace('.', ','),
      unit: target.unit,
      by: target.by === null ? '' : String(target.by),
    })),
  };
}

function deliverable({ id, name, every, due, shift }: Deliverable) {
  return {
    id,
    name,
    every: every ?? 'once',
    due: due === null ? '' : writtenDue(due),
    shift: shift === 0 ? '' : String(shift),
  };
}

function plannedRound({ id, name, ordinal, numbering, opens, closes }: PlannedRound) {
  return { id, name, ordinal: String(ordinal), numbering, opens: opens ?? '', closes: closes ?? '' };
}

/** A table of a form: fields named `products-0-name`. */
function rows<T>(
  table: string,
  list: readonly T[],
  fieldsOf: (one: T) => Readonly<Record<string, string>>,
): EnteredFields {
  return Object.fromEntries(
    list.flatMap((one, index) =>
      Object.entries(fieldsOf(one)).map(([name, value]) => [`${table}-${index}-${name}`, value]),
    ),
  );
}
