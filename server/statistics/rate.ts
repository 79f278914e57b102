/** Satisfaction rates, mean scores and the simple mean of groups. */
import { type AnswersByPerson, intervalByPerson } from './answersByPerson.js';
import { effectiveWilsonInterval, type Interval } from './interval.js';
import type { LevelCounts } from './tally.js';

/** A satisfaction rate (top-two-box): the share of given answers that are 4 or 5. */
export interface Rate {
  readonly kind: 'rate';
  /** Answers at 4 or 5. */
  readonly favourable: number;
  /** Answers at 1 to 5: blanks and "không có ý kiến" are not in it. At least 1. */
  readonly answered: number;
  /** People who gave them. At least 1. */
  readonly people: number;
  /** favourable / answered, 0 to 1. */
  readonly value: number;
  /** 95 % Wilson interval; where people gave several answers each, see `intervalByPerson`. */
  readonly interval: Interval;
}

/** A mean score on the five levels. */
export interface MeanScore {
  readonly kind: 'mean';
  /** Sum of the levels given. */
  readonly sum: number;
  /** Answers at 1 to 5; at least 1. */
  readonly answered: number;
  /** sum / answered, 1 to 5. */
  readonly value: number;
}

/** A mean of percentages given by people, 0 to 100. */
export interface MeanPercentage {
  readonly kind: 'percentage';
  readonly sum: number;
  /** People who gave one; at least 1. */
  readonly answered: number;
  readonly value: number;
}

/**
 * Satisfaction rate (n4 + n5) / (n1 + … + n5), pooled over answers and people.
 * Source: QĐ 2640/QĐ-BNV (2017), criterion index; the health ministry's general rate pools likewise.
 * @returns null where nobody gave a level
 */
export function satisfactionRate(sums: AnswersByPerson): Rate | null {
  const { favourable, answered, people } = sums;
  if (answered === 0) return null;
  const value = favourable / answered;
  // One person's spread nobody knows: however many answers, they tell no more than one does.
  const interval = intervalByPerson(sums) ?? effectiveWilsonInterval(value, people);
  return { kind: 'rate', favourable, answered, people, value, interval };
}

/**
 * Mean Σ level · n / Σ n, pooled. Source: the health ministry's method, mean score.
 * @returns null where nobody gave a level
 */
export function meanScore({ levels: [one, two, three, four, five] }: LevelCounts): MeanScore | null {
  const answered = one + two + three + four + five;
  const sum = one + 2 * two + 3 * three + 4 * four + 5 * five;
  return answered === 0 ? null : { kind: 'mean', sum, answered, value: sum / answered };
}

/** Mean of percentages; null where nobody gave one. Source: the health ministry's method, expectation met. */
export function meanPercentage(sum: number, answered: number): MeanPercentage | null {
  return answered === 0 ? null : { kind: 'percentage', sum, answered, value: sum / answered };
}

/**
 * Simple mean of groups: every group weighs the same, whatever its size. Not a pooled rate, and named apart
 * wherever it is shown: the releases of one city used it for its "overall" in 2023 (mean of factors) and 2024
 * (mean of parents and students).
 * @param values one figure for each group, all on the same scale
 * @returns null where there is no group
 */
export function simpleMeanOfGroups(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
