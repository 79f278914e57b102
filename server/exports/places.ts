/** Where figures of a file stand: every unit, by what was asked there. */
import { type Column, ownRow, WHOLE } from '../results/counts.js';
import type { RoundFigures } from '../results/roundFigures.js';

/** One survey on one service at one unit, or over all of them. */
export interface FilePlace {
  /** Code of the unit; empty for all units. */
  readonly code: string;
  readonly name: string;
  /** Its row among the counts. */
  readonly row: string;
  readonly column: Column;
}

/** Every place of every unit, in their order. @param all what all units together are called; left out where not given */
export function* placesOf({ counts }: RoundFigures, all?: string): Generator<FilePlace> {
  if (all !== undefined)
    for (const column of counts.columnsOf(WHOLE)) yield { code: '', name: all, row: WHOLE, column };
  for (const { unit, name } of counts.units.values())
    for (const column of counts.columnsOf(ownRow(unit)))
      yield { code: unit, name, row: ownRow(unit), column };
}
