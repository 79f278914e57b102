/** How many people a plan has to ask. */

/** Standard normal quantiles for two-sided confidence in percent. */
export const DEVIATES = { 90: 1.6448536269514722, 95: 1.959963984540054, 99: 2.5758293035489004 } as const;

/** What a plan asks of its sample. */
export interface Precision {
  /** Half the width of the interval wanted, as a share: 0.05 for ± 5 percentage points. */
  readonly margin: number;
  /** Percent. */
  readonly confidence: keyof typeof DEVIATES;
  /** Share expected, 0 to 1; 0.5 asks for most and is the choice where nothing is known. */
  readonly expected?: number;
  /**
   * How many times larger the sample has to be than a simple random one, at least 1: above 1 where schools are drawn
   * first and people answer alike within a school. Kish's design effect, deff: L. Kish (1965), Survey Sampling.
   */
  readonly designEffect?: number;
}

/** A sample as planned; whole numbers. */
export interface PlannedSample {
  /** Answers wanted. */
  readonly answers: number;
  /** People to be asked so that as many answer; never more than there are. */
  readonly invitations: number;
  /** Whether asking everybody is expected to bring as many answers as wanted. */
  readonly reachable: boolean;
}

/**
 * Answers needed for a proportion, with finite population correction; not yet a whole number:
 *
 *     n₀ = t² p(1 − p) / d²        n = n₀ / (1 + (n₀ − 1) / N)
 *
 * Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed., on the estimation of sample size; R. V. Krejcie & D. W. Morgan (1970), Determining
 * sample size for research activities, Educational and Psychological Measurement 30:607–610, print the table of the
 * same formula. It is for a simple random sample with one answer each: n is where the normal interval with finite
 * population correction, p ± t √(p(1 − p)/n · (N − n)/(N − 1)), is as wide as wanted.
 * @param deviate t, standard normal deviate of the confidence
 * @param margin d, above 0 and below 1
 * @param expected p, 0 to 1
 * @param population N, at least 1; Infinity where it is very large
 */
export function cochranSize(deviate: number, margin: number, expected: number, population: number): number {
  const unlimited = (deviate ** 2 * expected * (1 - expected)) / margin ** 2;
  // Nothing to estimate needs nobody, also of a single person, where the formula is 0 / 0.
  return unlimited === 0 ? 0 : unlimited / (1 + (unlimited - 1) / population);
}

/**
 * Smallest sample that is as precise as wanted, and how many to ask where not everybody answers. The design effect
 * multiplies the corrected size, as in OpenEpi (A. G. Dean, K. M. Sullivan, M. M. Soe), which prints it as
 * n = deff · N p(1 − p) / [d²/t² (N − 1) + p(1 − p)].
 * @param population people who could answer, at least 0
 * @param responseRate share of those asked who are expected to answer, above 0 up to 1
 * @returns null where there is nobody to ask
 * @throws {RangeError} on a margin, a share, a design effect or a response rate outside its bounds
 */
export function plannedSample(
  { margin, confidence, expected = 0.5, designEffect = 1 }: Precision,
  population: number,
  responseRate: number,
): PlannedSample | null {
  if (!(margin > 0 && margin < 1)) throw new RangeError(`the margin lies between 0 and 1: ${margin}`);
  if (!(expected >= 0 && expected <= 1)) throw new RangeError(`a share lies within 0 and 1: ${expected}`);
  if (!(designEffect >= 1)) throw new RangeError(`the design effect is at least 1: ${designEffect}`);
  if (!(responseRate > 0 && responseRate <= 1))
    throw new RangeError(`the response rate lies above 0 and up to 1: ${responseRate}`);
  if (!(population >= 1)) return null;
  const size = wholeUp(designEffect * cochranSize(DEVIATES[confidence], margin, expected, population));
  const answers = Math.min(population, Math.max(1, size));
  const invitations = wholeUp(answers / responseRate);
  return { answers, invitations: Math.min(population, invitations), reachable: invitations <= population };
}

/** Rounds up, but not a number that is whole on paper and stored a little above. */
function wholeUp(value: number): number {
  return Math.ceil(Number(value.toPrecision(12)));
}
