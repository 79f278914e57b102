/** The rounds a plan names, year by year, and how each is made: the form of a round as it would be filled in. */
import type { Day } from '../../models/day.js';
import type { DepartmentPlan, PlanMeasure, PlanTarget } from '../../models/plans.js';
import type { Numbering, Round, Target } from '../../models/rounds.js';
import { movedByYears, yearOf } from './calendar.js';
import { roundLabel } from './roundLabel.js';

/** One round that a plan wants held. */
export interface WantedRound {
  /** Within the measure: `r1@2026`, `all@2026` for a continuous one, `any@2026` where the plan names none. */
  readonly planned: string;
  readonly measure: PlanMeasure;
  readonly name: string;
  readonly numbering: Numbering;
  /** The year it belongs to, by which targets count. */
  readonly year: number;
  /** Null where the plan fixes no month. */
  readonly opens: Day | null;
  readonly closes: Day | null;
  readonly continuous: boolean;
}

/** Every round that a plan wants held, in the order of its measures. */
export function wantedRounds(plan: Pick<DepartmentPlan, 'from' | 'to' | 'measures'>): WantedRound[] {
  return plan.measures.flatMap((measure) => [
    ...datedRounds(plan, measure),
    ...(measure.continuous === null ? [] : continuousRounds(plan, measure)),
  ]);
}

/** The wanted round of a measure that a stored round was made for; null where it is another. */
export function wantedBy(wanted: readonly WantedRound[], { plan }: Pick<Round, 'plan'>): WantedRound | null {
  return (
    wanted.find(({ measure, planned }) => measure.id === plan?.measure && planned === plan?.planned) ?? null
  );
}

/** Rounds with an ordinal: held in the first year, and in each later year in which they still begin. */
function datedRounds({ from, to }: Pick<DepartmentPlan, 'from' | 'to'>, measure: PlanMeasure): WantedRound[] {
  const years = Math.max(0, yearOf(to) - yearOf(from));
  const rounds =
    measure.rounds.length > 0 || measure.continuous !== null
      ? measure.rounds
      : [{ id: 'any', name: '', ordinal: 1, numbering: 'calendar-year' as const, opens: null, closes: null }];
  return Array.from({ length: years + 1 }).flatMap((_, later) =>
    rounds.flatMap((round): WantedRound[] => {
      const opens = round.opens && movedByYears(round.opens, later);
      const firstDay = opens ?? (`${yearOf(from) + later}-01-01` as Day);
      if (later > 0 && firstDay > to) return [];
      return [
        {
          planned: `${round.id}@${yearOf(from) + later}`,
          measure,
          name: later === 0 && round.name ? round.name : roundLabel(round.numbering, round.ordinal, firstDay),
          numbering: round.numbering,
          year: yearOf(firstDay),
          opens,
          closes: round.closes && movedByYears(round.closes, later),
          continuous: false,
        },
      ];
    }),
  );
}

/** A continuous measure is a round of its own in each calendar year. */
function continuousRounds(
  { from, to }: Pick<DepartmentPlan, 'from' | 'to'>,
  measure: PlanMeasure,
): WantedRound[] {
  return Array.from({ length: yearOf(to) - yearOf(from) + 1 }, (_, later) => yearOf(from) + later).map(
    (year): WantedRound => {
      const [first, last] = [`${year}-01-01`, `${year}-12-31`] as Day[] as [Day, Day];
      return {
        planned: `all@${year}`,
        measure,
        name: roundLabel('calendar-year', null, first),
        numbering: 'calendar-year',
        year,
        opens: first < from ? from : first,
        closes: last > to ? to : last,
        continuous: true,
      };
    },
  );
}

/** Of several targets for one indicator, the one to be reached next in a year; after the last year, the last. */
export function targetsIn(targets: readonly PlanTarget[], year: number): Target[] {
  return targets
    .filter(({ indicator, by }) => {
      const years = targets.flatMap((other) =>
        other.indicator === indicator && other.by !== null ? [other.by] : [],
      );
      const next = years.filter((dueYear) => dueYear >= year);
      return by === null || by === (next.length > 0 ? Math.min(...next) : Math.max(...years));
    })
    .map(({ id: _id, by: _by, ...target }) => target);
}
