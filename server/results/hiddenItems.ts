/**
 * Which items and factors of a column are hidden, and in which rows. Each item is a table of its own, units by units
 * above them, and all items of a factor add up to it: of one hidden item the others and the factor would tell. So each
 * item that is hidden somewhere has a partner in its factor that is hidden wherever it is.
 *
 * Why that suffices. Let w be a witness of a small cell of item i (secondarySuppression.ts) and j its partner: adding w
 * to the answers to i and taking it from those to j leaves every item, factor and total that is shown as it is.
 */
import { cellKey, type PublishedTable, publishedTable, recounted } from '../statistics/publishedTable.js';
import type { Choice } from '../statistics/secondarySuppression.js';
import { isSuppressed } from '../statistics/suppression.js';
import { type Column, ownRow, type RoundCounts, WHOLE } from './counts.js';
import { measureOf } from './measure.js';

/** Cells by code of item or factor. */
export class HiddenItems {
  readonly #cells = new Map<string, Set<string>>();

  /** Whether an item or factor is hidden in a cell. */
  has(code: string, cell: string): boolean {
    return this.#cells.get(code)?.has(cell) ?? false;
  }

  add(code: string, cells: Iterable<string>): void {
    const known = this.#cells.get(code) ?? new Set();
    this.#cells.set(code, known);
    for (const cell of cells) known.add(cell);
  }

  of(code: string): ReadonlySet<string> {
    return this.#cells.get(code) ?? new Set();
  }
}

/**
 * @param before cells whose total is hidden, and all their items with it
 * @param chosen what is hidden of a table, with what is hidden already
 */
export function hiddenItems(
  counts: RoundCounts,
  column: Column,
  minimum: number,
  before: ReadonlySet<string>,
  chosen: (table: PublishedTable, choice: Choice) => ReadonlySet<string>,
): HiddenItems {
  const { factors } = measureOf(column.survey);
  const whole = counts.pooled(WHOLE, [column]);
  const leaves = [...counts.units.keys()]
    .map(ownRow)
    .filter((row) => counts.offers(row, column.key))
    .map((row) => [cellKey(row, column.key), counts.pooled(row, [column])] as const);
  const rows = counts.rows.filter(({ code }) => counts.offers(code, column.key));
  const empty = publishedTable(rows, [column.key], () => 0);
  const hidden = new HiddenItems();
  for (const [index, { code: factor, items }] of factors.entries())
    for (const item of items) {
      const people = new Map(leaves.map(([key, pooled]) => [key, pooled.answering(item)]));
      if (![...people.values()].some((n) => isSuppressed(n, minimum))) continue;
      const table = recounted(empty, (key) => people.get(key) ?? 0);
      const known = new Set(
        [...before, ...hidden.of(item)].filter((cell) => (table.counts.get(cell) ?? 0) > 0),
      );
      const cells = chosen(table, { hidden: known });
      hidden.add(item, cells);
      const [partner] = items
        .filter((other) => other !== item)
        .sort((one, other) => whole.answering(one) - whole.answering(other));
      if (partner !== undefined) hidden.add(partner, cells);
      else {
        // The only item of its factor is the factor itself: another factor goes with it, whole.
        const beside = factors[index + 1] ?? factors[index - 1];
        for (const code of [factor, ...(beside ? [beside.code, ...beside.items] : [])])
          hidden.add(code, cells);
      }
    }
  return hidden;
}
