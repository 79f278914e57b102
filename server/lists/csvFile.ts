/**
 * Tables as CSV: UTF-8 with a byte order mark, so that Excel shows Vietnamese rightly, lines that end with CRLF (RFC
 * 4180), text in quotes and guarded (server/lists/formula.ts), numbers without.
 *
 * The last line tells how many rows there are, so that a file that was cut off is noticed: its first cell is `#`, which
 * no other row begins with, its second the number of rows between the headings and itself, its third says it in words.
 * It has as many cells as every other row. Where the rows break off, the second cell is empty and the third says so.
 */
import { pipeline, Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import { formatOf } from '../http/format.js';
import { translator } from '../http/language.js';
import type { CsvForm } from './csvForm.js';
import { keptAsText } from './formula.js';

/** A cell: text, a whole number, a number with so many decimals, a moment, or nothing. */
export type CsvCell = string | number | CsvNumber | CsvMoment | null;

export interface CsvColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => CsvCell;
}

/** A number as it is written; null where there is none to show. */
export interface CsvNumber {
  readonly value: number | null;
  readonly decimals: number;
}

/** A moment such as 2026-11-20 14:05, which a spreadsheet may take for what it is. */
interface CsvMoment {
  readonly moment: string;
}

/** The rows of a table: one after the other, or as they come in batches. */
export type CsvRows<Row> = Iterable<Row> | AsyncIterable<readonly Row[]>;

/** The first cell of the last line. */
const END = '#';

/** So many rows are written at a time: few enough to hold, so many that a chunk's own cost does not matter. */
const BATCH = 500;

/**
 * The file, piece by piece; returns how many rows it has.
 * @throws what the rows throw; where something was written before, after the line that says that it is not whole
 */
export async function* csvOf<Row extends object>(
  rows: CsvRows<Row>,
  columns: readonly CsvColumn<Row>[],
  form: CsvForm,
  lang: string,
): AsyncGenerator<string, number> {
  const t = translator(lang);
  let count = 0;
  async function* counted() {
    for await (const batch of batchesOf(rows)) {
      yield batch;
      count += batch.length;
    }
  }
  const csv = writer(columns, form);
  // Unlike pipe, it hands an error of the rows on to whoever reads the file, and ends the rows where nobody reads on.
  pipeline(Readable.from(counted(), { highWaterMark: 1 }), csv, () => {});
  let began = false;
  try {
    for await (const piece of csv) {
      began = true;
      yield piece as string;
    }
  } catch (error) {
    if (!began) throw error;
    yield lastLine(['', t('lists.csv.broken')], columns.length, form);
    throw error;
  }
  yield lastLine(
    [String(count), t('lists.csv.end', { rows: formatOf(lang).count(count) })],
    columns.length,
    form,
  );
  return count;
}

async function* batchesOf<Row>(rows: CsvRows<Row>): AsyncGenerator<readonly Row[]> {
  if (Symbol.asyncIterator in rows) {
    yield* rows;
    return;
  }
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Takes batches of rows. Row by row, the library's stream would spend more on each row's way than on its cells. */
function writer<Row extends object>(columns: readonly CsvColumn<Row>[], { separator, decimal }: CsvForm) {
  const number = ({ value, decimals }: CsvNumber) => {
    if (value === null) return '';
    const text = value.toFixed(decimals);
    if (decimals === 0 || decimal === '.') return text;
    return separator === ',' ? `"${text.replace('.', ',')}"` : text.replace('.', ',');
  };
  const written = (content: CsvNumber | CsvMoment | null) => {
    if (content === null) return '';
    return 'moment' in content ? `"${content.moment}"` : number(content);
  };
  return new Transform<readonly Row[], Row>(
    {
      fields: columns.map(({ heading, cell }) => ({
        label: keptAsText(heading),
        value: (row: Row) => {
          const content = cell(row);
          return typeof content === 'string' ? keptAsText(content) : content;
        },
      })),
      // Typed as one row to one row; the library takes a list of them as well, and flattens it.
      transforms: [(batch: readonly Row[]) => batch as unknown as Row],
      includeEmptyRows: true,
      withBOM: true,
      eol: '\r\n',
      delimiter: separator,
      formatters: { object: (content) => written(content as CsvNumber | CsvMoment | null) },
    },
    {},
    { objectMode: true, highWaterMark: 1 },
  );
}

function lastLine(
  [rows, words]: [rows: string, words: string],
  cells: number,
  { separator }: CsvForm,
): string {
  const rest = Array.from({ length: Math.max(0, cells - 3) }, () => '');
  return `\r\n${[`"${END}"`, rows, `"${words.replaceAll('"', '""')}"`, ...rest].join(separator)}\r\n`;
}
