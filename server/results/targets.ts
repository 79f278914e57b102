/** Targets of a round held against its figures. */
import { SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import type { Figures } from './table.js';

/** `uncertain`: the interval spans the target; `unmeasured`: another indicator, or nothing to show yet. */
export type Verdict = 'met' | 'missed' | 'uncertain' | 'unmeasured';

/** What each target looks like against the pooled rate and its 95 % interval. */
export function targetVerdicts(
  targets: readonly Target[],
  { rate, low, high }: Figures,
): { target: Target; verdict: Verdict }[] {
  return targets.map((target) => {
    const wanted = target.atLeast ?? target.moreThan;
    if (
      target.indicator !== SATISFACTION_RATE ||
      wanted === undefined ||
      rate === null ||
      low === null ||
      high === null
    )
      return { target, verdict: 'unmeasured' };
    const reaches = (value: number) => (target.atLeast === undefined ? value > wanted : value >= wanted);
    if (reaches(low)) return { target, verdict: 'met' };
    return { target, verdict: reaches(high) ? 'uncertain' : 'missed' };
  });
}
