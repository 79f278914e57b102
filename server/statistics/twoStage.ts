/**
 * The rate of a stratum in which some units answered: schools drawn first and people within them, or schools all asked
 * of which not all have answers. People of one school answer alike, so that it matters how many schools there are.
 */
import { type AnswersByPerson, varianceOfRate } from './answersByPerson.js';

/** A unit of which people answered. */
interface AnsweringUnit {
  /** People who could have answered, Nᵢ; whole, above 0. */
  readonly population: number;
  /** Of at least one person. */
  readonly answers: AnswersByPerson;
}

/** A stratum with the units in it. */
export interface UnitsOfStratum {
  /** People in all its units, N; whole, above 0. */
  readonly population: number;
  /** Units in it, M, those without answers among them; at least as many as `answering`. */
  readonly units: number;
  /** Units with answers, m: all of them, or as good as drawn at random. */
  readonly answering: readonly AnsweringUnit[];
}

/** What is known of a stratum. */
export interface StratumRate {
  /** 0 to 1. */
  readonly rate: number;
  /** Null where a single unit of several answered: nobody knows how they differ. */
  readonly variance: number | null;
  /** Degrees of freedom of `variance`: units less 1. */
  readonly freedom: number;
}

/**
 * Ratio estimate of a stratum from a sample in two stages, both without replacement:
 *
 *     p = Σ Nᵢ pᵢ / Σ Nᵢ
 *     v = (m / Σ Nᵢ)² · [ (1 − m/M) s² / m  +  1/(mM) · Σ Nᵢ² vᵢ ]        s² = Σ Nᵢ² (pᵢ − p)² / (m − 1)
 *
 * over the m of M units that answered; vᵢ is the variance of pᵢ with its own finite population correction
 * (`varianceOfRate`). Units count by their people, so it does not matter that large and small schools are drawn alike.
 * Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed., chapter 11 (subsampling with units of unequal sizes, ratio
 * to size), and S. L. Lohr, Sampling: Design and Analysis, 1st ed., chapter 5; R's survey::svymean on
 * svydesign(id = ~unit + person, fpc = ~M + N) computes the same, and the tests compare the two.
 *
 * Two rules of our own, both on the safe side. Of a unit in which one person answered, vᵢ is p(1 − p), that of one
 * answer from the stratum. And v is never below Σ Nᵢ² vᵢ / (Σ Nᵢ)², what the chance within the units alone gives: a few
 * schools that happen to be alike do not make a rate certain.
 */
export function rateOfStratum({ units, answering }: UnitsOfStratum): StratumRate {
  const m = answering.length;
  const people = answering.reduce((sum, { population }) => sum + population, 0);
  const rates = answering.map(({ answers }) => answers.favourable / answers.answered);
  const rateAt = (at: number) => rates[at] ?? 0;
  const rate = answering.reduce((sum, { population }, at) => sum + population * rateAt(at), 0) / people;
  if (m === 1 && units > 1) return { rate, variance: null, freedom: 0 };
  const between =
    answering.reduce((sum, { population }, at) => sum + (population * (rateAt(at) - rate)) ** 2, 0) /
    Math.max(1, m - 1);
  const within = answering.reduce((sum, unit) => sum + unit.population ** 2 * varianceWithin(unit, rate), 0);
  const variance = (1 - m / units) * m * between + (m / units) * within;
  return { rate, variance: Math.max(variance, within) / people ** 2, freedom: m - 1 };
}

function varianceWithin({ population, answers }: AnsweringUnit, rate: number): number {
  const fraction = Math.min(1, answers.people / population);
  return fraction === 1 ? 0 : (varianceOfRate(answers, fraction) ?? (1 - fraction) * rate * (1 - rate));
}
