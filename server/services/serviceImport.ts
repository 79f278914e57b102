/**
 * Reads services from a list and says what storing it would change. Pure. A list has `code,name` and, where it has
 * them, the other columns; what it has no column for stays as it is. Services that it does not name stay.
 */
import { isDeepStrictEqual } from 'node:util';
import { ADMINISTRATIONS, type Service } from '../../models/serviceCatalogues.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { dayIn } from '../lists/cellDay.js';
import type { ListProblem, ReadList } from '../lists/list.js';
import { asInFile, type TableLine, tableOf } from '../lists/listTable.js';

/** The columns, in the order in which a list is written. */
export const SERVICE_COLUMNS = {
  required: ['code', 'name'],
  optional: ['name_en', 'field', 'field_en', 'administration', 'since', 'until', 'replaced_by'],
  named: 'services.fact.',
} as const;

/** A list compared with the catalogue. Nothing may be stored while there are problems. */
export interface ServiceImport {
  readonly problems: readonly ListProblem[];
  /** The whole catalogue as it would be. */
  readonly services: readonly Service[];
  readonly added: readonly Service[];
  readonly changed: readonly { readonly before: Service; readonly after: Service }[];
  /** How many services of the list stay as they are. */
  readonly unchanged: number;
}

const LEVEL = /^[a-z]+(?:-[a-z]+)*$/;
const PROCEDURE = /^\d\.\d{6}$/;

/** Compares a list with the services there are. */
export function serviceImportOf(list: ReadList, known: readonly Service[]): ServiceImport {
  const table = tableOf(list, SERVICE_COLUMNS);
  const problems: ListProblem[] = [...table.problems];
  const before = new Map(known.map((service) => [service.code, service]));
  const has = new Set(table.columns);
  const after = new Map(before);
  const lineOf = new Map<string, number>();
  const named: { line: number; code: string; replacedBy: string }[] = [];
  for (const line of table.lines) {
    const service = serviceOf(line, has, before, problems);
    const earlier = lineOf.get(service.code);
    if (earlier !== undefined && service.code !== '')
      problems.push(problemAt(line.line, 'code', 'code-twice', { code: service.code, earlier }));
    lineOf.set(service.code, line.line);
    after.set(service.code, service);
    if (service.replacedBy)
      named.push({ line: line.line, code: service.code, replacedBy: service.replacedBy });
  }
  for (const { line, code, replacedBy } of named) {
    if (replacedBy === code) problems.push(problemAt(line, 'replaced_by', 'replaced-self'));
    else if (!after.has(replacedBy))
      problems.push(problemAt(line, 'replaced_by', 'replaced-unknown', { code: replacedBy }));
    else if (leadsBack(code, after))
      problems.push(problemAt(line, 'replaced_by', 'replaced-circle', { code: replacedBy }));
  }
  const services = inOrder([...after.values()]);
  const { added, changed } = serviceChanges(known, services);
  return {
    problems: asInFile(problems, table).sort((one, other) => one.line - other.line),
    services,
    added,
    changed,
    unchanged: table.lines.length - added.length - changed.length,
  };
}

/** What differs between two catalogues; services are never taken out of one. */
export function serviceChanges(
  before: readonly Service[],
  after: readonly Service[],
): Pick<ServiceImport, 'added' | 'changed'> {
  const old = new Map(before.map((service) => [service.code, service]));
  return {
    added: after.filter(({ code }) => !old.has(code)),
    changed: after.flatMap((service) => {
      const earlier = old.get(service.code);
      return earlier && !isDeepStrictEqual(serviceCells(earlier), serviceCells(service))
        ? [{ before: earlier, after: service }]
        : [];
    }),
  };
}

/** Education services first, in the order in which they were added; then procedures by code. */
function inOrder(services: readonly Service[]): Service[] {
  return [
    ...services.filter(({ kind }) => kind === 'education'),
    ...services
      .filter(({ kind }) => kind === 'procedure')
      .sort((one, other) => (one.code < other.code ? -1 : 1)),
  ];
}

