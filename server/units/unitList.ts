/**
 * Reads units from a list: `code,name,levels,parent` and, where the list has them, the other columns. What a list has
 * no column for stays as it is. Every problem is found before anything is stored, with its line and column.
 */
import { parseLinkCode } from '../../models/linkCode.js';
import { UNIT_KINDS, type UnitKind } from '../../models/unitKinds.js';
import type { Unit } from '../../models/units.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { dayIn } from '../lists/cellDay.js';
import type { ListProblem, ReadList } from '../lists/list.js';
import { type ListTable, type TableLine, tableOf } from '../lists/listTable.js';

type OptionalFact =
  | 'kind'
  | 'enrolment'
  | 'area'
  | 'since'
  | 'until'
  | 'predecessors'
  | 'services'
  | 'linkCode';

/** A unit as a list describes it. An empty cell of kind or link leaves that to us. */
export type ListedUnit = Pick<Unit, '_id' | 'name' | 'levels' | 'parent'> & Partial<Pick<Unit, OptionalFact>>;

/** Units of a list, each with its line. */
export interface ListedUnits extends Pick<ListTable, 'headings'> {
  readonly rows: readonly { readonly line: number; readonly unit: ListedUnit }[];
  readonly problems: ListProblem[];
}

/** What the cells of a list may name. */
export interface UnitTerms {
  /** Codes of the education services a unit can give. */
  readonly levels: ReadonlySet<string>;
  /** Codes of the procedures a desk can offer. */
  readonly procedures: ReadonlySet<string>;
}

/** The columns, in the order in which a list is written. */
export const UNIT_COLUMNS = {
  required: ['code', 'name', 'levels', 'parent'],
  optional: ['kind', 'enrolment', 'area', 'since', 'until', 'predecessors', 'services', 'link'],
  named: 'units.import.heading.',
} as const;

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/;

/** What a list says, and what is wrong in its cells. */
export function readUnitList(list: ReadList, terms: UnitTerms): ListedUnits {
  const table = tableOf(list, UNIT_COLUMNS);
  const problems: ListProblem[] = [...table.problems];
  const has = new Set(table.columns);
  return {
    rows: table.lines.map((line) => ({ line: line.line, unit: unitOf(line, has, terms, problems) })),
    headings: table.headings,
    problems,
  };
}

function unitOf(
  { line, cell }: TableLine,
  has: ReadonlySet<string>,
  terms: UnitTerms,
  problems: ListProblem[],
): ListedUnit {
  const wrong = (column: string, key: string, parameters: Record<string, string | number> = {}) =>
    problems.push({ line, column, key: problemKey(key), parameters });
  const code = cell('code');
  if (code === '') wrong('code', 'missing');
  else if (!CODE.test(code)) wrong('code', 'code-form', { code });
  const name = cell('name');
  if (name === '') wrong('name', 'missing');
  else if (name.length > 200) wrong('name', 'name-long');
  const levels = severalIn(cell('levels'));
  for (const level of levels)
    if (!terms.levels.has(level))
      wrong('levels', 'level-unknown', { level, known: [...terms.levels].join(', ') });
  const optional: Partial<Pick<Unit, OptionalFact>> = {};
  if (has.has('kind') && cell('kind') !== '') {
    const kind = kindNamed(cell('kind'));
    if (kind) optional.kind = kind;
    else wrong('kind', 'kind-unknown', { kind: cell('kind'), known: UNIT_KINDS.join(', ') });
  }
  if (has.has('enrolment')) {
    const enrolment = cell('enrolment');
    if (enrolment !== '' && !/^\d{1,7}$/.test(enrolment))
      wrong('enrolment', 'enrolment', { value: enrolment });
    optional.enrolment = enrolment === '' ? null : Number(enrolment);
  }
  if (has.has('area')) {
    if (cell('area').length > 100) wrong('area', 'area-long');
    optional.area = cell('area') || null;
  }
  for (const column of ['since', 'until'] as const) {
    if (!has.has(column)) continue;
    const day = dayIn(cell(column));
    if (day === undefined) wrong(column, 'day', { value: cell(column) });
    optional[column] = day ?? null;
  }
  if (optional.since && optional.until && optional.until < optional.since) wrong('until', 'days-order');
  if (has.has('predecessors')) optional.predecessors = severalIn(cell('predecessors'));
  if (has.has('services')) {
    optional.services = severalIn(cell('services'));
    for (const service of optional.services)
      if (!terms.procedures.has(service)) wrong('services', 'service-unknown', { service });
  }
  if (has.has('link') && cell('link') !== '') {
    const link = parseLinkCode(cell('link'));
    if (link) optional.linkCode = link;
    else wrong('link', 'link-form', { link: cell('link') });
  }
  return { _id: code, name, levels, parent: cell('parent') || null, ...optional };
}

/** What a cell holds between bars, each once. */
function severalIn(cell: string): string[] {
  const parts = cell.split('|').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A kind by its code or its Vietnamese name. */
function kindNamed(name: string): UnitKind | undefined {
  const t = translator(DEFAULT_LANGUAGE);
  const wanted = name.toLowerCase();
  return UNIT_KINDS.find((kind) => kind === wanted || t(`units.kind.${kind}`).toLowerCase() === wanted);
}

/** Key of the text for something wrong in a list of units. */
export function problemKey(name: string): string {
  return `units.problem.${name}`;
}
