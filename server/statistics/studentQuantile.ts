/** Student's t for few degrees of freedom, where 1.96 would promise too much. */
import { Z_95 } from './interval.js';

/** For 1 to 9 degrees of freedom, where the expansion below is not yet exact. Source: R 4.2.2, qt(0.975, 1:9). */
const FEW = [
  12.7062047361747, 4.30265272974946, 3.18244630528371, 2.77644510519779, 2.57058183563631, 2.44691185114497,
  2.36462425159278, 2.30600413520417, 2.2621571627982,
] as const;

/**
 * Quantile of Student's t for two-sided 95 % confidence, within 0.00001.
 *
 * Source: M. Abramowitz & I. A. Stegun (1964), Handbook of Mathematical Functions, 26.7.5, four terms.
 * @param freedom degrees of freedom, whole, at least 1
 * @throws {RangeError} below 1
 */
export function studentQuantile(freedom: number): number {
  if (!(freedom >= 1)) throw new RangeError(`degrees of freedom must be at least 1: ${freedom}`);
  const few = FEW[freedom - 1];
  if (few !== undefined) return few;
  const z = Z_95;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, at) => sum + term / freedom ** (at + 1), z);
}
