/** Takes a CSV file apart into lines of cells, each with the number its first line has in the file. */
import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { guarded, unguarded } from './formula.js';
import { fileProblem, type ListLine, type ReadList, unreadable } from './list.js';

/**
 * Reads a CSV file. One that is not UTF-8, or holds the replacement characters of an earlier conversion, is refused:
 * its Vietnamese letters are lost.
 */
export function readCsvBytes(bytes: Uint8Array): ReadList {
  if (!isUtf8(bytes)) return unreadable(fileProblem('encoding'));
  return readCsv(Buffer.from(bytes).toString('utf8'));
}

/**
 * The lines of a CSV text that hold anything.
 * @param text a byte order mark and either comma or semicolon as separator are understood
 */
export function readCsv(text: string): ReadList {
  if (text.includes('\uFFFD')) return unreadable(fileProblem('encoding'));
  const heading = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const counter = lineCounter(Buffer.from(text));
  const lines: ListLine[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: heading.split(';').length > heading.split(',').length ? ';' : ',',
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], { bytes }) => {
        const line = counter.lineOfText();
        const cells = record.map((cell) => unguarded(cell.replaceAll('\0', '')).trim());
        if (cells.some((cell) => cell !== '')) lines.push({ line, cells });
        counter.lineAt(bytes);
        return null;
      },
    });
    return withoutLastLine(lines);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that is never closed swallows the rest of the file: the line to mend is where its cell begins.
    counter.lineAt(Number(error.bytes));
    return unreadable(fileProblem('quotes', { line: counter.lineOfText() }));
  }
}

/** The lines of a list whose file may end with a line that tells how many there are (csvFile.ts). */
function withoutLastLine(lines: readonly ListLine[]): ReadList {
  const last = lines.at(-1);
  const [mark, count = '', words = '', ...rest] = last?.cells ?? [];
  if (!last || mark !== '#' || words === '' || rest.some((cell) => cell !== ''))
    return { lines, problems: [] };
  // Beside the entries there are the headings and the line itself.
  if (count !== String(lines.length - 2)) return unreadable(fileProblem('cut', { line: last.line }));
  return { lines: lines.slice(0, -1), problems: [] };
}

/** Lines as a CSV text that reads as the same lines, to be carried from one page to the next. */
export function csvText(lines: readonly ListLine[]): string {
  const quoted = (cell: string) => (/[",;\r\n]|^'/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return lines.map(({ cells }) => cells.map((cell) => quoted(guarded(cell))).join(',')).join('\n');
}

/** Counts lines along a file. The parser's own count takes a CRLF inside quotes for two lines. */
function lineCounter(file: Buffer) {
  let position = 0;
  let line = 1;
  const step = () => {
    const byte = file[position];
    if (byte === LF || (byte === CR && file[position + 1] !== LF)) line += 1;
    position += 1;
  };
  return {
    /** Line of the next byte that is no white space. */
    lineOfText(): number {
      while (WHITE.has(file[position])) step();
      return line;
    },
    /** Line of a byte further on. */
    lineAt(byte: number): number {
      while (position < byte) step();
      return line;
    },
  };
}

const LF = 0x0a;
const CR = 0x0d;
const WHITE: ReadonlySet<number | undefined> = new Set([LF, CR, 0x20, 0x09]);
