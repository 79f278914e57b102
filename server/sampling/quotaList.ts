/** Quotas as a list: read from CSV or XLSX with a dry run, written in the same form. */
import type { ListProblem, ReadList } from '../lists/list.js';
import { asInFile, tableOf } from '../lists/listTable.js';
import type { WrittenList } from '../lists/writeList.js';
import type { QuotaRow } from './planPage.js';
import { LARGEST_QUOTA, type QuotaChange, quotaOf } from './quotaTable.js';

/** Only `code` and `quota` are read; the others are what our own list has beside them. */
export const QUOTA_COLUMNS = {
  required: ['code', 'quota'],
  optional: ['name', 'stratum', 'enrolment', 'computed', 'forms', 'drawn'],
  named: 'sampling.list.heading.',
} as const;

/** What storing a list would do; nothing may be stored while there are problems. */
export interface QuotaList {
  readonly changes: readonly QuotaChange[];
  readonly unchanged: number;
  readonly problems: readonly ListProblem[];
}

/**
 * Reads a list. Units it does not name keep their quota; one with an empty cell is as computed again, or has none.
 * @param rows the units of the round, with their quotas now
 */
export function readQuotaList(list: ReadList, rows: readonly QuotaRow[]): QuotaList {
  const table = tableOf(list, QUOTA_COLUMNS);
  const problems: ListProblem[] = [...table.problems];
  const known = new Map(rows.map((row) => [row.unit, row]));
  const lineOf = new Map<string, number>();
  const changes: QuotaChange[] = [];
  for (const { line, cell } of table.lines) {
    const wrong = (column: string, name: string, parameters: ListProblem['parameters']) =>
      problems.push({ line, column, key: `sampling.list.problem.${name}`, parameters });
    const code = cell('code');
    const row = known.get(code);
    const earlier = lineOf.get(code);
    lineOf.set(code, line);
    if (!row) wrong('code', 'unit-unknown', { code });
    else if (earlier !== undefined) wrong('code', 'unit-twice', { code, earlier });
    const typed = cell('quota');
    const quota = typed === '' ? null : quotaOf(typed);
    if (quota === undefined) wrong('quota', 'quota', { value: typed, most: LARGEST_QUOTA });
    else if (row && quota !== null && isLeftOut(row)) wrong('code', 'not-drawn', { code });
    else if (row && isChange(row, quota)) changes.push({ row, quota });
  }
  return {
    changes,
    unchanged: table.lines.length - changes.length - problems.length,
    problems: asInFile(problems, table),
  };
}

/** Whether a quota is another than that of the row; an empty cell takes back what was set by hand. */
function isChange(row: QuotaRow, quota: number | null): boolean {
  return quota === null ? row.byHand || (row.computed === null && row.quota !== null) : quota !== row.quota;
}

/** Whether a school was not drawn and the round is open without it. */
function isLeftOut({ asked, computed }: QuotaRow): boolean {
  return !asked && computed === null;
}

/** Every unit with its quota. @param stratumName in the reader's language */
export function quotaList(rows: readonly QuotaRow[], stratumName: (code: string) => string): WrittenList {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    columns: ['code', 'name', 'stratum', 'enrolment', 'computed', 'quota', 'forms', 'drawn'],
    rows: rows.map((row) => [
      row.unit,
      row.name,
      row.stratum === null ? '' : stratumName(row.stratum),
      text(row.enrolment),
      text(row.computed),
      row.asked ? text(row.quota) : '',
      row.asked ? text(row.forms) : '',
      row.number === null ? '' : row.asked ? '1' : '0',
    ]),
  };
}
