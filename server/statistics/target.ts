/** Targets held against an interval as it is, before any rounding: what is printed alike may still differ. */
import type { Interval } from './interval.js';

/** What a plan asks of a figure; `bound` on the scale of the figure: 0.9 for a rate of 90 %. */
export interface Wanted {
  readonly kind: 'atLeast' | 'moreThan' | 'atMost';
  readonly bound: number;
}

/** `uncertain`: the interval holds values that meet the target and values that miss it; `unmeasured`: no figure. */
export type Verdict = 'met' | 'missed' | 'uncertain' | 'unmeasured';

/**
 * Met where every value of the interval meets the target, missed where none does. A two-sided 95 % interval errs
 * either way in 2.5 % of samples, so "met" is a one-sided test at 2.5 %.
 * @param interval both ends on the scale of the bound; null where there is no figure
 */
export function verdictOf(wanted: Wanted, interval: Interval | null): Verdict {
  if (!interval) return 'unmeasured';
  const low = meets(wanted, interval.low);
  const high = meets(wanted, interval.high);
  if (low && high) return 'met';
  return low || high ? 'uncertain' : 'missed';
}

function meets({ kind, bound }: Wanted, value: number): boolean {
  if (kind === 'atMost') return value <= bound;
  return kind === 'moreThan' ? value > bound : value >= bound;
}
