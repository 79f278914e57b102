/** The tables that are published together, as cells and the sums between them: what an attacker could subtract. */

/** A published sum: the count of `total` is that of all `parts` together. */
export interface PublishedSum {
  readonly total: string;
  readonly parts: readonly string[];
}

/** Cells with the people behind them, totals among them, and every sum that holds between cells, lowest first. */
export interface PublishedTable {
  readonly counts: ReadonlyMap<string, number>;
  readonly sums: readonly PublishedSum[];
}

/**
 * The same cells and sums with other counts.
 * @param count of each cell that is no total
 */
export function recounted({ counts, sums }: PublishedTable, count: (key: string) => number): PublishedTable {
  const totals = new Set(sums.map(({ total }) => total));
  const others = new Map([...counts.keys()].map((key) => [key, totals.has(key) ? 0 : count(key)]));
  for (const { total, parts } of sums) others.set(total, sumOf(others, parts));
  return { counts: others, sums };
}

/** A unit and the unit it is published under; null, or a unit that is not among the rows, for the topmost. */
export interface TableRow {
  readonly code: string;
  readonly parent: string | null;
}

/** Column of the totals over all columns. */
export const ALL_COLUMNS = '*';

/** Key of the cell with the figure of a unit, everything below it included, for one column or `ALL_COLUMNS`. */
export function cellKey(row: string, column: string): string {
  return JSON.stringify([row, column]);
}

/**
 * The table of units by columns (services, levels, …) with both margins: each unit's figure for each column and over
 * all columns, on every level of the tree. What a unit has of its own beside units below it is a cell too: it is not
 * printed, but it is the unit's figure less theirs. Rows may come in any order; with a single column there is no total
 * over columns.
 *
 * Sums over columns are listed for the lowest units only: those of the units above follow from them.
 * @param count people of that very unit, units below it not included; whole, at least 0
 * @param offered whether a unit has a cell of its own in a column; everywhere where not given
 * @throws {RangeError} where units are below each other in a circle
 */
export function publishedTable(
  rows: readonly TableRow[],
  columns: readonly string[],
  count: (row: string, column: string) => number,
  offered: (row: string, column: string) => boolean = () => true,
): PublishedTable {
  const codes = new Set(rows.map(({ code }) => code));
  const below = new Map<string, string[]>(rows.map(({ code }) => [code, []]));
  for (const { code, parent } of rows) if (parent !== null) below.get(parent)?.push(code);
  const counts = new Map<string, number>();
  const sums: PublishedSum[] = [];
  const shown = columns.length > 1 ? [...columns, ALL_COLUMNS] : columns;
  const added = new Set<string>();

  const addSum = (total: string, parts: readonly string[]): void => {
    if (parts.length === 0) return;
    counts.set(total, sumOf(counts, parts));
    sums.push({ total, parts });
  };
  const addLowest = (key: (column: string) => string, code: string): void => {
    const own = columns.filter((column) => offered(code, column));
    for (const column of own) counts.set(key(column), count(code, column));
    if (columns.length > 1) addSum(key(ALL_COLUMNS), own.map(key));
  };
  const add = (code: string): void => {
    added.add(code);
    const children = below.get(code) ?? [];
    if (children.length === 0) {
      addLowest((column) => cellKey(code, column), code);
      return;
    }
    for (const child of children) add(child);
    const own = columns.some((column) => offered(code, column) && count(code, column) > 0);
    if (own) addLowest((column) => ownKey(code, column), code);
    for (const column of shown) {
      const parts = children.map((child) => cellKey(child, column));
      if (own) parts.push(ownKey(code, column));
      addSum(
        cellKey(code, column),
        parts.filter((part) => counts.has(part)),
      );
    }
  };

  for (const { code, parent } of rows) if (parent === null || !codes.has(parent)) add(code);
  if (added.size < codes.size) throw new RangeError('units are below each other in a circle');
  return { counts, sums };
}

function ownKey(row: string, column: string): string {
  return JSON.stringify([row, column, 'own']);
}

function sumOf(counts: ReadonlyMap<string, number>, keys: readonly string[]): number {
  return keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
}
