/** The items that people are most and least satisfied with. */
import { type Column, WHOLE } from './counts.js';
import type { RoundFigures, ShownPart } from './roundFigures.js';

/** An item as one survey on one service asked it, over all units. */
export interface RankedItem {
  readonly column: Column;
  readonly figure: ShownPart;
}

export interface ItemRanks {
  /** The surest of a high rate first. */
  readonly best: readonly RankedItem[];
  /** The surest of a low rate first. */
  readonly lowest: readonly RankedItem[];
  /** How many items are ranked. */
  readonly of: number;
}

/**
 * Up to `most` items at either end; no item stands at both, so that few items make short lists. What is hidden or has no
 * answers is not ranked. Ranked by the end of the interval that speaks against the place: of few answers all may be
 * favourable by luck, and an item that few answered is not the best for that.
 */
export function itemRanks(figures: RoundFigures, most = 5): ItemRanks {
  const ranked = figures.columns
    .flatMap((column) => figures.items(WHOLE, column).map((figure): RankedItem => ({ column, figure })))
    .filter(({ figure }) => figure.rate !== null);
  const ends = Math.min(most, Math.floor(ranked.length / 2));
  const byBound = (bound: 'low' | 'high', way: 1 | -1) =>
    ranked
      .toSorted(
        (a, b) =>
          way * ((a.figure[bound] ?? 0) - (b.figure[bound] ?? 0)) ||
          way * ((a.figure.rate ?? 0) - (b.figure.rate ?? 0)) ||
          (b.figure.answered ?? 0) - (a.figure.answered ?? 0) ||
          (a.figure.code < b.figure.code ? -1 : 1),
      )
      .slice(0, ends);
  const best = byBound('low', -1);
  return { best, lowest: byBound('high', 1).filter((item) => !best.includes(item)), of: ranked.length };
}
