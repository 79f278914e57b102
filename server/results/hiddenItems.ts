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
import { hiddenCells } from '../statistics/secondarySuppression.js';
import { isSuppressed } from '../statistics/suppression.js';
import { type Column, ownRow, type RoundCounts } from './counts.js';
import { measureOf } from './measure.js';

/** A lowest cell. */
interface Leaf {
  readonly key: string;
  /** The cells of the rows it is part of. */
  readonly above: readonly string[];
  /** How many people gave an answer to each item and factor, by its place in the list of codes. */
  readonly people: readonly number[];
}

export class HiddenItems {
  /** Cells by code of item or factor. */
  readonly #cells = new Map<string, Set<string>>();
  /** Cells in which no item or factor is shown. */
  readonly #everything = new Set<string>();
  readonly #minimum: number;
  readonly #factors: readonly { readonly code: string; readonly items: readonly string[] }[];
  /** Places of items and factors in what a leaf has of them. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #empty: PublishedTable;
  readonly #leaves: readonly Leaf[];
  /** Cells whose total is hidden, and everything else with it. */
  readonly #before: readonly string[];

  /**
   * @param before cells whose total is hidden
   * @param earlier of the same column at an earlier moment
   * @returns the earlier one where nothing has changed that it depends on
   */
  static of(
    counts: RoundCounts,
    column: Column,
    minimum: number,
    before: ReadonlySet<string>,
    earlier?: HiddenItems,
  ): HiddenItems {
    const now = new HiddenItems(counts, column, minimum, before);
    if (earlier && now.#isSame(earlier)) return earlier;
    now.#hideAll();
    return now;
  }

  private constructor(counts: RoundCounts, column: Column, minimum: number, before: ReadonlySet<string>) {
    this.#minimum = minimum;
    this.#factors = measureOf(column.survey).factors;
    const codes = this.#factors.flatMap(({ code, items }) => [code, ...items]);
    this.#places = new Map(codes.map((code, place) => [code, place]));
    const rows = counts.rows.filter(({ code }) => counts.offers(code, column.key));
    this.#empty = publishedTable(rows, [column.key], () => 0);
    this.#before = [...this.#empty.counts.keys()].filter((cell) => before.has(cell));
    const keyOf = (row: string) => cellKey(row, column.key);
    const factors = new Set(this.#factors.map(({ code }) => code));
    this.#leaves = [...counts.units.keys()].map(ownRow).flatMap((row) => {
      const tally = counts.tally(row, column.key);
      if (!tally) return [];
      const people = codes.map((code) => (factors.has(code) ? tally.peopleOf(code) : tally.answering(code)));
      return [{ key: keyOf(row), above: counts.rowsAbove(row).map(keyOf), people }];
    });
  }

  /** Whether an item or factor is hidden in a cell. */
  has(code: string, cell: string): boolean {
    return this.#everything.has(cell) || (this.#cells.get(code)?.has(cell) ?? false);
  }

  /** Whether another depends on the same, and so hides the same. */
  #isSame(other: HiddenItems): boolean {
    const isEqual = <T>(one: readonly T[], two: readonly T[]) =>
      one.length === two.length && one.every((each, at) => each === two[at]);
    return (
      isEqual([...this.#empty.counts.keys()], [...other.#empty.counts.keys()]) &&
      isEqual(this.#before, other.#before) &&
      this.#leaves.every(({ people }, at) => isEqual(people, other.#leaves[at]?.people ?? []))
    );
  }

  #hideAll(): void {
    for (const { code, items } of this.#factors) {
      for (const item of items) this.#hide(item, code);
      this.#hide(code, code);
    }
  }

  /** Hides an item, or a factor, where it is small and where that would show. */
  #hide(code: string, factor: string): void {
    const people = new Map(this.#leaves.map((leaf) => [leaf.key, this.#people(leaf, code)]));
    if (![...people.values()].some((n) => isSuppressed(n, this.#minimum))) return;
    const table = recounted(this.#empty, (key) => people.get(key) ?? 0);
    const known = new Set(
      [...this.#before, ...this.#everything, ...(this.#cells.get(code) ?? [])].filter(
        (cell) => (table.counts.get(cell) ?? 0) > 0,
      ),
    );
    const { small, complementary } = hiddenCells(table, this.#minimum, { hidden: known });
    const cells = new Set([...known, ...small, ...complementary]);
    const leaves = this.#leaves.filter(({ key }) => cells.has(key));
    const partners = this.#partnersOf(code, factor, leaves);
    if (partners) {
      for (const each of [code, ...partners]) this.#add(each, cells);
      return;
    }
    for (const cell of cells) this.#everything.add(cell);
    for (const { above } of leaves) for (const cell of above) this.#everything.add(cell);
  }

  /** What is hidden along with an item or factor; null where nothing is answered in all those cells. */
  #partnersOf(code: string, factor: string, leaves: readonly Leaf[]): string[] | null {
    const isAnswered = (item: string) => leaves.every((leaf) => this.#people(leaf, item) > 0);
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

  #people({ people }: Leaf, code: string): number {
    return people[this.#places.get(code) ?? -1] ?? 0;
  }

  #add(code: string, cells: ReadonlySet<string>): void {
    const known = this.#cells.get(code);
    if (!known) this.#cells.set(code, new Set(cells));
    else for (const cell of cells) known.add(cell);
  }
}
