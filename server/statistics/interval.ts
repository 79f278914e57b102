/** Confidence intervals for proportions. */

/** An interval of proportions, 0 ≤ low ≤ high ≤ 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile for two-sided 95 % confidence. */
export const Z_95 = 1.959963984540054;

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

/**
 * Wilson's score interval for a share estimated from a sample that is not a simple one: strata, weights, several
 * answers of one person. `effective` takes the place of the number of trials: the sample size over the design effect,
 * which is any number above 0.
 *
 * Source: C. Franco, R. J. A. Little, T. A. Louis & E. V. Slud (2019), Comparative study of confidence intervals for
 * proportions in complex sample surveys, Journal of Survey Statistics and Methodology 7(3):334–364, who recommend
 * Wilson's form of seven; P. S. Kott (2017), A note on Wilson coverage intervals for proportions estimated from
 * complex samples, Survey Methodology 43(2).
 * @param share 0 to 1
 * @param effective effective sample size, above 0; Infinity where everybody was asked, and the interval is a point
 * @throws {RangeError} outside those bounds
 */
export function effectiveWilsonInterval(share: number, effective: number): Interval {
  if (!(effective > 0)) throw new RangeError(`the effective sample size must be above 0: ${effective}`);
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share lies within 0 and 1: ${share}`);
  const zz = (Z_95 * Z_95) / effective;
  const centre = share + zz / 2;
  const spread = Z_95 * Math.sqrt((share * (1 - share)) / effective + zz / (4 * effective));
  const width = 1 + zz;
  // Floating point may miss the share itself by one unit in the last place where the interval is (nearly) a point.
  return {
    low: share === 0 ? 0 : Math.max(0, Math.min(share, (centre - spread) / width)),
    high: share === 1 ? 1 : Math.min(1, Math.max(share, (centre + spread) / width)),
  };
}
