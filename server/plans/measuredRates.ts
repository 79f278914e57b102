/** What a plan wanted to reach, held against what was measured: by its own rounds, or told by the office. */
import type { DepartmentPlan, DoneMark, PlanMeasure, PlanTarget } from '../../models/plans.js';
import { type Round, SATISFACTION_RATE } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { type Figures, tableOf } from '../results/table.js';
import { talliesOf } from '../results/tallies.js';
import { targetVerdicts, type Verdict } from '../results/targets.js';
import { yearOf } from './calendar.js';

/** A round made for a measure, with its pooled figures; null while it is a draft. */
export interface MeasuredRound {
  readonly round: Round;
  readonly figures: Figures | null;
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
export function measuredRounds({ config }: Context, rounds: readonly Round[]): Promise<MeasuredRound[]> {
  return Promise.all(
    rounds.map(async (round) => ({
      round,
      figures:
        round.state === 'draft'
          ? null
          : tableOf(round, await talliesOf(round), config.minimumRespondents).total,
    })),
  );
}

/** Every target of a plan, and how it stands. */
export function targetStandings(plan: DepartmentPlan, measured: readonly MeasuredRound[]): TargetStanding[] {
  return plan.measures.flatMap((measure) =>
    measure.targets.map((target): TargetStanding => {
      const key = `${measure.id}.${target.id}`;
      const told = plan.done.find((mark) => mark.key === key) ?? null;
      if (target.indicator !== SATISFACTION_RATE)
        return { measure, target, key, measured: null, told, verdict: toldVerdict(target, told) };
      const counting = measured
        .filter(({ round }) => round.plan?.measure === measure.id)
        .filter(({ round }) => target.by === null || yearOf(round.opens) <= target.by)
        .filter(({ figures }) => figures !== null && figures.rate !== null)
        .at(-1);
      const [judged] = counting?.figures ? targetVerdicts([target], counting.figures) : [];
      return {
        measure,
        target,
        key,
        measured: counting ?? null,
        told,
        verdict: judged?.verdict ?? 'unmeasured',
      };
    }),
  );
}

/** A value that somebody told has no interval: it meets the target or it does not. */
function toldVerdict({ atLeast, moreThan, atMost }: PlanTarget, told: DoneMark | null): Verdict {
  const value = told?.value ?? null;
  if (value === null) return 'unmeasured';
  const met =
    (atLeast === undefined || atLeast === null || value >= atLeast) &&
    (moreThan === undefined || moreThan === null || value > moreThan) &&
    (atMost === undefined || atMost === null || value <= atMost);
  return met ? 'met' : 'missed';
}
