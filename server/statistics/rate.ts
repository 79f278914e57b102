/** Satisfaction rates and means over counts of levels, for items, factors, whole surveys and groups. */
import { type Interval, wilsonInterval } from './interval.js';
import type { LevelCounts, Measure, Tally } from './tally.js';

/** A satisfaction rate (top-two-box): the share of given answers that are 4 or 5. */
export interface Rate {
  readonly kind: 'rate';
  /** Answers at 4 or 5. */
  readonly favourable: number;
  /** Answers at 1 to 5: blanks and "không có ý kiến" are not in it. At least 1. */
  readonly answered: number;
  /** People who surely stand behind it: as many as answered the item that most people answered. At least 1. */
  readonly people: number;
  /** favourable / answered, 0 to 1. */
  readonly value: number;
  /**
   * 95 % Wilson interval as if every answer came from somebody else. True of a single item; over several items, which
   * the same people answered, it is too narrow, and `intervalByPerson` is the one that holds.
   */
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
interface MeanPercentage {
  readonly kind: 'percentage';
  readonly sum: number;
  /** People who gave one; at least 1. */
  readonly answered: number;
  readonly value: number;
}

/** Rate and mean of one item, one factor or one survey; null where nobody gave a level. */
export interface Score {
  readonly rate: Rate | null;
  readonly mean: MeanScore | null;
}

/** Every figure of a group of responses to one survey. */
export interface Summary {
  /** People. */
  readonly responses: number;
  /** Over the pooled answers to all Likert items of all factors. */
  readonly total: Score;
  readonly factors: readonly ({ readonly code: string } & Score)[];
  readonly items: readonly ({ readonly code: string; readonly counts: LevelCounts } & Score)[];
  /** The separate question on overall satisfaction; never pooled with the factors. */
  readonly overall: Score;
  /** Expectation met; null where nobody answered. */
  readonly expectation: MeanPercentage | null;
}

/**
 * Satisfaction rate (n4 + n5) / (n1 + … + n5), pooled over the counts given.
 * Source: QĐ 2640/QĐ-BNV (2017), criterion index; the health ministry's general rate pools likewise.
 */
export function satisfactionRate(counts: readonly LevelCounts[]): Rate | null {
  const favourable = total(counts, ({ levels }) => levels[3] + levels[4]);
  const answered = total(counts, answeredOf);
  const people = Math.max(...counts.map(answeredOf));
  return answered === 0 ? null : rateOf(favourable, answered, people);
}

/** Mean Σ level · n / Σ n over the counts given, pooled. Source: the health ministry's method, mean score. */
export function meanScore(counts: readonly LevelCounts[]): MeanScore | null {
  const sum = total(counts, ({ levels }) => levels.reduce((part, n, index) => part + n * (index + 1), 0));
  const answered = total(counts, answeredOf);
  return answered === 0 ? null : { kind: 'mean', sum, answered, value: sum / answered };
}

/** Pooled rate of several groups: all their answers counted together, so larger groups weigh more. */
function pooledRate(rates: readonly Rate[]): Rate | null {
  const answered = total(rates, (rate) => rate.answered);
  return answered === 0
    ? null
    : rateOf(
        total(rates, (rate) => rate.favourable),
        answered,
        total(rates, (rate) => rate.people),
      );
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

/** Every figure of a tally. */
export function summarise(tally: Tally, measure: Measure): Summary {
  const countsOf = (code: string): LevelCounts => {
    const counts = tally.items.get(code);
    if (!counts) throw new RangeError(`the tally has no item ${code}`);
    return counts;
  };
  const all = measure.factors.flatMap((factor) => factor.items);
  const { sum, answered } = tally.expectation;
  return {
    responses: tally.responses,
    total: scoreOf(all.map(countsOf)),
    factors: measure.factors.map(({ code, items }) => ({ code, ...scoreOf(items.map(countsOf)) })),
    items: all.map((code) => ({ code, counts: countsOf(code), ...scoreOf([countsOf(code)]) })),
    overall: scoreOf([countsOf(measure.overall)]),
    expectation: meanPercentage(sum, answered),
  };
}

/** Figures of several groups together, also of groups that answered different surveys. */
export interface PooledFigures extends Score {
  /** People. */
  readonly responses: number;
  readonly expectation: MeanPercentage | null;
}

/** Pools groups: the answers of all of them counted together, so larger groups weigh more. */
export function pooledFigures(
  groups: readonly Pick<Summary, 'responses' | 'total' | 'expectation'>[],
): PooledFigures {
  const rates = groups.flatMap(({ total: { rate } }) => rate ?? []);
  const means = groups.flatMap(({ total: { mean } }) => mean ?? []);
  const expectations = groups.flatMap(({ expectation }) => expectation ?? []);
  const sum = total(means, (mean) => mean.sum);
  const answered = total(means, (mean) => mean.answered);
  return {
    responses: total(groups, (group) => group.responses),
    rate: pooledRate(rates),
    mean: answered === 0 ? null : { kind: 'mean', sum, answered, value: sum / answered },
    expectation: meanPercentage(
      total(expectations, (expectation) => expectation.sum),
      total(expectations, (expectation) => expectation.answered),
    ),
  };
}

function meanPercentage(sum: number, answered: number): MeanPercentage | null {
  return answered === 0 ? null : { kind: 'percentage', sum, answered, value: sum / answered };
}

function scoreOf(counts: readonly LevelCounts[]): Score {
  return { rate: satisfactionRate(counts), mean: meanScore(counts) };
}

function rateOf(favourable: number, answered: number, people: number): Rate {
  const interval = wilsonInterval(favourable, answered);
  return { kind: 'rate', favourable, answered, people, value: favourable / answered, interval };
}

function answeredOf({ levels }: LevelCounts): number {
  return levels[0] + levels[1] + levels[2] + levels[3] + levels[4];
}

function total<T>(parts: readonly T[], part: (of: T) => number): number {
  return parts.reduce((sum, of) => sum + part(of), 0);
}
