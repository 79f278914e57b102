/** How the answers spread over the five levels, "không có ý kiến" and blanks. */
import type { LevelCounts } from './tally.js';

/** A part of the answers: how many, and which share of all they were counted among. */
interface Part {
  readonly count: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Where the answers to one item, one factor or one survey lie. */
export interface Distribution {
  /** Answers at 1 to 5. */
  readonly answered: number;
  /** Questions put: answered, "không có ý kiến" and blanks together. */
  readonly asked: number;
  /** Levels 1 to 5 in that order, each with its share of `answered`; null where nobody gave a level. */
  readonly levels: readonly [Part, Part, Part, Part, Part] | null;
  /** Shares of `asked`; null where nobody was asked. */
  readonly noOpinion: Part | null;
  readonly blank: Part | null;
}

/**
 * Distribution over the counts given. The shares of the levels have the denominator of the satisfaction rate,
 * so those of 4 and 5 add up to it; silence has a denominator of its own.
 */
export function distributionOf({ levels, noOpinion, blank }: LevelCounts): Distribution {
  const [one, two, three, four, five] = levels;
  const answered = one + two + three + four + five;
  const asked = answered + noOpinion + blank;
  const level = (count: number): Part => ({ count, share: count / answered });
  const silence = (count: number): Part | null => (asked === 0 ? null : { count, share: count / asked });
  return {
    answered,
    asked,
    levels: answered === 0 ? null : [level(one), level(two), level(three), level(four), level(five)],
    noOpinion: silence(noOpinion),
    blank: silence(blank),
  };
}
