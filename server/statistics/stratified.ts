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
import { rateOfStratum, type UnitsOfStratum } from './twoStage.js';

/** One stratum in which people are asked directly: a unit, or whatever else every person of can be asked. */
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
  /** Strata in which a single person, or a single unit of several, answered, and which share one variance. */
  readonly collapsed: number;
}

interface Weighted {
  /** Nₕ over the enrolment of all strata that answered. */
  readonly weight: number;
  readonly rate: number;
  /** Of the rate of this stratum; null where one person, or one unit, answered for several. */
  readonly variance: number | null;
  /** Degrees of freedom of `variance`. */
  readonly freedom: number;
  /** Whether `variance` is one between units, and `freedom` counts units. */
  readonly byUnits: boolean;
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
 * `varianceOfRate`. Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed., on proportions in stratified
 * sampling and on ratios within strata; S. L. Lohr, Sampling: Design and Analysis, 1st ed., Example 4.3, which the
 * tests reproduce, as they do R's survey::svymean and survey::svyratio.
 *
 * The interval is that of `designInterval`: unlike ± 1.96 standard errors it stays within 0 and 1. Where all answers
 * agree, v is 0 without being so, and the effective size is that of the weights alone, 1 / Σ Wₕ²(1 − nₕ/Nₕ)/nₕ
 * (L. Kish 1965, Survey Sampling, on the cost of weights).
 *
 * Strata nobody answered in are left out, and `covered` says how much of the enrolment that leaves: nothing is known
 * about them. Strata with one answer count in the rate; their variance is that of collapsed strata,
 * k/(k − 1) Σ Wₕ²(pₕ − p̄)², which is too large rather than too small (K. M. Wolter 2007, Introduction to Variance
 * Estimation, 2nd ed., after Hansen, Hurwitz & Madow 1953). A single one is collapsed with the smallest other
 * stratum. Strata without known enrolment (0) have no weight and are left out.
 *
 * A stratum of which not all units have answers is estimated from those that have (twoStage.ts), with one variance
 * between units; one of which all have is as many strata as it has units. Where variances of both kinds meet, their
 * degrees of freedom are put together as by F. E. Satterthwaite (1946), An approximate distribution of estimates of
 * variance components, Biometrics Bulletin 2(6):110–114.
 *
 * It corrects for unequal shares of answers between strata and for the fraction asked, not for who chose to answer.
 * @param ofUnits strata made of units
 * @returns null where nobody answered
 */
export function weightedRate(
  strata: readonly Stratum[],
  ofUnits: readonly UnitsOfStratum[] = [],
): WeightedRate | null {
  const inPart = ofUnits.filter(({ units, answering }) => answering.length > 0 && answering.length < units);
  const answered = [
    ...strata,
    ...ofUnits.flatMap(({ units, answering }) => (answering.length === units ? answering : [])),
  ].filter(({ population, answers }) => population > 0 && answers.people > 0);
  const covered = [...answered, ...inPart].reduce((sum, stratum) => sum + stratum.population, 0);
  if (covered === 0) return null;
  const parts = [
    ...answered.map((stratum) => ({ of: stratum.population, ...ofPeople(stratum, covered) })),
    ...inPart.map((stratum) => ({ of: stratum.population, ...ofSomeUnits(stratum, covered) })),
  ];
  // Whole numbers before the division, so that 100 % everywhere is 100 %.
  const value = parts.reduce((sum, { of, rate }) => sum + of * rate, 0) / covered;
  const spread = spreadOf(parts);
  const all = noAnswers();
  for (const { answers } of [...answered, ...inPart.flatMap(({ answering }) => answering)])
    mergeAnswersInto(all, answers);
  return {
    kind: 'weighted',
    value,
    standardError: spread && Math.sqrt(spread.variance),
    interval:
      spread && designInterval(value, { ...spread, answered: all.answered, people: peopleWorth(parts) }),
    people: all.people,
    covered,
    population: [...strata, ...ofUnits].reduce((sum, stratum) => sum + stratum.population, 0),
    collapsed: parts.filter((part) => part.variance === null).length,
  };
}

function ofPeople({ population, answers }: Stratum, covered: number): Weighted {
  // More answers than learners (two parents of one child): everybody answered, nothing is left to chance.
  const left = Math.max(0, 1 - answers.people / population);
  return {
    weight: population / covered,
    rate: answers.favourable / answers.answered,
    variance: left === 0 ? 0 : varianceOfRate(answers, 1 - left),
    // Strata where everybody answered add no chance, so their people tell nothing about its size either.
    freedom: left === 0 ? 0 : answers.people - 1,
    byUnits: false,
    left,
    people: answers.people,
  };
}

function ofSomeUnits(stratum: UnitsOfStratum, covered: number): Weighted {
  const people = stratum.answering.reduce((sum, { answers }) => sum + answers.people, 0);
  return {
    weight: stratum.population / covered,
    ...rateOfStratum(stratum),
    byUnits: true,
    left: Math.max(0, 1 - people / stratum.population),
    people,
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
  const byUnits = sumOf(others.filter((part) => part.byUnits));
  const byPeople = sumOf(others.filter((part) => !part.byUnits));
  // What was put together from strata with one answer each counts with those whose answers are alike in kind.
  const together = lonely.some((part) => part.byUnits) ? byUnits : byPeople;
  together.variance += collapsedVariance(lonely);
  together.freedom += Math.max(0, lonely.length - 1);
  return {
    variance: byUnits.variance + byPeople.variance,
    freedom: freedomOf([byUnits, byPeople]),
  };
}

interface Component {
  variance: number;
  freedom: number;
}

function sumOf(parts: readonly Weighted[]): Component {
  return {
    variance: parts.reduce((sum, { weight, variance }) => sum + weight ** 2 * (variance ?? 0), 0),
    freedom: parts.reduce((sum, { freedom }) => sum + freedom, 0),
  };
}

/** Satterthwaite's degrees of freedom of a sum of variances, rounded down; where nothing varies, all that there are. */
function freedomOf(components: readonly Component[]): number {
  const moving = components.filter(({ variance, freedom }) => variance > 0 && freedom > 0);
  const total = moving.reduce((sum, { variance }) => sum + variance, 0);
  if (total === 0) return components.reduce((sum, { freedom }) => sum + freedom, 0);
  // Nine digits: rounding must not take one from where there is a single variance.
  const freedom = total ** 2 / moving.reduce((sum, each) => sum + each.variance ** 2 / each.freedom, 0);
  return Math.floor(Number(freedom.toPrecision(9)));
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
