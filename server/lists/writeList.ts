/**
 * Writes a list in the form in which it is read: the first line names the columns. Text stays text, so that codes keep
 * their noughts; what is given as a number is one in Excel too, and can be added up.
 */
import { Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import writeXlsxFile from 'write-excel-file/node';
import { guarded } from './formula.js';

/** A list to be written; each row has a cell for each column. */
export interface WrittenList<Cell extends string | number = string> {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** CSV in UTF-8 with a byte order mark, so that Excel shows Vietnamese rightly; no cell is run as a formula. */
export function writeCsv({ columns, rows }: WrittenList<string | number>): Readable {
  const csv = new Transform(
    {
      fields: columns.map((label, index) => ({
        label: guarded(label),
        value: (row: readonly (string | number)[]) => {
          const cell = row[index] ?? '';
          return typeof cell === 'number' ? cell : guarded(cell);
        },
      })),
      withBOM: true,
      eol: '\r\n',
    },
    {},
    { objectMode: true },
  );
  return Readable.from(rows).pipe(csv);
}

const NARROWEST = 8;
const WIDEST = 60;

/** XLSX with one sheet: the first row stays in sight, columns are as wide as their cells, codes keep their noughts. */
export async function writeXlsx(
  { columns, rows }: WrittenList<string | number>,
  sheet: string,
): Promise<Buffer> {
  const lines = [...rows];
  const written = (value: string | number) => {
    if (typeof value === 'number') return { value, type: Number };
    return value === '' ? null : { value, type: String, format: '@' };
  };
  const widths = columns.map((name, index) =>
    lines.reduce((width, row) => Math.max(width, String(row[index] ?? '').length), name.length),
  );
  return writeXlsxFile(
    [
      columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
      ...lines.map((row) => columns.map((_, index) => written(row[index] ?? ''))),
    ],
    {
      // What Excel does not allow in the name of a sheet, and its longest.
      sheet: sheet.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31),
      stickyRowsCount: 1,
      columns: widths.map((width) => ({ width: Math.min(WIDEST, Math.max(NARROWEST, width + 2)) })),
    },
  ).toBuffer();
}
