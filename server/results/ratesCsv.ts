/** The files of a round's results. Their cells are the figures that the pages show. */
import type { Readable } from 'node:stream';
import type { Round } from '../../models/rounds.js';
import { plainInLanguage, translator } from '../http/language.js';
import { type CsvColumn, type CsvForm, type CsvNumber, csvOf } from './csv.js';
import type { ShownSummary } from './shown.js';
import type { UnitRow } from './unitRows.js';

type NamedColumn<Row> = [name: string, cell: (row: Row) => string | CsvNumber];

/** One row for each service of each unit. */
export function ratesCsv(
  rows: readonly UnitRow[],
  round: Pick<Round, '_id' | 'label'>,
  lang: string,
  form: CsvForm,
): Readable {
  const columns: NamedColumn<UnitRow>[] = [
    ['unit-code', ({ unit }) => unit.code],
    ['unit', ({ unit }) => unit.name],
    ['service-code', ({ service }) => service.code],
    ['service', ({ service }) => plainInLanguage(service.name, lang)],
    ...summaryColumns<UnitRow>(({ summary }) => summary, lang),
  ];
  return csvOf(rows, named([...roundColumns<UnitRow>(round), ...columns], lang), form);
}

/** The round, the same in every row. */
function roundColumns<Row>({ _id, label }: Pick<Round, '_id' | 'label'>): NamedColumn<Row>[] {
  return [
    ['round-code', () => _id],
    ['round', () => label],
  ];
}

/** The figures of a group as a whole. */
function summaryColumns<Row>(of: (row: Row) => ShownSummary, lang: string): NamedColumn<Row>[] {
  const t = translator(lang);
  return [
    ['responses', (row) => number(of(row).responses)],
    ['people', (row) => number(of(row).people)],
    ['answered', (row) => number(of(row).total.answered)],
    ['rate', (row) => number(of(row).total.rate, 1)],
    ['low', (row) => number(of(row).total.low, 1)],
    ['high', (row) => number(of(row).total.high, 1)],
    ['mean', (row) => number(of(row).total.mean, 2)],
    ['expectation', (row) => number(of(row).expectation, 1)],
    ['overall', (row) => number(of(row).overall.rate, 1)],
    ['all-favourable', (row) => number(of(row).allFavourable.rate, 1)],
    ['mean-at-least-four', (row) => number(of(row).meanAtLeastFour.rate, 1)],
    ['note', (row) => (of(row).total.hidden ? t('results.csv.suppressed') : '')],
  ];
}

function number(value: number | null, decimals = 0): CsvNumber {
  return { value, decimals };
}

function named<Row>(columns: readonly NamedColumn<Row>[], lang: string): CsvColumn<Row>[] {
  const t = translator(lang);
  return columns.map(([name, cell]) => ({ heading: t(`results.csv.${name}`), cell }));
}
