/** The units as a list, in the form in which they are read: what is exported can be imported again. */
import { printedLinkCode } from '../../models/linkCode.js';
import type { Unit } from '../../models/units.js';
import { unitsBelow } from './tree.js';
import type { ListedUnit } from './unitList.js';
import { UNIT_COLUMNS } from './unitList.js';

/** Names of the columns, in order. */
export const EXPORTED_COLUMNS: readonly string[] = [...UNIT_COLUMNS.required, ...UNIT_COLUMNS.optional];

/** A unit as a line of the list; facts that it leaves out are empty cells. */
export function unitCells(unit: ListedUnit): string[] {
  return [
    unit._id,
    unit.name,
    unit.levels.join('|'),
    unit.parent ?? '',
    unit.kind ?? '',
    unit.enrolment === null || unit.enrolment === undefined ? '' : String(unit.enrolment),
    unit.area ?? '',
    unit.since ?? '',
    unit.until ?? '',
    (unit.predecessors ?? []).join('|'),
    (unit.services ?? []).join('|'),
    unit.linkCode === undefined ? '' : printedLinkCode(unit.linkCode),
  ];
}

/** Every unit as a list, each below the unit above it. */
export function unitListOf(units: readonly Unit[]) {
  return { columns: EXPORTED_COLUMNS, rows: inTreeOrder(units).map(unitCells) };
}

/** Units in the order of the tree: each before those below it. A unit whose parent is not among them is at the top. */
function inTreeOrder(units: readonly Unit[]): Unit[] {
  const below = unitsBelow(units);
  const ordered: Unit[] = [];
  const waiting = [...(below.get(null) ?? [])].reverse();
  for (let unit = waiting.pop(); unit; unit = waiting.pop()) {
    ordered.push(unit);
    waiting.push(...[...(below.get(unit._id) ?? [])].reverse());
  }
  return ordered;
}
