/**
 * How alike the answers of one person are. Twenty-five answers of one person are not twenty-five people, so an
 * interval that counts answers as if each came from somebody else is too narrow. Five sums over people suffice to
 * know by how much; they add up like every other count.
 */
import { effectiveWilsonInterval, type Interval } from './interval.js';
import { type Answers, isLevel } from './tally.js';

/** Sums over people, each with x levels given, y of them 4 or 5; whole numbers. */
export interface AnswersByPerson {
  /** People with x > 0. */
  people: number;
  /** Σx. */
  answered: number;
  /** Σy. */
  favourable: number;
  /** Σx². */
  answeredSquared: number;
  /** Σxy. */
  product: number;
  /** Σy². */
  favourableSquared: number;
}

/** Sums over nobody. */
export function noAnswers(): AnswersByPerson {
  return { people: 0, answered: 0, favourable: 0, answeredSquared: 0, product: 0, favourableSquared: 0 };
}

/** Adds one person's answers to the items of `codes`: one item, one factor or all factors. */
export function addAnswers(sums: AnswersByPerson, codes: readonly string[], answers: Answers): void {
  const levels = codes.map((code) => answers[code]).filter(isLevel);
  const favourable = levels.filter((level) => level >= 4).length;
  mergeAnswersInto(sums, {
    people: levels.length === 0 ? 0 : 1,
    answered: levels.length,
    favourable,
    answeredSquared: levels.length ** 2,
    product: levels.length * favourable,
    favourableSquared: favourable ** 2,
  });
}

/** Adds the sums of `other` to `sums`. */
export function mergeAnswersInto(sums: AnswersByPerson, other: AnswersByPerson): void {
  sums.people += other.people;
  sums.answered += other.answered;
  sums.favourable += other.favourable;
  sums.answeredSquared += other.answeredSquared;
  sums.product += other.product;
  sums.favourableSquared += other.favourableSquared;
}

/** Sums for one item, where every person gives one answer and the counts alone tell all. */
export function oneAnswerEach(favourable: number, answered: number): AnswersByPerson {
  return {
    people: answered,
    answered,
    favourable,
    answeredSquared: answered,
    product: favourable,
    favourableSquared: favourable,
  };
}

/**
 * Variance of the rate Σy / Σx over people, each person a cluster of answers:
 *
 *     v = (1 − f) / (n x̄²) · Σ(y − px)² / (n − 1)        x̄ = Σx / n, f = fraction of the population that answered
 *
 * With one answer each it is (1 − f) p(1 − p) / (n − 1). Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed.,
 * §3.12, proportions in cluster sampling, whose example the tests reproduce. It is never taken to be
 * below that of as many independent answers: a few people who happen to be alike do not make a rate certain.
 * @param fraction f, 0 to 1; 0 where the population is large or not known
 * @returns null for fewer than two people, whose spread nobody knows
 */
export function varianceOfRate(sums: AnswersByPerson, fraction = 0): number | null {
  const { people, answered, favourable, answeredSquared, product, favourableSquared } = sums;
  if (people < 2) return null;
  const rate = favourable / answered;
  const residual = favourableSquared - 2 * rate * product + rate * rate * answeredSquared;
  const clustered = (residual / (people - 1)) * (people / answered ** 2);
  const independent = (rate * (1 - rate)) / (answered - 1);
  return (1 - fraction) * Math.max(clustered, independent);
}

/**
 * 95 % interval of a rate over several answers of each person: Wilson's on the effective sample size, which is
 * the number of answers over the design effect. With one answer each it is Wilson's interval of the counts.
 *
 * Where all answers agree, the design effect cannot be seen, and people are counted instead of answers.
 * @returns null for fewer than two people
 */
export function intervalByPerson(sums: AnswersByPerson): Interval | null {
  const variance = varianceOfRate(sums);
  if (variance === null) return null;
  const rate = sums.favourable / sums.answered;
  if (rate === 0 || rate === 1) return effectiveWilsonInterval(rate, sums.people);
  return effectiveWilsonInterval(rate, effectiveAnswers(rate, sums.answered, variance));
}

/** Sample size over design effect: n / (v / (p(1 − p) / (n − 1))). Source: L. Kish (1965), Survey Sampling, §8.2. */
export function effectiveAnswers(rate: number, answered: number, variance: number): number {
  return (answered / (answered - 1)) * ((rate * (1 - rate)) / variance);
}
