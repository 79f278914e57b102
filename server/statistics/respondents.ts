/**
 * Rates of people rather than of answers. They cannot be had from counts per item, so a tally keeps two more counters,
 * `allFavourable` and `meanAtLeastFour`, beside the number of people they are shares of.
 */
import { type Interval, wilsonInterval } from './interval.js';

/** Counts of people over a group of responses to one survey; whole numbers. */
export interface RespondentCounts {
  /** People who gave a level to at least one item of the factors. */
  people: number;
  /** Of these, all of whose levels are 4 or 5. */
  allFavourable: number;
  /** Of these, whose own mean level is at least 4. Never fewer than `allFavourable`. */
  meanAtLeastFour: number;
}

/** A share of people, named apart from a `Rate`, which is a share of answers. */
interface RespondentRate {
  readonly kind: 'respondents';
  readonly favourable: number;
  /** At least 1. */
  readonly people: number;
  /** favourable / people, 0 to 1. */
  readonly value: number;
  /** 95 % Wilson interval; people answer independently, so it holds as it is. */
  readonly interval: Interval;
}

/** Both rates of people; null where nobody gave a level. */
export interface RespondentRates {
  /** Share of people all of whose answers are 4 or 5. */
  readonly allFavourable: RespondentRate | null;
  /** Share of people whose own mean is at least 4. */
  readonly meanAtLeastFour: RespondentRate | null;
}

/**
 * Rates of people. Source of the first: the health ministry's method, comprehensive rate (people all of whose answers
 * are 4–5); the second is the same for people who are satisfied on the whole.
 */
export function respondentRates(counts: RespondentCounts): RespondentRates {
  return {
    allFavourable: rateOf(counts.allFavourable, counts.people),
    meanAtLeastFour: rateOf(counts.meanAtLeastFour, counts.people),
  };
}

function rateOf(favourable: number, people: number): RespondentRate | null {
  if (people === 0) return null;
  const interval = wilsonInterval(favourable, people);
  return { kind: 'respondents', favourable, people, value: favourable / people, interval };
}
