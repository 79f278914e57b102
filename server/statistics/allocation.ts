/** Spreading a sample over strata: in whole people, and adding up exactly. */

/** How a sample is spread: by enrolment, or the same number to each. */
export type Spread = 'proportional' | 'equal';

interface Share {
  readonly index: number;
  readonly weight: number;
  /** Fewest and most this stratum may get. */
  readonly least: number;
  readonly most: number;
}

/**
 * Spreads `total` over strata so that the parts add up exactly. Each gets at least `minimum` and never more than it
 * has people. Proportional allocation: S. L. Lohr, Sampling: Design and Analysis, 2nd ed. Whole numbers by the
 * method of the largest remainder (Hamilton): M. L. Balinski & H. P. Young (2001), Fair Representation, 2nd ed.; equal
 * remainders go to the stratum that comes first. Minimum and people act as bounds on the shares before they are made
 * whole: a stratum below its bound is set to it, and the rest is spread over the others again, so that every stratum
 * within its bounds keeps the same share of its people.
 * @param populations people in each stratum, whole, at least 0
 * @param minimum fewest people wanted of each stratum
 * @returns one number for each stratum, in order; their sum is `total`, or what the bounds allow next to it: no less
 *   than all minimums together, no more than all people
 */
export function allocation(
  total: number,
  populations: readonly number[],
  spread: Spread,
  minimum = 0,
): number[] {
  const shares = populations.map((most, index) => ({
    index,
    weight: spread === 'proportional' ? most : Math.sign(most),
    least: Math.min(minimum, most),
    most,
  }));
  const fewest = shares.reduce((sum, { least }) => sum + least, 0);
  const all = populations.reduce((sum, most) => sum + most, 0);
  return wholeParts(Math.min(all, Math.max(fewest, total)), shares);
}

/**
 * Shares within their bounds that add up to `total`, not yet whole. Each turn spreads what is left by weight and fixes
 * the shares beyond a bound on the side that is violated more in sum; the other side may come back within bounds.
 */
function boundedShares(total: number, shares: readonly Share[]): number[] {
  const parts = shares.map(() => 0);
  let open = [...shares];
  let left = total;
  while (open.length > 0) {
    const weight = open.reduce((sum, share) => sum + share.weight, 0);
    const free = open.map((share) => (weight === 0 ? 0 : (left * share.weight) / weight));
    const wanted = open.map((share, at) => Math.min(share.most, Math.max(share.least, free[at] ?? 0)));
    const excess = wanted.reduce((sum, part, at) => sum + part - (free[at] ?? 0), 0);
    const fixed = open.filter((_, at) => {
      const moved = (wanted[at] ?? 0) - (free[at] ?? 0);
      return Math.abs(excess) < 1e-9 || (excess > 0 ? moved > 0 : moved < 0);
    });
    // Rounding may leave an excess that no single share explains; then all are as good as fixed.
    const done = fixed.length === 0 ? open : fixed;
    for (const share of done) {
      parts[share.index] = wanted[open.indexOf(share)] ?? 0;
      left -= parts[share.index] ?? 0;
    }
    open = open.filter((share) => !done.includes(share));
  }
  return parts;
}

function wholeParts(total: number, shares: readonly Share[]): number[] {
  // Twelve digits: a share that is whole on paper must not be cut to the number below it.
  const exact = boundedShares(total, shares).map((part) => Number(part.toPrecision(12)));
  const parts = exact.map(Math.floor);
  let left = total - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = shares
    .map(({ index }) => ({ index, remainder: (exact[index] ?? 0) - (parts[index] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
