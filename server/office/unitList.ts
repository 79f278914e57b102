/**
 * Reads a list of units from CSV: `code,name,levels,parent` and, where known, `enrolment,area`. Pure; every
 * problem is found before anything is stored, with its line and column.
 */
import { CsvError, parse } from 'csv-parse/sync';
import type { Unit, UnitRow } from '../../models/units.js';

/** Something wrong in a list; `key` names the text. Line 1 is the header. */
export interface ListProblem {
  readonly line: number;
  /** Name of the column; null where the whole line is wrong. */
  readonly column: string | null;
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** What storing a list would do; nothing may be stored while there are problems. */
export interface UnitList {
  readonly rows: readonly UnitRow[];
  readonly problems: readonly ListProblem[];
  readonly added: readonly UnitRow[];
  readonly changed: readonly { readonly before: Unit; readonly after: UnitRow }[];
  readonly unchanged: number;
}

const REQUIRED = ['code', 'name', 'levels', 'parent'] as const;
const COLUMNS: readonly string[] = [...REQUIRED, 'enrolment', 'area'];
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/;

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * @param text the file; a byte order mark and either comma or semicolon as separator are understood
 * @param known the units there are
 * @param levels codes of the education services a unit can give
 */
export function readUnitList(text: string, known: readonly Unit[], levels: ReadonlySet<string>): UnitList {
  const problems: ListProblem[] = [];
  const [header, ...lines] = linesOf(text, problems);
  if (!header) {
    if (problems.length === 0)
      problems.push({ line: 1, column: null, key: problemKey('empty'), parameters: {} });
    return { rows: [], problems, added: [], changed: [], unchanged: 0 };
  }
  const columns = header.cells.map((cell) => cell.trim().toLowerCase());
  problems.push(...headerProblems(columns));
  if (problems.length > 0) return { rows: [], problems, added: [], changed: [], unchanged: 0 };
  const rows = lines.map((line) => ({ line: line.line, row: rowOf(line, columns, levels, problems) }));
  problems.push(...treeProblems(rows, known));
  problems.sort((a, b) => a.line - b.line);
  return {
    rows: rows.map(({ row }) => row),
    problems,
    ...difference(
      rows.map(({ row }) => row),
      known,
    ),
  };
}

function linesOf(text: string, problems: ListProblem[]): Line[] {
  const [first = ''] = text.split('\n', 1);
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      delimiter: first.split(';').length > first.split(',').length ? ';' : ',',
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records
      .map(({ record, info }) => ({ line: info.lines, cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    problems.push({
      line: Number(error.lines ?? 1),
      column: null,
      key: problemKey('quotes'),
      parameters: {},
    });
    return [];
  }
}

function headerProblems(columns: readonly string[]): ListProblem[] {
  const at = (column: string, key: string): ListProblem => ({
    line: 1,
    column,
    key: problemKey(key),
    parameters: { column },
  });
  return [
    ...REQUIRED.filter((column) => !columns.includes(column)).map((column) => at(column, 'column-missing')),
    ...columns.filter((column) => !COLUMNS.includes(column)).map((column) => at(column, 'column-unknown')),
    ...columns
      .filter((column, index) => COLUMNS.includes(column) && columns.indexOf(column) < index)
      .map((column) => at(column, 'column-twice')),
  ];
}

function rowOf(
  { line, cells }: Line,
  columns: readonly string[],
  levels: ReadonlySet<string>,
  problems: ListProblem[],
): UnitRow {
  const wrong = (column: string | null, key: string, parameters: Record<string, string | number> = {}) =>
    problems.push({ line, column, key: problemKey(key), parameters });
  const cell = (column: string) => (cells[columns.indexOf(column)] ?? '').normalize('NFC');
  if (cells.length > columns.length) wrong(null, 'too-many-cells', { most: columns.length });
  const code = cell('code');
  if (code === '') wrong('code', 'missing');
  else if (!CODE.test(code)) wrong('code', 'code-form', { code });
  const name = cell('name');
  if (name === '') wrong('name', 'missing');
  else if (name.length > 200) wrong('name', 'name-long');
  const given = cell('levels')
    .split('|')
    .map((level) => level.trim())
    .filter((level) => level !== '');
  for (const level of given)
    if (!levels.has(level)) wrong('levels', 'level-unknown', { level, known: [...levels].join(', ') });
  const enrolment = cell('enrolment');
  if (enrolment !== '' && !/^\d{1,7}$/.test(enrolment)) wrong('enrolment', 'enrolment', { value: enrolment });
  return {
    _id: code,
    name,
    levels: [...new Set(given)],
    parent: cell('parent') || null,
    enrolment: enrolment === '' ? null : Number(enrolment),
    area: cell('area') || null,
  };
}

/** Codes used twice, parents that do not exist, and circles. */
function treeProblems(
  rows: readonly { line: number; row: UnitRow }[],
  known: readonly Unit[],
): ListProblem[] {
  const problems: ListProblem[] = [];
  const parentOf = new Map<string, string | null>(known.map((unit) => [unit._id, unit.parent]));
  const lineOf = new Map<string, number>();
  for (const { line, row } of rows) {
    const earlier = lineOf.get(row._id);
    if (earlier !== undefined && row._id !== '')
      problems.push({
        line,
        column: 'code',
        key: problemKey('code-twice'),
        parameters: { code: row._id, earlier },
      });
    else lineOf.set(row._id, line);
    parentOf.set(row._id, row.parent);
  }
  for (const { line, row } of rows) {
    if (row.parent === null) continue;
    const at = { line, column: 'parent', parameters: { parent: row.parent } };
    if (!parentOf.has(row.parent)) problems.push({ ...at, key: problemKey('parent-unknown') });
    else if (isInCircle(row._id, parentOf)) problems.push({ ...at, key: problemKey('parent-circle') });
  }
  return problems;
}

function isInCircle(code: string, parentOf: ReadonlyMap<string, string | null>): boolean {
  let above = parentOf.get(code) ?? null;
  for (let steps = 0; above !== null && steps < parentOf.size; steps += 1) {
    if (above === code) return true;
    above = parentOf.get(above) ?? null;
  }
  return false;
}

function difference(
  rows: readonly UnitRow[],
  known: readonly Unit[],
): Pick<UnitList, 'added' | 'changed' | 'unchanged'> {
  const before = new Map(known.map((unit) => [unit._id, unit]));
  const added = rows.filter((row) => !before.has(row._id));
  const changed = rows.flatMap((after) => {
    const unit = before.get(after._id);
    return unit && !isSame(unit, after) ? [{ before: unit, after }] : [];
  });
  return { added, changed, unchanged: rows.length - added.length - changed.length };
}

function isSame(unit: Unit, row: UnitRow): boolean {
  return (
    unit.name === row.name &&
    unit.parent === row.parent &&
    unit.enrolment === row.enrolment &&
    unit.area === row.area &&
    unit.levels.join('|') === row.levels.join('|')
  );
}

function problemKey(name: string): string {
  return `office.units.problem.${name}`;
}
