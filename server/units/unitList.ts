/**
 * Reads a list of units from CSV: `code,name,levels,parent` and, where known, `enrolment,area`. Pure; every
 * problem is found before anything is stored, with its line and column.
 */
import type { Unit, UnitRow } from '../../models/units.js';
import type { ListProblem, ReadList } from '../lists/list.js';
import { type TableLine, tableOf } from '../lists/listTable.js';

/** What storing a list would do; nothing may be stored while there are problems. */
export interface UnitList {
  readonly rows: readonly UnitRow[];
  readonly problems: readonly ListProblem[];
  readonly added: readonly UnitRow[];
  readonly changed: readonly { readonly before: Unit; readonly after: UnitRow }[];
  readonly unchanged: number;
}

const COLUMNS = { required: ['code', 'name', 'levels', 'parent'], optional: ['enrolment', 'area'] };
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/;

/**
 * What a list says, what is wrong with it, and what storing it would change.
 * @param known the units there are
 * @param levels codes of the education services a unit can give
 */
export function readUnitList(list: ReadList, known: readonly Unit[], levels: ReadonlySet<string>): UnitList {
  const table = tableOf(list, COLUMNS);
  const problems: ListProblem[] = [...table.problems];
  const rows = table.lines.map((line) => ({ line: line.line, row: rowOf(line, levels, problems) }));
  const units = rows.map(({ row }) => row);
  return {
    rows: units,
    problems: [...problems, ...treeProblems(rows, known)].sort((a, b) => a.line - b.line),
    ...difference(units, known),
  };
}

function rowOf({ line, cell }: TableLine, levels: ReadonlySet<string>, problems: ListProblem[]): UnitRow {
  const wrong = (column: string, key: string, parameters: Record<string, string | number> = {}) =>
    problems.push({ line, column, key: problemKey(key), parameters });
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
  const circling = unitsInCircles(parentOf);
  for (const { line, row } of rows) {
    if (row.parent === null) continue;
    const at = { line, column: 'parent', parameters: { parent: row.parent } };
    if (!parentOf.has(row.parent)) problems.push({ ...at, key: problemKey('parent-unknown') });
    else if (circling.has(row._id)) problems.push({ ...at, key: problemKey('parent-circle') });
  }
  return problems;
}

/** Units that are above themselves. Every unit is walked through once, however deep the tree. */
function unitsInCircles(parentOf: ReadonlyMap<string, string | null>): ReadonlySet<string> {
  const circling = new Set<string>();
  const walked = new Set<string>();
  for (const start of parentOf.keys()) {
    const trail = new Set<string>();
    let code: string | null = start;
    while (code !== null && !walked.has(code) && !trail.has(code)) {
      trail.add(code);
      code = parentOf.get(code) ?? null;
    }
    for (; code !== null && trail.has(code) && !circling.has(code); code = parentOf.get(code) ?? null)
      circling.add(code);
    for (const passed of trail) walked.add(passed);
  }
  return circling;
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
  return `units.problem.${name}`;
}
