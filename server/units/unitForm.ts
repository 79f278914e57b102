/** The form of one unit: it becomes a list of one line, so that it is checked as an import is. */
import type { Unit } from '../../models/units.js';
import type { FormBody } from '../http/body.js';
import type { ReadList } from '../lists/list.js';
import { EXPORTED_COLUMNS, unitCells } from './exportList.js';

/** The cells of a unit by column; levels and services are joined by bars. */
export type EnteredUnit = Readonly<Record<string, string>>;

/** A form as it was sent. Of what can be ticked more than once, all that was. */
export function enteredUnit(form: FormBody, code?: string): EnteredUnit {
  const entered = Object.fromEntries(
    EXPORTED_COLUMNS.map((column) => [column, [form[column] ?? ''].flat().join('|').slice(0, 5000)]),
  );
  return code === undefined ? entered : { ...entered, code };
}

/** A stored unit as its form shows it. */
export function enteredFrom(unit: Unit): EnteredUnit {
  const cells = unitCells(unit);
  return Object.fromEntries(EXPORTED_COLUMNS.map((column, index) => [column, cells[index] ?? '']));
}

/** The form as a list of one line. */
export function listOfOne(entered: EnteredUnit): ReadList {
  return {
    lines: [
      { line: 1, cells: [...EXPORTED_COLUMNS] },
      { line: 2, cells: EXPORTED_COLUMNS.map((column) => entered[column] ?? '') },
    ],
    problems: [],
  };
}
