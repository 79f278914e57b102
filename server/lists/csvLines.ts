/** Takes a CSV file apart into lines of cells, each with the number its first line has in the file. */
import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { guarded, unguarded } from './formula.js';
import { fileProblem, type ListLine, type ReadList, unreadable } from './list.js';

/**
 * Reads a CSV file in UTF-8, or in the UTF-16 that Excel's “Unicode Text” has and that tells itself by its first two
 * bytes. One in anything else, or that holds the replacement characters of an earlier conversion, is refused: its
 * Vietnamese letters are lost.
 */
export function readCsvBytes(bytes: Uint8Array): ReadList {
  const text = textOf(bytes);
  return text === null ? unreadable(fileProblem('encoding')) : readCsv(text);
}

function textOf(bytes: Uint8Array): string | null {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : null;
  try {
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The lines of a CSV text that hold anything.
 * @param text a byte order mark is understood, and commas, semicolons or tabs as separator: what is copied from a
 *   spreadsheet has tabs
 */
export function readCsv(text: string): ReadList {
  if (text.includes('\uFFFD')) return unreadable(fileProblem('encoding'));
  const delimiter = delimiterOf(text.trimStart().split(/[\r\n]/, 1)[0] ?? '');
  const counter = lineCounter(Buffer.from(text));
  const lines: ListLine[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      // A spreadsheet puts no quotes around a copied name that has some.
      relax_quotes: delimiter === '\t',
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

/** The separator that a first line has most of. */
function delimiterOf(heading: string): string {
  const count = (separator: string) => heading.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
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
  const quoted = (cell: string) => (/[",;\t\r\n]|^'/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
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
