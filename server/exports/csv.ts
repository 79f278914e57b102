/** Tables as CSV: UTF-8 with a byte order mark, so that Excel shows Vietnamese rightly. */
import { Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import { guarded } from '../lists/formula.js';

/** How numbers and cells are set apart: `.` and `,`, or `,` and `;` as Excel in Vietnamese expects. */
export type CsvForm = 'international' | 'vietnamese';

/** A column: its heading, and the cell of a row as text or as a number with so many decimals; null is an empty cell. */
export interface CsvColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string | CsvNumber;
}

/** A number as it is written; null where there is none to show. */
export interface CsvNumber {
  readonly value: number | null;
  readonly decimals: number;
}

/** The rows of a table, streamed. */
export function csvOf<Row extends object>(
  rows: Iterable<Row>,
  columns: readonly CsvColumn<Row>[],
  form: CsvForm,
): Readable {
  const csv = new Transform(
    {
      fields: columns.map(({ heading, cell }) => ({
        label: guarded(heading),
        value: (row: Row) => {
          const content = cell(row);
          return typeof content === 'string' ? guarded(content) : new Figure(written(content, form));
        },
      })),
      withBOM: true,
      eol: '\r\n',
      delimiter: form === 'vietnamese' ? ';' : ',',
      formatters: { object: (cell) => (cell instanceof Figure ? cell.text : '') },
    },
    {},
    { objectMode: true },
  );
  return Readable.from(rows).pipe(csv);
}

function written({ value, decimals }: CsvNumber, form: CsvForm): string {
  const text = value === null ? '' : value.toFixed(decimals);
  return form === 'vietnamese' ? text.replace('.', ',') : text;
}

/** A number that is printed as it stands: quotes would make some programs read it as text. */
class Figure {
  constructor(readonly text: string) {}
}
