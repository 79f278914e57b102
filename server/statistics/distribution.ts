/** How the answers spread over the five levels, "không có ý kiến" and blanks. */
import type { LevelCounts, Measure, Tally } from './tally.js';

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

/** Distributions of a tally, in the order of its measure. */
export interface Distributions {
  readonly total: Distribution;
  readonly factors: readonly ({ readonly code: string } & Distribution)[];
  readonly items: readonly ({ readonly code: string } & Distribution)[];
  /** The separate question on overall satisfaction; never pooled with the factors. */
  readonly overall: Distribution;
}

/**
 * Distribution over the counts given, pooled. The shares of the levels have the denominator of the satisfaction rate,
 * so those of 4 and 5 add up to it; silence has a denominator of its own.
 */
export function distributionOf(counts: readonly LevelCounts[]): Distribution {
  const levels = ([0, 1, 2, 3, 4] as const).map((level) => total(counts, (of) => of.levels[level]));
  const noOpinion = total(counts, (of) => of.noOpinion);
  const blank = total(counts, (of) => of.blank);
  const answered = levels.reduce((sum, n) => sum + n, 0);
  const asked = answered + noOpinion + blank;
  const part = (count: number, whole: number): Part => ({ count, share: count / whole });
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = levels;
  return {
    answered,
    asked,
    levels:
      answered === 0
        ? null
        : [
            part(one, answered),
            part(two, answered),
            part(three, answered),
            part(four, answered),
            part(five, answered),
          ],
    noOpinion: asked === 0 ? null : part(noOpinion, asked),
    blank: asked === 0 ? null : part(blank, asked),
  };
}

/**
 * Distributions of every item, every factor and the whole survey.
 * @throws {RangeError} where the tally counts another survey
 */
export function distributionsOf(tally: Tally, measure: Measure): Distributions {
  const countsOf = (code: string): LevelCounts => {
    const counts = tally.items.get(code);
    if (!counts) throw new RangeError(`the tally has no item ${code}`);
    return counts;
  };
  const codes = measure.factors.flatMap((factor) => factor.items);
  return {
    total: distributionOf(codes.map(countsOf)),
    factors: measure.factors.map(({ code, items }) => ({ code, ...distributionOf(items.map(countsOf)) })),
    items: codes.map((code) => ({ code, ...distributionOf([countsOf(code)]) })),
    overall: distributionOf([countsOf(measure.overall)]),
  };
}

function total(counts: readonly LevelCounts[], part: (of: LevelCounts) => number): number {
  return counts.reduce((sum, of) => sum + part(of), 0);
}
