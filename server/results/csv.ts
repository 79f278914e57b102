/** The rates per service and unit as CSV: UTF-8 with a byte order mark, so that Excel shows Vietnamese rightly. */
import { Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import { inLanguage, type Translate } from '../http/language.js';
import type { RoundTable, UnitRow } from './table.js';

/** How numbers and cells are set apart: `.` and `,`, or `,` and `;` as Excel in Vietnamese expects. */
export type CsvForm = 'international' | 'vietnamese';

/** One row for each service of each unit, streamed. */
export function ratesCsv(
  { units }: RoundTable,
  round: { _id: string; label: string },
  lang: string,
  t: Translate,
  form: CsvForm,
): Readable {
  const number = (value: number | null) =>
    value === null ? '' : form === 'vietnamese' ? String(value).replace('.', ',') : String(value);
  const columns: [name: string, cell: (row: UnitRow) => string][] = [
    ['round-code', () => round._id],
    ['round', () => round.label],
    ['unit-code', ({ unit }) => unit.code],
    ['unit', ({ unit }) => unit.name],
    ['service-code', ({ service }) => service.code],
    ['service', ({ service }) => inLanguage(service.name, lang)],
    ['responses', ({ figures }) => number(figures.responses)],
    ['answered', ({ figures }) => number(figures.answered)],
    ['rate', ({ figures }) => number(figures.rate)],
    ['low', ({ figures }) => number(figures.low)],
    ['high', ({ figures }) => number(figures.high)],
    ['mean', ({ figures }) => number(figures.mean)],
    ['expectation', ({ figures }) => number(figures.expectation)],
    ['note', ({ figures }) => (figures.suppressed ? t('results.csv.suppressed') : '')],
  ];
  const numeric = new Set(['responses', 'answered', 'rate', 'low', 'high', 'mean', 'expectation']);
  const csv = new Transform(
    {
      fields: columns.map(([name, cell]) => ({
        label: guarded(t(`results.csv.${name}`)),
        value: (row: UnitRow) => (numeric.has(name) ? new Figure(cell(row)) : guarded(cell(row))),
      })),
      withBOM: true,
      eol: '\r\n',
      delimiter: form === 'vietnamese' ? ';' : ',',
      formatters: { object: (cell) => (cell instanceof Figure ? cell.text : '') },
    },
    {},
    { objectMode: true },
  );
  return Readable.from(units).pipe(csv);
}

/** A number that is printed as it stands: quotes would make some programs read it as text. */
class Figure {
  constructor(readonly text: string) {}
}

/**
 * Text that a spreadsheet will not run: what begins like a formula gets an apostrophe before it.
 * Source: OWASP, CSV Injection.
 */
function guarded(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}
