/** Confidence intervals for proportions. */

/** An interval of proportions, 0 ≤ low ≤ high ≤ 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile for two-sided 95 % confidence. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval for a proportion, 95 %, without continuity correction.
 *
 * Source: E. B. Wilson (1927), JASA 22:209–212; method 3 of R. G. Newcombe (1998), Statistics in Medicine
 * 17:857–872, whose Table I the tests reproduce.
 * @param successes whole number, 0 ≤ successes ≤ trials
 * @param trials whole number, at least 1
 * @throws {RangeError} outside those bounds
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!Number.isInteger(trials) || trials < 1) throw new RangeError(`trials must be at least 1: ${trials}`);
  if (!Number.isInteger(successes) || successes < 0 || successes > trials)
    throw new RangeError(`successes must lie within 0 and ${trials}: ${successes}`);
  const zz = Z_95 * Z_95;
  const centre = 2 * successes + zz;
  const spread = Z_95 * Math.sqrt(zz + (4 * successes * (trials - successes)) / trials);
  const width = 2 * (trials + zz);
  // At the ends the formula gives 0 and 1 exactly; floating point may miss them by one unit in the last place.
  return {
    low: successes === 0 ? 0 : (centre - spread) / width,
    high: successes === trials ? 1 : (centre + spread) / width,
  };
}
