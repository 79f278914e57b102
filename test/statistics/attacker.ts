/**
 * Somebody who wants the hidden cells: knows every sum, every cell that is shown, and that no count is below 0. The
 * tables are written out here once more, so that a mistake in the product's list of sums cannot hide itself.
 */

/** Equations Σ coefficient · hidden cell = known, over the hidden cells in order. */
export interface Knowledge {
  readonly unknown: readonly string[];
  readonly equations: readonly { readonly coefficients: number[]; readonly known: number }[];
}

/** One sum between cells: `total` less `parts` is 0. */
export interface Sum {
  readonly total: string;
  readonly parts: readonly string[];
}

/** What is left to find out once the cells that are shown are put into the sums. */
export function knowledge(
  counts: ReadonlyMap<string, number>,
  sums: readonly Sum[],
  isHidden: (key: string) => boolean,
): Knowledge {
  const unknown = [...counts.keys()].filter(isHidden);
  const place = new Map(unknown.map((key, at) => [key, at]));
  const equations = sums.map(({ total, parts }) => {
    const coefficients = unknown.map(() => 0);
    let known = 0;
    for (const [key, sign] of [[total, -1] as const, ...parts.map((part) => [part, 1] as const)]) {
      const at = place.get(key);
      if (at === undefined) known -= sign * (counts.get(key) ?? Number.NaN);
      else coefficients[at] = (coefficients[at] ?? 0) + sign;
    }
    return { coefficients, known };
  });
  return { unknown, equations: equations.filter(({ coefficients }) => coefficients.some((c) => c !== 0)) };
}

/** Cells that subtraction alone gives away (exact elimination), with their counts. */
export function recovered({ unknown, equations }: Knowledge): Map<string, number> {
  const rows = equations.map(({ coefficients, known }) => [...coefficients, known]);
  let next = 0;
  for (let column = 0; column < unknown.length; column += 1) {
    const at = rows.findIndex((row, index) => index >= next && Math.abs(row[column] ?? 0) > 1e-9);
    if (at < 0) continue;
    [rows[next], rows[at]] = [rows[at] ?? [], rows[next] ?? []];
    pivot(rows, next, column);
    next += 1;
  }
  const found = new Map<string, number>();
  for (const row of rows) {
    const left = unknown.filter((_, at) => Math.abs(row[at] ?? 0) > 1e-9);
    if (left.length === 1 && left[0] !== undefined) found.set(left[0], row[unknown.length] ?? Number.NaN);
  }
  return found;
}

/** Least and most that one cell can be, all counts at least 0 (linear programming, two-phase simplex). */
export function bounds(facts: Knowledge, key: string): { least: number; most: number } {
  const at = facts.unknown.indexOf(key);
  return { least: -optimum(facts, at, -1), most: optimum(facts, at, 1) };
}

/** Most that `sign` times one cell can be; Infinity where nothing limits it. */
function optimum({ unknown, equations }: Knowledge, cell: number, sign: 1 | -1): number {
  const n = unknown.length;
  const rows = equations.map(({ coefficients, known }, index) => {
    const side = known < 0 ? -1 : 1;
    const slack = equations.map((_, other) => (other === index ? 1 : 0));
    return [...coefficients.map((c) => c * side), ...slack, known * side];
  });
  const basis = equations.map((_, index) => n + index);
  const width = n + equations.length + 1;
  // Phase one drives the slack of every equation to 0: the truth satisfies them all.
  const slackCost = Array.from({ length: width }, (_, column) =>
    column < n || column === width - 1 ? rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) : 0,
  );
  climb(rows, basis, slackCost, n);
  for (const [index, variable] of basis.entries()) {
    if (variable < n) continue;
    const column = (rows[index] ?? []).findIndex((value, at) => at < n && Math.abs(value) > 1e-9);
    if (column < 0) continue;
    pivot(rows, index, column);
    basis[index] = column;
  }
  const gain: number[] = Array.from({ length: width }, (_, column) => (column === cell ? sign : 0));
  const base = basis.indexOf(cell);
  if (base >= 0)
    for (let column = 0; column < width; column += 1)
      gain[column] = (gain[column] ?? 0) - sign * (rows[base]?.[column] ?? 0);
  return climb(rows, basis, gain, n) ? -(gain[width - 1] ?? 0) : Number.POSITIVE_INFINITY;
}

/** Bland's rule over the first `n` columns; false where the gain has no end. */
function climb(rows: number[][], basis: number[], gain: number[], n: number): boolean {
  for (;;) {
    const enter = gain.findIndex((value, column) => column < n && value > 1e-9);
    if (enter < 0) return true;
    let leave = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, row] of rows.entries()) {
      const rise = row[enter] ?? 0;
      if (rise <= 1e-9) continue;
      const ratio = (row.at(-1) ?? 0) / rise;
      const ties = Math.abs(ratio - least) < 1e-9 && (basis[index] ?? 0) < (basis[leave] ?? 0);
      if (ratio < least - 1e-9 || ties) {
        least = ratio;
        leave = index;
      }
    }
    if (leave < 0) return false;
    pivot(rows, leave, enter);
    const factor = gain[enter] ?? 0;
    for (const [column, value] of (rows[leave] ?? []).entries())
      gain[column] = (gain[column] ?? 0) - factor * value;
    basis[leave] = enter;
  }
}

function pivot(rows: number[][], at: number, column: number): void {
  const row = rows[at] ?? [];
  const factor = row[column] ?? 1;
  for (const [index, value] of row.entries()) row[index] = value / factor;
  for (const [index, other] of rows.entries()) {
    const times = other[column] ?? 0;
    if (index === at || times === 0) continue;
    for (const [place, value] of row.entries()) other[place] = (other[place] ?? 0) - times * value;
  }
}
