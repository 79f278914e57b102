/** Taking up a ready-made plan: the same facts in another year, for the department to make its own. */
import type { Day } from '../../models/day.js';
import type { Deliverable, PlanFacts, PlanMeasure, PlannedRound } from '../../models/plans.js';
import type { Numbering } from '../../models/rounds.js';
import { movedByYears, movedDue, yearOf } from './calendar.js';
import { type Plan, roundsNumbered } from './planFiles.js';
import { roundLabel } from './roundLabel.js';

type FileMeasure = Plan['measures'][number];
type FileRound = FileMeasure['rounds'][number];
type FileProduct = NonNullable<Plan['periodicReports']>[number];

/** Which year a plan is taken up for, and under which of its numberings. */
export interface TakenUp {
  readonly title: string;
  readonly document: string;
  /** First year; for rounds numbered by school year, the year in which it begins. */
  readonly year: number;
  readonly numbering: Numbering;
}

/** Whether a plan numbers its rounds in both ways. */
export function hasBothNumberings({ measures }: Plan): boolean {
  return measures.some(({ alternativeRounds = [] }) => alternativeRounds.length > 0);
}

/** A ready-made plan as a plan of one's own: days, quarters and target years moved, everything else as it is. */
export function takenUp(plan: Plan, { title, document, year, numbering }: TakenUp): PlanFacts {
  const years = year - plan.years[0];
  const lastYear = plan.years[1] + years;
  const bySchoolYear = numbering === 'school-year' && hasBothNumberings(plan);
  const period = plan.period
    ? { from: movedByYears(plan.period.from, years), to: movedByYears(plan.period.to, years) }
    : bySchoolYear
      ? { from: `${year}-09-01` as Day, to: `${lastYear + 1}-08-31` as Day }
      : { from: `${year}-01-01` as Day, to: `${lastYear}-12-31` as Day };
  return {
    title,
    document,
    ...period,
    takenFrom: `${plan.department}: ${plan.document}`,
    measures: plan.measures.map((measure, index) => measureOf(measure, index, year, years, numbering)),
    reports: (plan.periodicReports ?? []).map((report, index) =>
      deliverableOf(report, `q${index + 1}`, years),
    ),
    remedialActions: (plan.remedialActions ?? []).map((action, index) => ({
      ...action,
      id: `a${index + 1}`,
      coordinating: action.coordinating ?? [],
      measure: action.measure ?? '',
    })),
    feedback: plan.feedback ?? { what: '', lead: '' },
    indices: plan.indices ?? [],
    devices: plan.devices ?? '',
    evidence: plan.evidence ?? '',
  };
}

function measureOf(
  measure: FileMeasure,
  index: number,
  year: number,
  years: number,
  numbering: Numbering,
): PlanMeasure {
  const chosen = roundsNumbered(measure, numbering);
  const other = chosen === measure.rounds ? (measure.alternativeRounds ?? []) : measure.rounds;
  // Rounds of a school year begin in the year before the one the plan is of.
  const roundYears = chosen.length > 0 ? year - Math.min(...chosen.map(({ opens }) => yearOf(opens))) : years;
  const roundsOf = (rounds: readonly FileRound[]) =>
    rounds.map(
      ({ ordinal, numbering: by, opens, closes }, place): PlannedRound => ({
        id: `r${place + 1}`,
        name: roundLabel(by, ordinal, movedByYears(opens, roundYears)),
        ordinal,
        numbering: by,
        opens: movedByYears(opens, roundYears),
        closes: movedByYears(closes, roundYears),
      }),
    );
  return {
    id: `m${index + 1}`,
    subject: measure.subject,
    what: measure.what,
    lead: measure.lead,
    coordinating: measure.coordinating,
    rounds: roundsOf(chosen),
    alternativeRounds: roundsOf(other),
    roundsNote: measure.roundsNote ?? '',
    continuous: measure.continuous?.name ?? null,
    paper: measure.paper ?? false,
    products: (measure.products ?? []).map((product, place) =>
      deliverableOf(product, `m${index + 1}p${place + 1}`, years),
    ),
    targets: measure.targets.map(({ by, ...target }, place) => ({
      ...target,
      id: `t${place + 1}`,
      by: by === undefined ? null : by + years,
    })),
  };
}

function deliverableOf({ name, due, every }: FileProduct, id: string, years: number): Deliverable {
  return { id, name, every: every ?? null, due: due === undefined ? null : movedDue(due, years), shift: 0 };
}
