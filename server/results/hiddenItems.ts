/**
 * Which items and factors of a column are hidden, and in which rows. Each is a table of its own, units by units above
 * them; items add up to their factor and factors to the total, so of one that is hidden the others would tell. Each that
 * is hidden somewhere therefore has a partner that is hidden in the same cells: an item another item of its factor, a
 * factor another factor, with one item of each.
 *
 * Why that suffices. Let w be a witness of a small cell of item i (secondarySuppression.ts) and j its partner, which
 * somebody answered wherever w differs: adding w to the answers to i and taking it from those to j leaves every item,
 * factor and total that is shown as it is. Where no partner is answered everywhere, no item or factor is shown in those
 * cells, nor in any row above them: then nothing but their totals tells of them.
 */
import { cellKey, type PublishedTable, publishedTable, recounted } from '../statistics/publishedTable.js';
import type { Choice } from '../statistics/secondarySuppression.js';
import { isSuppressed } from '../statistics/suppression.js';
import { type Column, ownRow, type RoundCounts } from './counts.js';
import { measureOf } from './measure.js';

/** What is hidden of a table, with what is hidden already. */
type Chosen = (table: PublishedTable, choice: Choice) => ReadonlySet<string>;

export class HiddenItems {
  /** Cells by code of item or factor. */
  readonly #cells = new Map<string, Set<string>>();
  readonly #counts: RoundCounts;
  readonly #column: Column;
  readonly #factors: readonly { readonly code: string; readonly items: readonly string[] }[];
  readonly #empty: PublishedTable;
  readonly #leaves: readonly { readonly row: string; readonly key: string }[];

  /** @param before cells whose total is hidden, and everything else with it */
  constructor(
    counts: RoundCounts,
    column: Column,
    minimum: number,
    before: ReadonlySet<string>,
    chosen: Chosen,
  ) {
    this.#counts = counts;
    this.#column = column;
    this.#factors = measureOf(column.survey).factors;
    const rows = counts.rows.filter(({ code }) => counts.offers(code, column.key));
    this.#empty = publishedTable(rows, [column.key], () => 0);
    this.#leaves = [...counts.units.keys()]
      .map((unit) => ({ row: ownRow(unit), key: cellKey(ownRow(unit), column.key) }))
      .filter(({ row }) => counts.offers(row, column.key));
    for (const { code, items } of this.#factors) {
      for (const item of items) this.#hide(item, code, minimum, before, chosen);
      this.#hide(code, code, minimum, before, chosen);
    }
  }

  /** Whether an item or factor is hidden in a cell. */
  has(code: string, cell: string): boolean {
    return this.#cells.get(code)?.has(cell) ?? false;
  }

  /** Hides an item, or a factor, where it is small and where that would show. */
  #hide(code: string, factor: string, minimum: number, before: ReadonlySet<string>, chosen: Chosen): void {
    const people = new Map(this.#leaves.map(({ row, key }) => [key, this.#people(row, code)]));
    if (![...people.values()].some((n) => isSuppressed(n, minimum))) return;
    const table = recounted(this.#empty, (key) => people.get(key) ?? 0);
    const known = new Set(
      [...before, ...(this.#cells.get(code) ?? [])].filter((cell) => (table.counts.get(cell) ?? 0) > 0),
    );
    const cells = [...chosen(table, { hidden: known })].filter((cell) => (table.counts.get(cell) ?? 0) > 0);
    const leaves = this.#leaves.filter(({ key }) => cells.includes(key)).map(({ row }) => row);
    const partners = this.#partnersOf(code, factor, leaves);
    for (const each of partners ? [code, ...partners] : this.#codes()) this.#add(each, cells);
    if (!partners)
      for (const row of new Set(leaves.flatMap((leaf) => this.#counts.rowsAbove(leaf))))
        for (const each of this.#codes()) this.#add(each, [cellKey(row, this.#column.key)]);
  }

  /** What is hidden along with an item or factor; null where nothing is answered in all those rows. */
  #partnersOf(code: string, factor: string, leaves: readonly string[]): string[] | null {
    const isAnswered = (item: string) => leaves.every((row) => this.#people(row, item) > 0);
    const own = this.#factors.find((each) => each.code === factor)?.items ?? [];
    const beside = own.find((item) => item !== code && isAnswered(item));
    if (code !== factor && beside !== undefined) return [beside];
    const one = code === factor ? own.find(isAnswered) : code;
    for (const other of this.#factors) {
      const item = other.items.find(isAnswered);
      if (other.code !== factor && one !== undefined && item !== undefined)
        return [one, factor, item, other.code];
    }
    return null;
  }

  #people(row: string, code: string): number {
    const pooled = this.#counts.pooled(row, [this.#column]);
    return this.#factors.some((factor) => factor.code === code)
      ? pooled.peopleOf(code)
      : pooled.answering(code);
  }

  #codes(): string[] {
    return this.#factors.flatMap(({ code, items }) => [code, ...items]);
  }

  #add(code: string, cells: Iterable<string>): void {
    const known = this.#cells.get(code) ?? new Set();
    this.#cells.set(code, known);
    for (const cell of cells) known.add(cell);
  }
}
