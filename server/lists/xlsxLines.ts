/**
 * Takes the first sheet of an XLSX file apart into lines of cells, everything as text: a number as the shortest text
 * that means it (2.002854, not 2.0028540000000001), a day as 2026-11-20, and what a code of digits lost in Excel is
 * said rather than guessed.
 */
import { readSheet } from 'read-excel-file/node';
import { fileProblem, type ListLine, type ListProblem, type ReadList, unreadable } from './list.js';
import { checkedArchive, columnLetters } from './xlsxArchive.js';

/** Excel keeps 15 digits of a number; the others are noughts in its file already. */
const EXACT_DIGITS = 15;

/** Reads an XLSX file. */
export async function readXlsx(bytes: Uint8Array): Promise<ReadList> {
  const archive = checkedArchive(bytes);
  if (typeof archive === 'string') return unreadable(fileProblem(archive));
  let rows: readonly (readonly unknown[])[];
  try {
    rows = await readSheet<NumberCell>(archive, 1, {
      parseNumber: (text) => new NumberCell(text),
      trim: false,
    });
  } catch {
    return unreadable(fileProblem('xlsx-broken'));
  }
  const problems: ListProblem[] = [];
  const lines = rows.flatMap((row, index): ListLine[] => {
    const line = index + 1;
    const cells = row.map((cell, column) => {
      const text = textOf(cell);
      const wrong = faultOf(cell, text);
      if (wrong)
        problems.push(
          fileProblem(wrong, { line, column: columnLetters(column + 1), parameters: { value: text } }),
        );
      return text;
    });
    while (cells.at(-1) === '') cells.pop();
    return cells.length === 0 ? [] : [{ line, cells }];
  });
  return problems.length > 0 ? unreadable(...problems) : { lines, problems: [] };
}

/** A number as the file has it. */
class NumberCell {
  constructor(readonly text: string) {}
}

function textOf(cell: unknown): string {
  if (cell instanceof NumberCell) return numberText(cell.text);
  if (cell instanceof Date) return dayText(cell);
  return cell === null || cell === undefined ? '' : String(cell).replaceAll('\0', '').trim();
}

function numberText(stored: string): string {
  const number = Number(stored);
  if (!Number.isFinite(number)) return stored;
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? BigInt(number).toString() : String(number);
}

/** A day, with the time where there is one. */
function dayText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '#DATE!';
  const [day = '', time = ''] = date.toISOString().split('T');
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}`;
}

function faultOf(cell: unknown, text: string): string | null {
  if (cell instanceof NumberCell)
    return /^-?\d+$/.test(text) &&
      text.replace(/^-|0+$/g, '').length >= EXACT_DIGITS &&
      text.length > EXACT_DIGITS
      ? 'number-inexact'
      : null;
  return /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|DATE!)$/.test(text) ? 'cell-error' : null;
}
