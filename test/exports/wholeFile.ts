/** Reads a CSV file of the product with a reader that has nothing to do with what wrote it. */
import { parse } from 'csv-parse/sync';

/** A file that was received whole. */
export interface WholeFile {
  readonly headings: readonly string[];
  /** Its rows, without the last line. */
  readonly rows: readonly (readonly string[])[];
  /** The same by heading. */
  readonly records: readonly Readonly<Record<string, string>>[];
  /** What the last line says in words. */
  readonly end: string;
}

/** @throws {Error} where the file was cut off, or its last line says otherwise than its rows */
export function wholeFile(text: string, delimiter = ','): WholeFile {
  if (!text.startsWith('\ufeff')) throw new Error('no byte order mark');
  const lines: string[][] = parse(text, { bom: true, delimiter, record_delimiter: '\r\n' });
  const last = lines.at(-1);
  if (lines.length < 2 || last?.[0] !== '#') throw new Error('the file was cut off: it has no last line');
  const [headings = [], ...rows] = lines.slice(0, -1);
  const [, count = '', end = '', ...rest] = last;
  if (count !== String(rows.length))
    throw new Error(`the file says ${count || 'nothing'} of its ${rows.length} rows`);
  if (end === '') throw new Error('the last line was cut off');
  if (rest.some((cell) => cell !== '')) throw new Error('the last line says more than it should');
  if (new Set(headings).size !== headings.length) throw new Error('two columns have one heading');
  const records = rows.map((row) => Object.fromEntries(headings.map((name, at) => [name, row[at] ?? ''])));
  return { headings, rows, records, end };
}

/** A cell of text as it was before it was written. */
export function textOf(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}
