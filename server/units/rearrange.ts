/**
 * Merging, splitting, closing and moving units, with a date. An order becomes lines of a list, so that it is checked
 * and stored as an import is. Pure; nothing is stored here.
 */
import { addDays, type Day } from '../../models/day.js';
import type { Unit } from '../../models/units.js';
import type { ListProblem } from '../lists/list.js';
import { EXPORTED_COLUMNS, unitCells } from './exportList.js';
import { importOf, type UnitImport } from './unitImport.js';
import type { ListedUnit, UnitTerms } from './unitList.js';

export const REARRANGEMENTS = ['merge', 'split', 'close', 'move'] as const;
export type Rearrangement = (typeof REARRANGEMENTS)[number];

/** What somebody orders; codes as they were typed. */
export interface Order {
  readonly deed: Rearrangement;
  /** Codes of the units concerned. */
  readonly units: readonly string[];
  /**
   * The units they go into, those that succeed them, or the one above them from now on: codes of units there are, or
   * for a new unit its code, name and levels.
   */
  readonly into: readonly NewUnit[];
  /** The first day of the new arrangement; of a closing, the last day of the units. */
  readonly day: Day;
  /** Whether the unit that is split goes on beside those that come out of it. */
  readonly goesOn: boolean;
}

/** A unit as a line names it; without a name it is one there is. */
export interface NewUnit {
  readonly code: string;
  readonly name: string;
  readonly levels: readonly string[];
}

