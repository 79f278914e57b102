/**
 * The counts of a round as one table: rows are the units with every unit above them and the whole round, columns are
 * what was asked there, one survey on one service each.
 */
import type { Round, RoundService } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Survey } from '../../surveys/schema.js';
import { Pooled } from '../statistics/pooled.js';
import type { TableRow } from '../statistics/publishedTable.js';
import { mergeInto, Tally } from '../statistics/tally.js';
import type { TallyCell } from './tallies.js';

/** One survey on one service. */
export interface Column {
  readonly key: string;
  readonly service: RoundService;
  readonly survey: Survey;
}

/** The row of all units together. */
export const WHOLE = 'all:';

/** The row of a unit alone, without the units below it. */
export function ownRow(unit: string): string {
  return `unit:${unit}`;
}

/** The row of a unit and everything below it. */
export function subtreeRow(unit: string): string {
  return `tree:${unit}`;
}

export class RoundCounts {
  /** In the order of the round's services and surveys; what no unit offers is left out. */
  readonly columns: readonly Column[];
  /** The whole round first, a unit's row always after the row above it. */
  readonly rows: readonly TableRow[];
  /** By code of the unit. */
  readonly units: ReadonlyMap<string, RoundUnit>;
  readonly #tallies = new Map<string, Map<string, Tally>>();
  /** Tallies of a row that were merged here and belong to nobody else. */
  readonly #own = new Set<Tally>();
  readonly #above = new Map<string, string[]>();

  constructor(round: Pick<Round, 'services' | 'surveys'>, cells: readonly TallyCell[]) {
    this.units = new Map(cells.map(({ unit }) => [unit.unit, unit]));
    const surveys = new Map(cells.map(({ survey }) => [survey.id, survey]));
    const offered = new Set(cells.map(({ survey, service }) => columnKey(survey.id, service)));
    this.columns = round.services.flatMap((service) =>
      round.surveys.flatMap(({ id }) => {
        const survey = surveys.get(id);
        const key = columnKey(id, service.code);
        return survey && offered.has(key) ? [{ key, service, survey }] : [];
      }),
    );
    this.rows = treeOf([...this.units.values()]);
    for (const { code, parent } of this.rows)
      this.#above.set(code, parent === null ? [] : [parent, ...this.rowsAbove(parent)]);
    for (const cell of cells) this.#add(cell);
  }

  /** The rows a row is part of, the nearest first. */
  rowsAbove(row: string): readonly string[] {
    return this.#above.get(row) ?? [];
  }

  /** Whether the round has such a row. */
  has(row: string): boolean {
    return this.#above.has(row);
  }

  /** Whether a row has a column: something is offered there. */
  readonly offers = (row: string, column: string): boolean => this.#tallies.get(row)?.has(column) ?? false;

  /** The counts of one cell; undefined where nothing is offered. The same object as long as nothing was counted. */
  tally(row: string, column: string): Tally | undefined {
    return this.#tallies.get(row)?.get(column);
  }

  /** The columns in which anything is asked in a row. */
  columnsOf(row: string): Column[] {
    return this.columns.filter(({ key }) => this.#tallies.get(row)?.has(key));
  }

  /** The counts of a row in these columns; all of them where none are named. */
  pooled(row: string, columns: readonly Column[] = this.columns): Pooled {
    const tallies = this.#tallies.get(row);
    return new Pooled(columns.flatMap(({ key }) => tallies?.get(key) ?? []));
  }

  /** The counts of several rows together. */
  pooledRows(rows: readonly string[], columns: readonly Column[] = this.columns): Pooled {
    return new Pooled(
      rows.flatMap((row) => columns.flatMap(({ key }) => this.#tallies.get(row)?.get(key) ?? [])),
    );
  }

  #add({ unit, survey, service, tally }: TallyCell): void {
    const key = columnKey(survey.id, service);
    const own = ownRow(unit.unit);
    this.#row(own).set(key, tally);
    for (const row of this.rowsAbove(own)) {
      const tallies = this.#row(row);
      const found = tallies.get(key);
      if (found && this.#own.has(found)) mergeInto(found, tally);
      else if (!found) tallies.set(key, tally);
      else {
        const merged = new Tally(found.measure);
        mergeInto(merged, found);
        mergeInto(merged, tally);
        this.#own.add(merged);
        tallies.set(key, merged);
      }
    }
  }

  #row(row: string): Map<string, Tally> {
    const tallies = this.#tallies.get(row) ?? new Map<string, Tally>();
    this.#tallies.set(row, tallies);
    return tallies;
  }
}

/** The key of a column. */
function columnKey(survey: string, service: string): string {
  return `${survey}/${service}`;
}

function treeOf(units: readonly RoundUnit[]): TableRow[] {
  const rows = new Map<string, TableRow>([[WHOLE, { code: WHOLE, parent: null }]]);
  const add = (code: string, parent: string) => {
    if (!rows.has(code)) rows.set(code, { code, parent });
    return code;
  };
  for (const { path } of units) path.reduce((parent, code) => add(subtreeRow(code), parent), WHOLE);
  for (const { unit, path } of units) {
    const last = path.at(-1);
    const above = last === undefined ? WHOLE : subtreeRow(last);
    add(ownRow(unit), rows.has(subtreeRow(unit)) ? subtreeRow(unit) : above);
  }
  return [...rows.values()];
}
