/** Where each count of a tally stands in its row of numbers. */
import type { Measure } from './tally.js';

/** The counts that every survey has, at the beginning of the row. */
export const PLACES = {
  responses: 0,
  expectationSum: 1,
  expectationAnswered: 2,
  allFavourable: 3,
  meanAtLeastFour: 4,
} as const;

/** Counts of one Likert item. */
export interface ItemPlace {
  readonly code: string;
  /** Levels 1 to 5, no opinion, blank: seven counts from here. */
  readonly at: number;
  /** 25 pairs with overall satisfaction from here, its levels within the item's; −1 for overall satisfaction itself. */
  readonly pairsAt: number;
}

/** Sums over people for some items: people who gave a level, x², xy and y² (answersByPerson.ts); four counts. */
export interface SumsPlace {
  readonly at: number;
  readonly items: readonly ItemPlace[];
}

export interface TallyLayout {
  /** Counts in the row. */
  readonly length: number;
  readonly flags: ReadonlyMap<string, number>;
  readonly total: SumsPlace;
  readonly factors: ReadonlyMap<string, SumsPlace>;
  /** The items of the factors in order, and overall satisfaction after them. */
  readonly items: ReadonlyMap<string, ItemPlace>;
}

const SUMS = 4;
const COUNTS = 7;
const PAIRS = 25;

const known = new WeakMap<Measure, TallyLayout>();

/** The layout of a measure; the same object for the same measure. */
export function layoutOf(measure: Measure): TallyLayout {
  const layout = known.get(measure) ?? newLayout(measure);
  known.set(measure, layout);
  return layout;
}

function newLayout(measure: Measure): TallyLayout {
  let next = Object.keys(PLACES).length;
  const take = (counts: number) => {
    next += counts;
    return next - counts;
  };
  const flags = new Map(measure.flags.map((flag) => [flag, take(1)]));
  const totalAt = take(SUMS);
  const factorsAt = measure.factors.map(() => take(SUMS));
  const places = measure.factors.map(({ items }) =>
    items.map((code) => ({ code, at: take(COUNTS), pairsAt: take(PAIRS) })),
  );
  const all = [...places.flat(), { code: measure.overall, at: take(COUNTS), pairsAt: -1 }];
  return {
    length: next,
    flags,
    total: { at: totalAt, items: places.flat() },
    factors: new Map(
      measure.factors.map(({ code }, index) => [
        code,
        { at: factorsAt[index] ?? 0, items: places[index] ?? [] },
      ]),
    ),
    items: new Map(all.map((place) => [place.code, place])),
  };
}
