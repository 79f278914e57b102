/** How far one rate lies from another, and whether the answers suffice to say so. */
import type { Interval } from './interval.js';

/** A rate with its 95 % interval, both as shares 0 to 1; a `Rate` is one, a stratified rate too. */
interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/** What may be said of a change: `uncertain` where the interval of the difference contains 0. */
type Change = 'up' | 'down' | 'uncertain';

/** A difference of two rates, in percentage points, −100 to 100 as its interval is too; not rounded. */
export interface Difference {
  readonly points: number;
  readonly low: number;
  readonly high: number;
  readonly change: Change;
}

/**
 * Difference of two rates given by different people, with its 95 % interval by the square-and-add rule:
 *
 *     low  = d − √((p₁ − l₁)² + (u₂ − p₂)²)        d = p₁ − p₂, [l, u] each rate's own interval
 *     high = d + √((u₁ − p₁)² + (p₂ − l₂)²)
 *
 * Over Wilson's intervals this is method 10 (hybrid score, no continuity correction) of R. G. Newcombe (1998),
 * Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in
 * Medicine 17:873–890. Over other intervals, such as that of a weighted rate, it is the method of variance estimates
 * recovery of G. Y. Zou & A. Donner (2008), Statistics in Medicine 27:1693–1702.
 *
 * It holds for independent groups: two rounds, two units. The same people rated twice need another method.
 * @returns null where one of the two is not known
 */
export function differenceOfRates(now: Estimate | null, before: Estimate | null): Difference | null {
  if (!now || !before) return null;
  const difference = now.value - before.value;
  const down = Math.hypot(now.value - now.interval.low, before.interval.high - before.value);
  const up = Math.hypot(now.interval.high - now.value, before.value - before.interval.low);
  const low = difference - down;
  const high = difference + up;
  return { points: difference * 100, low: low * 100, high: high * 100, change: changeWithin(low, high) };
}

function changeWithin(low: number, high: number): Change {
  if (low > 0) return 'up';
  return high < 0 ? 'down' : 'uncertain';
}
