/**
 * What of a round is not shown, on any page and in any file, because too few people stand behind it, or because
 * somebody who subtracts figures from each other would find such a one.
 *
 * All tables of a round are looked at together. The large one has the units, every unit above them and the whole round
 * by what was asked there, with the total over all of it. It is looked at once for each question whose people differ:
 * all factors together, overall satisfaction, expectation; items are looked at in hiddenItems.ts. Figures over other
 * sets of cells – one service with several surveys, an area class, one survey – are hidden where any witness of a small
 * cell (secondarySuppression.ts) differs in them. Groups of people, such as those of one channel, are parts of a whole;
 * what of them is hidden is told in hiddenGroups.ts.
 *
 * Revisions. Where the same round was published before with fewer answers, whoever has both subtracts one from the
 * other; and where nothing came to a figure in between, it was the same before. So a later revision hides, beside what is
 * hidden of its own counts, what was hidden of the first revision, and of each table of what came between one revision
 * and the next (`others`). Why that suffices: let x1, x2, … be what the revisions count; answers only come to them. A
 * figure that is small in some xj, or in what came between xi and xj, has somebody in it who is in x1, or came between
 * some xk and the next; then it is small there too, and has a witness that differs only where that table is hidden, and
 * nowhere where that table is empty. Adding the witness to this revision and to all later ones leaves everything shown
 * of any of them as it is, what came between others as well, and what is empty empty.
 */
import type { Pooled } from '../statistics/pooled.js';
import {
  ALL_COLUMNS,
  cellKey,
  type PublishedTable,
  publishedTable,
  recounted,
} from '../statistics/publishedTable.js';
import { type Choice, hiddenCells } from '../statistics/secondarySuppression.js';
import { isSuppressed } from '../statistics/suppression.js';
import { type Column, ownRow, type RoundCounts, WHOLE } from './counts.js';
import { type HiddenGroups, hiddenGroups } from './hiddenGroups.js';
import { HiddenItems } from './hiddenItems.js';
import { areFactorsHidden } from './wholeFactors.js';

/** What a figure is about; the people behind each are counted apart. */
export type Subject = 'total' | 'overall' | 'expectation';

const PEOPLE: Readonly<Record<Subject, (of: Pooled) => number>> = {
  total: (of) => of.people,
  overall: (of) => of.answeringOverall,
  expectation: (of) => of.expectation?.answered ?? 0,
};

/** Keys of figures over several cells that are in no row or column of the table. */
const serviceKey = (row: string, service: string) => JSON.stringify(['service', row, service]);
const areaKey = (area: string, column: string) => JSON.stringify(['area', area, column]);
const surveyKey = (survey: string) => JSON.stringify(['survey', survey]);

export class Hiding {
  readonly #counts: RoundCounts;
  readonly #minimum: number;
  readonly #others: readonly Hiding[];
  readonly #cells: Cells;
  readonly #hidden: Readonly<Record<Subject, ReadonlySet<string>>>;
  readonly #items = new Map<string, HiddenItems>();
  readonly #earlier: ReadonlyMap<string, HiddenItems>;
  #places: ReadonlyMap<string, readonly string[]> | undefined;

