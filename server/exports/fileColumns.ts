/** What the files of a round's results have in common: the round in every row, named columns, and whole figures. */
import type { Round } from '../../models/rounds.js';
import { plainInLanguage, translator } from '../http/language.js';
import { type CsvCell, type CsvNumber, type CsvRows, csvOf } from '../lists/csvFile.js';
import type { CsvForm } from '../lists/csvForm.js';
import type { Column } from '../results/counts.js';
import type { Shown, ShownSummary } from '../results/shown.js';
import { FIGURES, SUMMARY_FIGURES } from './summaryFigures.js';

/** The round a file is of, and how it is written. */
export interface InFile {
  readonly round: Pick<Round, '_id' | 'label'>;
  readonly lang: string;
  readonly form: CsvForm;
}

/** A file, piece by piece; returns how many rows it has. */
export type Written = AsyncGenerator<string, number>;

/** A column by the name of its heading, such as `rate` for `results.csv.rate`, and what stands in that. */
export type NamedColumn<Row> = [
  name: string,
  cell: (row: Row) => CsvCell,
  parameters?: Readonly<Record<string, string>>,
];

/** The rows of a file, as they are asked for. */
export function written<Row extends object>(
  rows: CsvRows<Row>,
  { round, lang, form }: InFile,
  columns: readonly NamedColumn<Row>[],
): Written {
  const t = translator(lang);
  const all: NamedColumn<Row>[] = [['round-code', () => round._id], ['round', () => round.label], ...columns];
  const named = all.map(([name, cell, parameters]) => ({
    heading: t(`results.csv.${name}`, parameters),
    cell,
  }));
  return csvOf(rows, named, form, lang);
}

/** The figures of a group as a whole. */
export function summaryColumns<Row>(of: (row: Row) => ShownSummary, lang: string): NamedColumn<Row>[] {
  const t = translator(lang);
  return [
    ...SUMMARY_FIGURES.map(
      ({ name, value, decimals }): NamedColumn<Row> => [name, (row) => number(value(of(row)), decimals)],
    ),
    ['note', (row) => (of(row).total.hidden ? t('results.csv.suppressed') : '')],
  ];
}

/** One figure. */
export function figureColumns<Row>(of: (row: Row) => Shown): NamedColumn<Row>[] {
  return FIGURES.map(({ name, value, decimals }) => [name, (row) => number(value(of(row)), decimals)]);
}

/** The survey and the service. */
export function columnCells<Row>(of: (row: Row) => Column, lang: string): NamedColumn<Row>[] {
  return [
    ['service-code', (row) => of(row).service.code],
    ['service', (row) => plainInLanguage(of(row).service.name, lang)],
    ['survey', (row) => plainInLanguage(of(row).survey.audience, lang)],
  ];
}

/** A number with so many decimals. */
export function number(value: number | null, decimals = 0): CsvNumber {
  return { value, decimals };
}
