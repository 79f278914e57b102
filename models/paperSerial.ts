/**
 * Serials of printed paper forms: eight digits such as `1001-2716`, typed on the same number keys as the answers.
 *
 *   1      which survey of the round, 1 to 9 in the round's own order
 *   00127  the sheet's number among those printed for the unit, 1 to 99 999
 *   16     two check digits
 *
 * The check is ISO 7064 MOD 97-10 with a remainder of its own for each unit of each round: every wrong digit and
 * every swap of two digits is caught, and of the sheets of another school or round all but one in 97. A serial tells
 * nothing about a person: it numbers sheets, and is not kept with the answers.
 */
import { createHash } from 'node:crypto';

declare const serialBrand: unique symbol;

/** A serial whose check digits are right: eight digits without separators. */
export type PaperSerial = string & { readonly [serialBrand]: true };

/** Where a sheet is handed out: codes of a round and of a unit in it. */
export interface SheetPlace {
  readonly round: string;
  readonly unit: string;
}

/** One sheet among those of its place. */
export interface Sheet {
  /** Which survey of the round, 1 to 9: its place in `round.surveys`. */
  readonly survey: number;
  /** 1 to 99 999. */
  readonly number: number;
}

/** Most surveys of a round that can be printed with serials. */
export const MOST_SURVEYS = 9;

/** Most sheets of one survey for a unit of a round. */
export const MOST_SHEETS = 99_999;

const PRIME = 97;

/** The serial of a sheet. @throws {RangeError} where survey or number are outside what eight digits hold */
export function paperSerial(place: SheetPlace, { survey, number }: Sheet): PaperSerial {
  if (!isBetween(survey, MOST_SURVEYS) || !isBetween(number, MOST_SHEETS))
    throw new RangeError(`no serial for sheet ${number} of survey ${survey}`);
  const digits = `${survey}${String(number).padStart(5, '0')}`;
  const check = (checkRemainder(place) + PRIME - ((Number(digits) * 100) % PRIME)) % PRIME;
  return `${digits}${String(check).padStart(2, '0')}` as PaperSerial;
}

/**
 * The sheet of a serial a person typed, whatever its spaces or hyphens; null where it cannot be right for this unit in
 * this round: mistyped, or of a sheet that belongs elsewhere.
 */
export function parsePaperSerial(place: SheetPlace, typed: string): Sheet | null {
  const digits = typed.replace(/[\s.\-–]/g, '');
  if (!/^[1-9][0-9]{7}$/.test(digits) || Number(digits) % PRIME !== checkRemainder(place)) return null;
  const number = Number(digits.slice(1, 6));
  return number === 0 ? null : { survey: Number(digits[0]), number };
}

/** What the eight digits of every serial of a place leave when divided by 97. */
export function checkRemainder({ round, unit }: SheetPlace): number {
  return createHash('sha256').update(`paper:${round}/${unit}`).digest().readUInt32BE() % PRIME;
}

/** A serial as it is printed: two groups of four. */
export function printedPaperSerial(serial: string): string {
  return `${serial.slice(0, 4)}-${serial.slice(4)}`;
}

function isBetween(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
