/** Reads a list from whatever file a spreadsheet program made. */
import { readCsvBytes } from './csvLines.js';
import { fileProblem, type ReadList, unreadable } from './list.js';
import { readXlsx } from './xlsxLines.js';

/**
 * The lines of a list. What the file is, is told from its first bytes, not from its name.
 * @param bytes CSV in UTF-8 with commas or semicolons, or XLSX, of which the first sheet is read
 */
export async function readList(bytes: Uint8Array): Promise<ReadList> {
  if (beginsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return readXlsx(bytes);
  // The form of Excel 97–2003, which an XLSX file with a password has too.
  if (beginsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return unreadable(fileProblem('xls'));
  return readCsvBytes(bytes);
}

function beginsWith(bytes: Uint8Array, first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}