/** A service as a line of the list. */
export function serviceCells(service: Service): string[] {
  return [
    service.code,
    service.name.vi,
    service.name.en,
    service.field?.vi ?? '',
    service.field?.en ?? '',
    service.administration ?? '',
    service.since ?? '',
    service.until ?? '',
    service.replacedBy ?? '',
  ];
}

function serviceOf(
  { line, cell }: TableLine,
  has: ReadonlySet<string>,
  before: ReadonlyMap<string, Service>,
  problems: ListProblem[],
): Service {
  const wrong = (column: string, name: string, parameters: ListProblem['parameters'] = {}) =>
    problems.push(problemAt(line, column, name, parameters));
  // A whole code ends in the agency's, which says nothing about the procedure.
  const code = cell('code').replace(/(?:\.000\.00\.00\.[A-Z]\d+)$/i, '');
  const isProcedure = /^\d/.test(code);
  if (code === '') wrong('code', 'missing');
  else if (/^\d\.\d{1,5}$/.test(code)) wrong('code', 'code-cut', { code, whole: code.padEnd(8, '0') });
  else if (!(isProcedure ? PROCEDURE : LEVEL).test(code)) wrong('code', 'code-form', { code });
  const known = before.get(code);
  const name = cell('name');
  if (name === '') wrong('name', 'missing');
  for (const column of ['name', 'name_en', 'field', 'field_en'])
    if (cell(column).length > 500) wrong(column, 'text-long');
  const service: Service = {
    code,
    kind: isProcedure ? 'procedure' : 'education',
    name: { ...known?.name, vi: name, en: (has.has('name_en') ? cell('name_en') : known?.name.en) || name },
    ...(known?.field ? { field: known.field } : {}),
    ...(known?.administration ? { administration: known.administration } : {}),
    since: known?.since ?? null,
    until: known?.until ?? null,
    replacedBy: known?.replacedBy ?? null,
  };
  if (has.has('field')) {
    const field = cell('field');
    const en = (has.has('field_en') ? cell('field_en') : known?.field?.en) || field;
    service.field = field === '' ? undefined : { ...known?.field, vi: field, en };
  }
  if (has.has('administration')) service.administration = administrationNamed(cell('administration'), wrong);
  for (const column of ['since', 'until'] as const) {
    if (!has.has(column)) continue;
    const day = dayIn(cell(column));
    if (day === undefined) wrong(column, 'day', { value: cell(column) });
    service[column] = day ?? null;
  }
  if (service.since && service.until && service.until < service.since) wrong('until', 'days-order');
  if (has.has('replaced_by')) service.replacedBy = cell('replaced_by') || null;
  return service;
}

/** Who carries a procedure out, by its code or its Vietnamese name; undefined where the cell is empty or wrong. */
function administrationNamed(
  cell: string,
  wrong: (column: string, name: string, parameters?: ListProblem['parameters']) => void,
): Service['administration'] {
  if (cell === '') return undefined;
  const t = translator(DEFAULT_LANGUAGE);
  const wanted = cell.toLowerCase();
  const found = ADMINISTRATIONS.find(
    (one) => one === wanted || t(`services.administration.${one}`).toLowerCase() === wanted,
  );
  if (!found)
    wrong('administration', 'administration-unknown', { value: cell, known: ADMINISTRATIONS.join(', ') });
  return found;
}

/** Whether a service is replaced by itself, through others. */
function leadsBack(code: string, services: ReadonlyMap<string, Service>): boolean {
  const seen = new Set<string>();
  for (let at = services.get(code)?.replacedBy; at && !seen.has(at); at = services.get(at)?.replacedBy) {
    if (at === code) return true;
    seen.add(at);
  }
  return false;
}

function problemAt(
  line: number,
  column: string,
  name: string,
  parameters: ListProblem['parameters'] = {},
): ListProblem {
  return { line, column, key: `services.problem.${name}`, parameters };
}
