/** Takes a list apart into lines of cells, each with the number its first line has in the file. */
import { CsvError, parse } from 'csv-parse/sync';

/** One line of a list; a cell in quotes may run over several lines of the file. */
export interface ListLine {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** Without spaces around them, inside quotes or out. */
  readonly cells: readonly string[];
}

/**
 * The lines of a list that hold anything.
 * @param text CSV; a byte order mark and either comma or semicolon as separator are understood
 * @returns the lines, or the number of the line whose quotes are wrong
 */
export function readListLines(text: string): ListLine[] | { readonly brokenAt: number } {
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
        const cells = record.map((cell) => cell.trim());
        if (cells.some((cell) => cell !== '')) lines.push({ line, cells });
        counter.lineAt(bytes);
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that is never closed swallows the rest of the file: the line to mend is where its cell begins.
    counter.lineAt(Number(error.bytes));
    return { brokenAt: counter.lineOfText() };
  }
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