/** A mistake in an order, by the field of the form. */
export interface OrderProblem {
  readonly field: 'don-vi' | 'vao' | 'ngay';
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface Rearranged extends Pick<UnitImport, 'changes'> {
  readonly problems: readonly OrderProblem[];
}

/** What an order changes, or what speaks against it. */
export function rearranged(order: Order, known: readonly Unit[], terms: UnitTerms): Rearranged {
  const problems = problemsOf(order, known);
  if (problems.length > 0) return { problems, changes: [] };
  const rows = rowsOf(order, known);
  const lines = [EXPORTED_COLUMNS, ...rows.map(unitCells)].map((cells, index) => ({
    line: index + 1,
    cells,
  }));
  const result = importOf({ lines, problems: [] }, known, terms);
  const isNew = new Set(order.into.filter(({ name }) => name !== '').map(({ code }) => code));
  const found = result.problems.map((problem) => fieldProblem(problem, rows[problem.line - 2], isNew));
  if (found.length === 0 && result.changes.length === 0)
    found.push({ field: 'don-vi', key: orderProblem('nothing-changes'), parameters: {} });
  return { problems: found, changes: result.changes };
}

function orderProblem(name: string): string {
  return `units.order.problem.${name}`;
}

function problemsOf({ deed, units, into }: Order, known: readonly Unit[]): OrderProblem[] {
  const problems: OrderProblem[] = [];
  const wrong = (field: OrderProblem['field'], name: string, parameters: OrderProblem['parameters'] = {}) =>
    problems.push({ field, key: orderProblem(name), parameters });
  const byCode = new Map(known.map((unit) => [unit._id, unit]));
  if (units.length === 0) wrong('don-vi', 'no-units');
  for (const code of units) if (!byCode.has(code)) wrong('don-vi', 'unit-unknown', { code });
  if (deed === 'split' && units.length > 1) wrong('don-vi', 'split-one');
  for (const { code, name } of into) {
    if (name === '' && !byCode.has(code)) wrong('vao', 'unit-unknown', { code });
    if (name !== '' && byCode.has(code)) wrong('vao', 'code-taken', { code });
    if (deed !== 'merge' && units.includes(code)) wrong('vao', 'into-itself', { code });
  }
  if (deed === 'merge' && into.length !== 1) wrong('vao', 'merge-into-one');
  if (
    deed === 'merge' &&
    units.every((code) => into.some((target) => target.code === code)) &&
    units.length > 0
  )
    wrong('don-vi', 'merge-itself');
  if (deed === 'split' && into.length < 1) wrong('vao', 'split-into');
  if (deed === 'move' && into.length !== 1) wrong('vao', 'move-below-one');
  if (deed === 'close' && into.length === 0) {
    const closing = new Set(units);
    const left = known.filter(
      ({ _id, parent, until }) =>
        parent !== null && closing.has(parent) && !closing.has(_id) && until === null,
    );
    if (left.length > 0)
      wrong('vao', 'still-above', {
        units: left
          .slice(0, 10)
          .map(({ name }) => name)
          .join(', '),
      });
  }
  return problems;
}

/** The lines that bring the order about. */
function rowsOf(order: Order, known: readonly Unit[]): ListedUnit[] {
  const byCode = new Map(known.map((unit) => [unit._id, unit]));
  const concerned = order.units.flatMap((code) => byCode.get(code) ?? []);
  const targets = order.into.map((target) => byCode.get(target.code) ?? unitOut(target, concerned[0], order));
  const [first] = targets;
  if (order.deed === 'move')
    return [...newOf(targets, byCode), ...concerned.map((unit) => ({ ...unit, parent: first?._id ?? null }))];
  const ending = concerned.filter(
    ({ _id }) => !order.goesOn && !targets.some((target) => target._id === _id),
  );
  const last = order.deed === 'close' ? order.day : addDays(order.day, -1);
  const closing = ending.map((unit) => ({ ...unit, until: unit.until ?? last }));
  const gone = new Set(ending.map(({ _id }) => _id));
  const from = order.deed === 'split' ? concerned : ending;
  const successors = targets.map((target) => ({
    ...target,
    parent:
      target.parent !== null && gone.has(target.parent)
        ? livingAbove(target.parent, byCode, gone)
        : target.parent,
    predecessors: [...new Set([...(target.predecessors ?? []), ...from.map(({ _id }) => _id)])],
    ...(order.deed === 'merge' ? joined(target, ending) : {}),
  }));
  const named = new Set([...gone, ...targets.map(({ _id }) => _id)]);
  const below = first
    ? known
        .filter(
          ({ _id, parent, until }) =>
            parent !== null && gone.has(parent) && !named.has(_id) && until === null,
        )
        .map((unit) => ({ ...unit, parent: first._id }))
    : [];
  return [...closing, ...successors, ...below];
}

function newOf(targets: readonly ListedUnit[], byCode: ReadonlyMap<string, Unit>): ListedUnit[] {
  return targets.filter(({ _id }) => !byCode.has(_id));
}

/** A new unit that comes out of others: at their place in the tree, of their kind. */
function unitOut({ code, name, levels }: NewUnit, from: Unit | undefined, { deed, day }: Order): ListedUnit {
  const sibling = deed === 'move' ? undefined : from;
  return {
    _id: code,
    name,
    levels: [...levels],
    parent: from?.parent ?? null,
    ...(sibling ? { kind: sibling.kind, area: sibling.area } : {}),
    since: deed === 'close' ? addDays(day, 1) : day,
  };
}

/** A unit into which others go has their levels too, and their learners where all are counted. */
function joined(target: ListedUnit, others: readonly Unit[]): Pick<ListedUnit, 'levels' | 'enrolment'> {
  const counted = [...others, target].filter(
    ({ enrolment }, index) => index < others.length || enrolment !== undefined,
  );
  const sum = counted.reduce<number | null>(
    (total, { enrolment }) =>
      total === null || enrolment === null || enrolment === undefined ? null : total + enrolment,
    0,
  );
  return {
    levels: [...new Set([...target.levels, ...others.flatMap(({ levels }) => levels)])],
    enrolment: sum ?? target.enrolment ?? null,
  };
}

/** The nearest unit above that goes on. */
function livingAbove(
  code: string,
  byCode: ReadonlyMap<string, Unit>,
  gone: ReadonlySet<string>,
): string | null {
  const seen = new Set<string>();
  let above: string | null = code;
  while (above !== null && gone.has(above) && !seen.has(above)) {
    seen.add(above);
    above = byCode.get(above)?.parent ?? null;
  }
  return above;
}

function fieldProblem(
  { key, parameters, column }: ListProblem,
  row: ListedUnit | undefined,
  isNew: ReadonlySet<string>,
): OrderProblem {
  const field =
    column === 'until' || column === 'since' ? 'ngay' : row && isNew.has(row._id) ? 'vao' : 'don-vi';
  return { field, key, parameters };
}