  /**
   * @param minimum fewest people a figure may stand for
   * @param others tables of the same rows and columns of which nothing hidden may be shown here either
   * @param earlier of the same round at an earlier moment: what has not changed since is not worked out again
   */
  constructor(counts: RoundCounts, minimum: number, others: readonly Hiding[] = [], earlier?: Hiding) {
    this.#counts = counts;
    this.#minimum = minimum;
    this.#others = others;
    this.#earlier = new Map(earlier ? [...earlier.#earlier, ...earlier.#items] : []);
    this.#cells = cellsOf(counts);
    const total = this.#hiddenFor('total', new Set());
    this.#hidden = {
      total,
      overall: this.#hiddenFor('overall', total),
      expectation: this.#hiddenFor('expectation', total),
    };
  }

  /**
   * Whether the same choice still holds for later counts of the round: where no figure was small that has changed, and
   * none is small now. Counts only grow, so every witness fits them as well.
   */
  holdsFor(counts: RoundCounts): boolean {
    const isSame = (of: readonly { readonly code?: string; readonly key?: string }[]) =>
      JSON.stringify(of.map(({ code, key }) => code ?? key));
    if (isSame(counts.rows) !== isSame(this.#counts.rows)) return false;
    if (isSame(counts.columns) !== isSame(this.#counts.columns)) return false;
    return [...this.#cells.lowest.values()].every(({ row, column }) => {
      const [before, now] = [this.#counts.tally(row, column.key), counts.tally(row, column.key)];
      if (before === now) return true;
      const people = [...(before?.everyPeople ?? []), ...(now?.everyPeople ?? [])];
      return !people.some((n) => isSuppressed(n, this.#minimum));
    });
  }

  /** Whether the figure of a row is hidden, in one column or over all of them. */
  cell(subject: Subject, row: string, column?: Column): boolean {
    const [only] = this.#counts.columns;
    const key = column?.key ?? (this.#counts.columns.length === 1 && only ? only.key : ALL_COLUMNS);
    return (
      this.#hidden[subject].has(cellKey(row, key)) ||
      this.#others.some((other) => other.cell(subject, row, column))
    );
  }

  /** Whether the figure of a row over all surveys on one service is hidden. */
  service(subject: Subject, row: string, service: string): boolean {
    const columns = this.#counts.columns.filter((column) => column.service.code === service);
    const [only] = columns;
    return only && columns.length === 1
      ? this.cell(subject, row, only)
      : this.#hidden[subject].has(serviceKey(row, service)) ||
          this.#others.some((other) => other.service(subject, row, service));
  }

  /** Whether the figure of an area class is hidden, in one column or over all of them. */
  area(subject: Subject, area: string, column?: Column): boolean {
    return (
      this.#hidden[subject].has(areaKey(area, column?.key ?? ALL_COLUMNS)) ||
      this.#others.some((other) => other.area(subject, area, column))
    );
  }

  /** Whether the figure of everybody who answered one survey is hidden. */
  survey(subject: Subject, survey: string): boolean {
    const columns = this.#counts.columns.filter((column) => column.survey.id === survey);
    const [only] = columns;
    return only && columns.length === 1
      ? this.cell(subject, WHOLE, only)
      : this.#hidden[subject].has(surveyKey(survey)) ||
          this.#others.some((other) => other.survey(subject, survey));
  }

  /** Whether an item, or a factor, of a cell is hidden. */
  item(row: string, column: Column, code: string): boolean {
    return (
      this.cell('total', row, column) ||
      this.#itemsOf(column).has(code, cellKey(row, column.key)) ||
      this.#others.some((other) => other.item(row, column, code))
    );
  }

  /**
   * What of these groups is hidden, all of them together being the people of the whole round or of one survey.
   */
  groups(of: ReadonlyMap<string, Pooled>, survey?: string): HiddenGroups {
    const columns = this.#counts.columns.filter(
      (column) => survey === undefined || column.survey.id === survey,
    );
    const isHidden = (subject: Subject) =>
      survey === undefined ? this.cell(subject, WHOLE) : this.survey(subject, survey);
    return hiddenGroups(of, this.#minimum, {
      total: isHidden('total'),
      overall: isHidden('overall'),
      expectation: isHidden('expectation'),
      factors: areFactorsHidden(this.#counts, columns, this.#minimum, {
        total: (row, column) => this.cell('total', row, column),
        factor: (row, column, code) => this.item(row, column, code),
      }),
    });
  }

  #hiddenFor(subject: Subject, before: ReadonlySet<string>): ReadonlySet<string> {
    const people = PEOPLE[subject];
    const table = recounted(this.#cells.table, (key) => {
      const cell = this.#cells.lowest.get(key);
      return cell ? people(this.#counts.pooled(cell.row, [cell.column])) : 0;
    });
    const known = new Set([...before].filter((key) => table.counts.get(key) !== 0));
    return this.#chosen(table, { hidden: known });
  }

  #itemsOf(column: Column): HiddenItems {
    const known = this.#items.get(column.key);
    if (known) return known;
    const earlier = this.#earlier.get(column.key);
    const found = HiddenItems.of(this.#counts, column, this.#minimum, this.#hidden.total, earlier);
    this.#items.set(column.key, found);
    return found;
  }

  /** What is hidden of a table, and which figures over several of its cells. */
  #chosen(table: PublishedTable, choice: Choice): ReadonlySet<string> {
    const { small, complementary, witnesses } = hiddenCells(table, this.#minimum, choice);
    const hidden = new Set([...(choice.hidden ?? []), ...small, ...complementary]);
    if (witnesses.length === 0) return hidden;
    this.#places ??= placesOf(this.#counts);
    for (const witness of witnesses) {
      const changes = new Map<string, number>();
      for (const [key, by] of witness)
        for (const place of this.#places.get(key) ?? []) changes.set(place, (changes.get(place) ?? 0) + by);
      for (const [place, by] of changes) if (by !== 0) hidden.add(place);
    }
    return hidden;
  }
}

/** The large table, without its counts. */
interface Cells {
  readonly table: PublishedTable;
  /** The cells that are no total, by key. */
  readonly lowest: ReadonlyMap<string, { readonly row: string; readonly column: Column }>;
}

function cellsOf({ rows, columns, units, offers }: RoundCounts): Cells {
  const leaves = [...units.keys()].map(ownRow);
  const table = publishedTable(
    rows,
    columns.map(({ key }) => key),
    () => 0,
    offers,
  );
  const lowest = leaves.flatMap((row) =>
    columns
      .filter(({ key }) => offers(row, key))
      .map((column) => [cellKey(row, column.key), { row, column }] as const),
  );
  return { table, lowest: new Map(lowest) };
}

/** For each lowest cell the figures over several cells it is part of. */
function placesOf(counts: RoundCounts): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const [unit, { area }] of counts.units) {
    const row = ownRow(unit);
    const rows = [row, ...counts.rowsAbove(row)];
    for (const { key, service, survey } of counts.columnsOf(row))
      places.set(cellKey(row, key), [
        ...rows.map((each) => serviceKey(each, service.code)),
        areaKey(area ?? '', key),
        areaKey(area ?? '', ALL_COLUMNS),
        surveyKey(survey.id),
      ]);
  }
  return places;
}
