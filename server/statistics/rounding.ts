/**
 * The one place where a figure loses digits: screen, CSV and documents print what these return, so they
 * cannot disagree.
 */

/** Percent with one decimal, half up. @param share 0 to 1 @returns 0 to 100 */
export function roundedPercent(share: number): number {
  return roundHalfUp(share * 100, 1);
}

/** Percentage points with one decimal, half away from 0. @param points −100 to 100 */
export function roundedPoints(points: number): number {
  return roundHalfUp(points, 1);
}

/** Correlation with two decimals, half away from 0. */
export function roundedCorrelation(value: number): number {
  return roundHalfUp(value, 2);
}

/** Mean score with two decimals, half up. */
export function roundedMean(mean: number): number {
  return roundHalfUp(mean, 2);
}

/**
 * Rounds half up (by size) at `decimals`. Twelve significant digits first: a quotient that is a half on paper (0.285) is
 * stored a little below it, and would otherwise be rounded down.
 */
function roundHalfUp(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  // By size, so that a fall rounds as a rise does; a sum with 0, so that there is no −0.
  return (Math.sign(value) * Math.round(Number((Math.abs(value) * scale).toPrecision(12)))) / scale + 0;
}
