/**
 * What a plan wants done by when, and how it stands today: products, reports, quarters of continuous measures, rounds
 * and remedial actions. Pure: everything is worked out from the plan, its rounds and the day.
 */
import { addDays, type Day, daysBetween } from '../../models/day.js';
import type {
  Deliverable,
  DepartmentPlan,
  DoneMark,
  PlanMeasure,
  RemedialAction,
} from '../../models/plans.js';
import { hasEnded, type Round } from '../../models/rounds.js';
import { dueDay, movedDue, type Period, periodsWithin, yearOf } from './calendar.js';
import { type WantedRound, wantedBy, wantedRounds } from './plannedRounds.js';

/** `running`: a round that takes answers; `undated`: the plan sets no day. */
type DueState = 'done' | 'late' | 'soon' | 'ahead' | 'running' | 'undated';

interface Entry {
  /** What a mark that it is done says it is of. */
  readonly key: string;
  readonly due: Day | null;
  readonly state: DueState;
  /** Days from today until it is due; negative where late, null where undated. */
  readonly days: number | null;
  readonly measure: PlanMeasure | null;
}

/** A product, a report or a quarter of a continuous measure: done once somebody says so. */
interface DueDocument extends Entry {
  readonly kind: 'product' | 'report' | 'quarter';
  readonly name: string;
  readonly period: Period | null;
  /** The due time as the plan writes it, such as 2026-Q1. */
  readonly written: string | null;
  readonly mark: DoneMark | null;
}

/** A round that is to be held: done once it is closed. */
interface DueRound extends Entry {
  readonly kind: 'round';
  readonly wanted: WantedRound;
  /** Null while nobody has made it. */
  readonly round: Round | null;
}

/** Something to be mended: done once somebody says so. */
interface DueAction extends Entry {
  readonly kind: 'action';
  readonly action: RemedialAction;
  readonly mark: DoneMark | null;
}

export type DueEntry = DueDocument | DueRound | DueAction;

/** What is due within so many days is due soon. */
const SOON_DAYS = 30;

/** Everything a plan wants done: what has a day by day, then the rest in the order of the plan. */
export function dueList(plan: DepartmentPlan, rounds: readonly Round[], today: Day): DueEntry[] {
  const wanted = wantedRounds(plan);
  const entries: DueEntry[] = [
    ...wanted.map((one) =>
      roundEntry(one, rounds.find((round) => wantedBy(wanted, round) === one) ?? null, today),
    ),
    ...plan.measures.flatMap((measure) => [
      ...measure.products.flatMap((product) => documentEntries(plan, product, 'product', measure, today)),
      ...quarterEntries(plan, measure, today),
    ]),
    ...reportEntries(plan, today),
    ...plan.remedialActions.map((action): DueAction => {
      const mark = markOf(plan, action.id);
      return {
        kind: 'action',
        key: action.id,
        action,
        mark,
        measure: null,
        ...standing(null, mark !== null, today),
      };
    }),
  ];
  const last = '9999-12-31';
  return entries
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => {
      const [one, other] = [a.entry.due ?? last, b.entry.due ?? last];
      return one < other ? -1 : one > other ? 1 : a.index - b.index;
    })
    .map(({ entry }) => entry);
}

function markOf({ done }: DepartmentPlan, key: string): DoneMark | null {
  return done.find((mark) => mark.key === key) ?? null;
}

function standing(due: Day | null, done: boolean, today: Day): Pick<Entry, 'due' | 'state' | 'days'> {
  const days = due && daysBetween(today, due);
  if (done) return { due, days, state: 'done' };
  if (days === null) return { due, days, state: 'undated' };
  return { due, days, state: days < 0 ? 'late' : days <= SOON_DAYS ? 'soon' : 'ahead' };
}

function roundEntry(wanted: WantedRound, round: Round | null, today: Day): DueRound {
  const common = { kind: 'round' as const, key: `${wanted.measure.id}.${wanted.planned}`, wanted, round };
  const { measure } = wanted;
  // A round that is not open is to be opened in time, one that is open is to be closed in time.
  if (!round || round.state === 'draft')
    return { ...common, measure, ...standing(round?.opens ?? wanted.opens, false, today) };
  const closed = hasEnded(round);
  const stands = standing(round.closes, closed, today);
  const running = !closed && round.opens <= today && today <= round.closes;
  return { ...common, measure, ...stands, ...(running ? { state: 'running' as const } : {}) };
}

/** A deliverable once, in every period, or on its day in every year. */
function documentEntries(
  plan: DepartmentPlan,
  { id, name, every, due, shift }: Deliverable,
  kind: 'product' | 'report',
  measure: PlanMeasure | null,
  today: Day,
): DueDocument[] {
  const entry = (
    key: string,
    day: Day | null,
    period: Period | null,
    written: string | null,
  ): DueDocument => {
    const mark = markOf(plan, key);
    return { kind, key, name, period, written, mark, measure, ...standing(day, mark !== null, today) };
  };
  if (every === null) return [entry(id, due === null ? null : dueDay(due), null, due)];
  if (every === 'year' && due !== null)
    return Array.from({ length: yearOf(plan.to) - yearOf(plan.from) + 1 }, (_, later) => {
      const moved = movedDue(due, later);
      return entry(`${id}@${yearOf(plan.from) + later}`, dueDay(moved), null, moved);
    });
  return periodsWithin(every, plan.from, plan.to).map((period) =>
    entry(`${id}@${period.code}`, addDays(period.last, shift), period, null),
  );
}

/**
 * Reports at fixed times. Of two that recur and end on the same day, the longer period takes the place of the shorter:
 * departments report on quarter I, six months, quarter III and the year, as the plan of Sóc Trăng (2021) lists them.
 */
function reportEntries(plan: DepartmentPlan, today: Day): DueDocument[] {
  const entries = plan.reports.flatMap((report) => documentEntries(plan, report, 'report', null, today));
  const length = ({ period }: DueDocument) =>
    period ? ['month', 'quarter', 'half-year', 'year'].indexOf(period.every) : -1;
  return entries.filter(
    (entry) =>
      entry.mark !== null ||
      !entry.period ||
      !entries.some((other) => other.period?.last === entry.period?.last && length(other) > length(entry)),
  );
}

/** A continuous measure has no quota and is reported by quarter. */
function quarterEntries(plan: DepartmentPlan, measure: PlanMeasure, today: Day): DueDocument[] {
  if (measure.continuous === null) return [];
  return periodsWithin('quarter', plan.from, plan.to).map((period) => {
    const key = `${measure.id}.all@${period.code}`;
    const mark = markOf(plan, key);
    const name = measure.continuous ?? '';
    const common = { kind: 'quarter' as const, key, name, period, written: null, mark, measure };
    return { ...common, ...standing(period.last, mark !== null, today) };
  });
}
