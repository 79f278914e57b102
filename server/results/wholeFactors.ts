/**
 * Whether the factors of a whole – all people of a round, or of one survey – may be concluded from what is shown of its
 * groups (hiddenGroups.ts).
 *
 * They may where in every column each factor of the whole is shown. Where some columns are hidden, such as a procedure
 * that hardly anybody was asked about, their factors together become known: the factor of the whole less that of the
 * other columns. That is told only where all of it is of one unit, which then has nothing but those columns to choose
 * from: each small factor of one of them can be larger and that of another one smaller by as much, with all totals that
 * are shown as they are. Where several units answered there, such a change would have to pass through their totals as
 * well, and the factors of groups are not shown.
 */
import { isSuppressed } from '../statistics/suppression.js';
import { type Column, ownRow, type RoundCounts, WHOLE } from './counts.js';

/** What is hidden of a round otherwise. */
interface Otherwise {
  /** Whether the total of a row in a column is. */
  readonly total: (row: string, column: Column) => boolean;
  /** Whether a factor of a row in a column is. */
  readonly factor: (row: string, column: Column, code: string) => boolean;
}

/**
 * Whether factors of groups must be hidden because of those of the whole.
 * @param columns of the whole
 * @param minimum fewest people a figure may stand for
 */
export function areFactorsHidden(
  counts: RoundCounts,
  columns: readonly Column[],
  minimum: number,
  hidden: Otherwise,
): boolean {
  const people = (row: string, column: Column, code?: string) => {
    const pooled = counts.pooled(row, [column]);
    return code === undefined ? pooled.people : pooled.peopleOf(code);
  };
  const codesOf = (column: Column) => counts.pooled(WHOLE, [column]).factorCodes;
  const left = counts.columns.filter(
    (column) =>
      people(WHOLE, column) > 0 && codesOf(column).some((code) => hidden.factor(WHOLE, column, code)),
  );
  const here = left.filter((column) => columns.includes(column));
  if (here.length === 0) return false;
  const units = [...counts.units.keys()].filter((unit) =>
    here.some((column) => people(ownRow(unit), column) > 0),
  );
  const [unit] = units;
  if (unit === undefined || units.length > 1 || here.length < left.length) return true;
  const rows = [ownRow(unit), ...counts.rowsAbove(ownRow(unit))];
  if (here.some((column) => rows.some((row) => !hidden.total(row, column)))) return true;
  return [...new Set(here.flatMap(codesOf))].some((code) => {
    const numbers = here.map((column) => people(WHOLE, column, code));
    if (
      isSuppressed(
        numbers.reduce((sum, each) => sum + each, 0),
        minimum,
      )
    )
      return true;
    return numbers.some(
      (each, at) =>
        isSuppressed(each, minimum) &&
        !numbers.some((other, place) => place !== at && other >= minimum - each),
    );
  });
}
