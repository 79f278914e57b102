/** The rate of a whole province weighted by enrolment: every learner weighs the same, however many answered. */
import {
  type AnswersByPerson,
  type Design,
  designInterval,
  mergeAnswersInto,
  noAnswers,
  varianceOfRate,
} from './answersByPerson.js';
import type { Interval } from './interval.js';

/** One stratum: a unit, a level within an area class, or whatever else the plan draws its sample in. */
export interface Stratum {
  /** People who could have answered, Nₕ; whole, at least 0. */
  readonly population: number;
  readonly answers: AnswersByPerson;
}

/** A rate weighted by enrolment; neither the pooled rate nor the simple mean of groups, and named apart from both. */
export interface WeightedRate {
  readonly kind: 'weighted';
  /** Σ Nₕ pₕ / Σ Nₕ over the strata that answered, 0 to 1. */
  readonly value: number;
  /** Of `value`, as a share; null where no spread is known. */
  readonly standardError: number | null;
  /** 95 % Wilson interval on the effective sample size; null where no spread is known. */
  readonly interval: Interval | null;
  /** People who answered. */
  readonly people: number;
  /** Enrolment of the strata that answered, for whom alone the rate speaks, and of all strata. */
  readonly covered: number;
  readonly population: number;
  /** Strata in which a single person answered, and which share one variance. */
  readonly collapsed: number;
}

interface Weighted {
  /** Nₕ over the enrolment of all strata that answered. */
  readonly weight: number;
  readonly rate: number;
  /** Of the rate of this stratum; null where one person answered for several. */
  readonly variance: number | null;
  /** 1 − nₕ / Nₕ, not below 0. */
  readonly left: number;
  readonly people: number;
}

/**
 * Stratified estimate of a rate with finite population correction:
 *
 *     p = Σ Wₕ pₕ        v(p) = Σ Wₕ² (1 − nₕ/Nₕ) pₕ(1 − pₕ) / (nₕ − 1)        Wₕ = Nₕ / N
 *
 * for one answer each; for several answers of each person the variance within a stratum is that of
 * `varianceOfRate`. Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed., §5.10 (proportions in stratified
 * sampling) and §6.10 (ratios within strata); S. L. Lohr, Sampling: Design and Analysis, 1st ed., Example 4.3, which the
 * tests reproduce, as they do R's survey::svymean and survey::svyratio.
 *
 * The interval is that of `designInterval`: unlike ± 1.96 standard errors it stays within 0 and 1. Where all answers
 * agree, v is 0 without being so, and the effective size is that of the weights alone, 1 / Σ Wₕ²(1 − nₕ/Nₕ)/nₕ
 * (L. Kish 1965, Survey Sampling, §11.7).
 *
 * Strata nobody answered in are left out, and `covered` says how much of the enrolment that leaves: nothing is known
 * about them. Strata with one answer count in the rate; their variance is that of collapsed strata,
 * k/(k − 1) Σ Wₕ²(pₕ − p̄)², which is too large rather than too small (K. M. Wolter 2007, Introduction to Variance
 * Estimation, 2nd ed., §2.5, after Hansen, Hurwitz & Madow 1953). A single one is collapsed with the smallest other
 * stratum. Strata without known enrolment (0) have no weight and are left out.
 *
 * It corrects for unequal shares of answers between strata and for the fraction asked, not for who chose to answer.
 * @returns null where nobody answered
 */
export function weightedRate(strata: readonly Stratum[]): WeightedRate | null {
  const answered = strata.filter(({ population, answers }) => population > 0 && answers.people > 0);
  if (answered.length === 0) return null;
  const covered = answered.reduce((sum, stratum) => sum + stratum.population, 0);
  const parts = answered.map((stratum) => weighted(stratum, covered));
  // Whole numbers before the division, so that 100 % everywhere is 100 %.
  const value =
    answered.reduce((sum, { population }, at) => sum + population * (parts[at]?.rate ?? 0), 0) / covered;
  const spread = spreadOf(parts);
  const all = noAnswers();
  for (const { answers } of answered) mergeAnswersInto(all, answers);
  return {
    kind: 'weighted',
    value,
    standardError: spread && Math.sqrt(spread.variance),
    interval:
      spread && designInterval(value, { ...spread, answered: all.answered, people: peopleWorth(parts) }),
    people: all.people,
    covered,
    population: strata.reduce((sum, stratum) => sum + stratum.population, 0),
    collapsed: parts.filter((part) => part.variance === null).length,
  };
}

function weighted({ population, answers }: Stratum, covered: number): Weighted {
  // More answers than learners (two parents of one child): everybody answered, nothing is left to chance.
  const left = Math.max(0, 1 - answers.people / population);
  return {
    weight: population / covered,
    rate: answers.favourable / answers.answered,
    variance: left === 0 ? 0 : varianceOfRate(answers, 1 - left),
    left,
    people: answers.people,
  };
}

/** Variance of the weighted rate with its degrees of freedom; null where nothing tells the spread of a stratum. */
function spreadOf(parts: readonly Weighted[]): Pick<Design, 'variance' | 'freedom'> | null {
  const lonely = parts.filter(({ variance }) => variance === null);
  const others = parts.filter(({ variance }) => variance !== null);
  if (lonely.length === 1) {
    const smallest = others.reduce<Weighted | null>((a, b) => (a && a.weight <= b.weight ? a : b), null);
    if (!smallest) return null;
    lonely.push(smallest);
    others.splice(others.indexOf(smallest), 1);
  }
  const within = others.reduce((sum, { weight, variance }) => sum + weight ** 2 * (variance ?? 0), 0);
  // Strata where everybody answered add no chance, so their people tell nothing about its size either.
  const freedom = others.reduce((sum, { left, people }) => sum + (left > 0 ? people - 1 : 0), 0);
  return {
    variance: within + collapsedVariance(lonely),
    freedom: freedom + Math.max(0, lonely.length - 1),
  };
}

function collapsedVariance(parts: readonly Weighted[]): number {
  if (parts.length === 0) return 0;
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  const mean = parts.reduce((sum, part) => sum + part.weight * part.rate, 0) / weight;
  const between = parts.reduce((sum, part) => sum + (part.weight * (part.rate - mean)) ** 2, 0);
  return (parts.length / (parts.length - 1)) * between;
}

/** As many people as the sample is worth with these weights alone: 1 / Σ Wₕ²(1 − nₕ/Nₕ)/nₕ. */
function peopleWorth(parts: readonly Weighted[]): number {
  return 1 / parts.reduce((sum, { weight, left, people }) => sum + (weight ** 2 * left) / people, 0);
}
