/** What a plan wanted to reach, held against what was measured: by its own rounds, or told by the office. */
import type { DepartmentPlan, DoneMark, PlanMeasure, PlanTarget } from '../../models/plans.js';
import { type Round, SATISFACTION_RATE } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { WHOLE } from '../results/counts.js';
import { verdictOn } from '../results/overview.js';
import { resultsOf } from '../results/resultsOf.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { ShownSummary } from '../results/shown.js';
import type { Verdict } from '../statistics/target.js';
import { yearOf } from './calendar.js';

/** A round made for a measure, with its pooled figures; null while it is a draft. */
export interface MeasuredRound {
  readonly round: Round;
  readonly figures: RoundFigures | null;
  readonly summary: ShownSummary | null;
}

/** A target and how it stands. */
export interface TargetStanding {
  readonly measure: PlanMeasure;
  readonly target: PlanTarget;
  /** What a mark with its value is of. */
  readonly key: string;
  /** The round that counts: the latest one with a rate, up to the year of the target. Null where there is none. */
  readonly measured: MeasuredRound | null;
  /** The value told by the office, for indicators that no round measures. */
  readonly told: DoneMark | null;
  readonly verdict: Verdict;
}

/** The figures of rounds, in their order. */
export function measuredRounds(context: Context, rounds: readonly Round[]): Promise<MeasuredRound[]> {
  return Promise.all(
    rounds.map(async (round) => {
      const figures = round.state === 'draft' ? null : await resultsOf(context, round);
      return { round, figures, summary: figures?.summary(WHOLE) ?? null };
    }),
  );
}

/** Every target of a plan, and how it stands. */
export function targetStandings(plan: DepartmentPlan, measured: readonly MeasuredRound[]): TargetStanding[] {
  return plan.measures.flatMap((measure) =>
    measure.targets.map((target): TargetStanding => {
      const key = `${measure.id}.${target.id}`;
      const told = plan.done.find((mark) => mark.key === key) ?? null;
      const common = { measure, target, key, told };
      if (target.indicator !== SATISFACTION_RATE)
        return { ...common, measured: null, verdict: toldVerdict(target, told) };
      const counting = measured
        .filter(({ round }) => round.plan?.measure === measure.id)
        .filter(({ round }) => target.by === null || yearOf(round.opens) <= target.by)
        .filter(({ summary }) => summary !== null && summary.total.rate !== null)
        .at(-1);
      const verdict = counting?.figures ? verdictOn(target, counting.figures) : 'unmeasured';
      return { ...common, measured: counting ?? null, verdict };
    }),
  );
}

/** A value that somebody told has no interval: it meets the target or it does not. */
function toldVerdict({ atLeast, moreThan, atMost }: PlanTarget, told: DoneMark | null): Verdict {
  const value = told?.value ?? null;
  if (value === null) return 'unmeasured';
  const met =
    (atLeast === undefined || value >= atLeast) &&
    (moreThan === undefined || value > moreThan) &&
    (atMost === undefined || value <= atMost);
  return met ? 'met' : 'missed';
}
