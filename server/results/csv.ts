/** The rates per service and unit as CSV: UTF-8 with a byte order mark, so that Excel shows Vietnamese rightly. */
import { Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import { plainInLanguage, translator } from '../http/language.js';
import type { RoundTable, UnitRow } from './table.js';

/** How numbers and cells are set apart: `.` and `,`, or `,` and `;` as Excel in Vietnamese expects. */
export type CsvForm = 'international' | 'vietnamese';

/** One row for each service of each unit, streamed. */
export function ratesCsv(
  { units }: RoundTable,
  round: { _id: string; label: string },
  lang: string,
  form: CsvForm,
): Readable {
  const t = translator(lang);
  const figure = (value: number | null, decimals = 0) => {
    const text = value === null ? '' : value.toFixed(decimals);
    return new Figure(form === 'vietnamese' ? text.replace('.', ',') : text);
  };
  const columns: [name: string, cell: (row: UnitRow) => string | Figure][] = [
    ['round-code', () => round._id],
    ['round', () => round.label],
    ['unit-code', ({ unit }) => unit.code],
    ['unit', ({ unit }) => unit.name],
    ['service-code', ({ service }) => service.code],
    ['service', ({ service }) => plainInLanguage(service.name, lang)],
    ['responses', ({ figures }) => figure(figures.responses)],
    ['answered', ({ figures }) => figure(figures.answered)],
    ['rate', ({ figures }) => figure(figures.rate, 1)],
    ['low', ({ figures }) => figure(figures.low, 1)],
    ['high', ({ figures }) => figure(figures.high, 1)],
    ['mean', ({ figures }) => figure(figures.mean, 2)],
    ['expectation', ({ figures }) => figure(figures.expectation, 1)],
    ['note', ({ figures }) => (figures.suppressed ? t('results.csv.suppressed') : '')],
  ];
  const csv = new Transform(
    {
      fields: columns.map(([name, cell]) => ({
        label: guarded(t(`results.csv.${name}`)),
        value: (row: UnitRow) => guarded(cell(row)),
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
function guarded<Cell extends string | Figure>(cell: Cell): Cell | string {
  return typeof cell === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}
