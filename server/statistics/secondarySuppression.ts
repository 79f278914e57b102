/** Hiding more cells than the small ones, so that no small one comes back by subtraction. */
import { type Arc, type CellNetwork, cellNetwork, cheapestPath, type Step } from './cellNetwork.js';
import type { PublishedTable } from './publishedTable.js';
import { isSuppressed } from './suppression.js';

/** Keys of cells that must not be shown. A page shows both alike: which is which would tell that a cell is small. */
export interface HiddenCells {
  /** Cells with at least one person and fewer than the minimum. */
  readonly small: ReadonlySet<string>;
  /** Cells hidden so that those stay hidden. */
  readonly complementary: ReadonlySet<string>;
}

/**
 * Chooses what to hide. Afterwards, from all cells shown and all sums between cells, the largest value that fits a
 * small cell is at least the minimum: it cannot be computed, nor can its smallness be concluded, nor does any sum of
 * hidden cells that can be computed stand for fewer people than the minimum. The same sums hold for the favourable
 * answers behind a rate, so a rate comes back no more than its count does.
 *
 * Method: the shortest-path heuristic for complementary suppression in tables that are networks (J. P. Kelly,
 * B. L. Golden & A. A. Assad 1992, Cell suppression: disclosure protection for sensitive tabular data, Networks
 * 22:397–417; J. Castro 2007, A shortest-paths heuristic for statistical data protection in positive tables, INFORMS
 * Journal on Computing 19:520–533). Small cells are taken smallest first; each is raised to the minimum along cheapest
 * paths, hidden cells costing nothing and others as many people as stand behind them, so that the smallest suitable
 * cells are hidden, and totals last. It is a heuristic: it hides little, not always the least possible.
 *
 * Empty cells are shown as empty and hide nothing. Cells of different tables that share totals must be one table here,
 * or what one hides the other tells. Whoever knows one hidden figure from elsewhere, such as a unit its own, knows
 * more than the tables; and where all hidden answers together are favourable, or none, so is each.
 * @param minimum fewest people a figure may stand for
 * @throws {RangeError} see `cellNetwork`
 */
export function hiddenCells(table: PublishedTable, minimum: number): HiddenCells {
  const network = cellNetwork(table);
  const small = [...network.arcs.values()]
    .filter(({ count }) => isSuppressed(count, minimum))
    .sort((a, b) => a.count - b.count);
  const smallKeys = new Set(small.map(({ key }) => key));
  const hidden = new Set(smallKeys);
  for (const cell of small) protect(network, cell, minimum - cell.count, hidden);
  const complementary = new Set([...hidden].filter((key) => !smallKeys.has(key)));
  return { small: smallKeys, complementary };
}

/** Hides what is needed for `cell` to be up to `missing` higher than it is. */
function protect(network: CellNetwork, cell: Arc, missing: number, hidden: Set<string>): void {
  /** How far each cell has been raised by the paths so far. */
  const raised = new Map<string, number>();
  const room = ({ arc, forward }: Step): number => {
    if (arc.key === cell.key || arc.count === 0) return 0;
    return forward ? Number.POSITIVE_INFINITY : arc.count + (raised.get(arc.key) ?? 0);
  };
  const pathWith = (least: number, mayHide: boolean): Step[] | null =>
    cheapestPath(network, cell.head, cell.tail, (step) => {
      if (room(step) < least) return Number.POSITIVE_INFINITY;
      if (hidden.has(step.arc.key)) return 0;
      return mayHide ? step.arc.count : Number.POSITIVE_INFINITY;
    });
  for (let left = missing; left > 0; ) {
    const path = pathWith(1, false) ?? pathWith(left, true) ?? pathWith(1, true);
    // Raising every total above the cell together with it is always a path; without one nothing may be published.
    if (!path) throw new Error(`nothing hides ${cell.key}`);
    const amount = Math.min(left, ...path.map(room));
    for (const { arc, forward } of path) {
      hidden.add(arc.key);
      raised.set(arc.key, (raised.get(arc.key) ?? 0) + (forward ? amount : -amount));
    }
    left -= amount;
  }
}
