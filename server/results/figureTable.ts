/** A table of a page as a file: the same rows in the same order, with what the page has no room for. */
import type { ShownDifference } from './comparison.js';
import type { ShownPart } from './roundFigures.js';
import type { Shown, ShownSummary } from './shown.js';
import type { Words } from './words.js';

/** A number with so many decimals; null where there is none to show. */
interface TableNumber {
  readonly value: number | null;
  readonly decimals: number;
}

export interface TableColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string | TableNumber;
}

export interface FigureTable {
  /** In addresses. */
  readonly name: string;
  readonly columns: readonly TableColumn<number>[];
  readonly count: number;
}

/** A table of rows; its columns are read row by row, when the file is written. */
export function figureTable<Row>(
  name: string,
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
): FigureTable {
  return {
    name,
    count: rows.length,
    columns: columns.map(({ heading, cell }) => ({
      heading,
      cell: (at) => {
        const row = rows[at];
        return row === undefined ? '' : cell(row);
      },
    })),
  };
}

/** A column of text. */
export function textColumn<Row>(heading: string, cell: (row: Row) => string): TableColumn<Row> {
  return { heading, cell };
}

/** A column of numbers. */
export function numberColumn<Row>(
  heading: string,
  decimals: number,
  value: (row: Row) => number | null,
): TableColumn<Row> {
  return { heading, cell: (row) => ({ value: value(row), decimals }) };
}

/** The columns of a figure: its rate with interval and n, mean, levels, silence, and whether it is hidden. */
export function shownColumns<Row>(of: (row: Row) => Shown, words: Words): TableColumn<Row>[] {
  return [...figureColumns(of, words), noteColumn(of, words)];
}

/** The columns of a group as a whole: people and answers, its total, the separate questions, shares of people. */
export function summaryColumns<Row>(of: (row: Row) => ShownSummary, words: Words): TableColumn<Row>[] {
  const { t } = words;
  const total = (row: Row) => of(row).total;
  return [
    numberColumn(t('results.csv.responses'), 0, (row) => of(row).responses),
    numberColumn(t('results.csv.people'), 0, (row) => of(row).people),
    ...figureColumns(total, words),
    numberColumn(t('results.csv.overall'), 1, (row) => of(row).overall.rate),
    numberColumn(t('results.csv.overall-answered'), 0, (row) => of(row).overall.answered),
    numberColumn(t('results.csv.expectation'), 1, (row) => of(row).expectation),
    numberColumn(t('results.csv.expectation-people'), 0, (row) => of(row).expectationAnswered),
    numberColumn(t('results.csv.all-favourable'), 1, (row) => of(row).allFavourable.rate),
    numberColumn(t('results.csv.mean-at-least-four'), 1, (row) => of(row).meanAtLeastFour.rate),
    noteColumn(total, words),
  ];
}

/** The columns of factors that stand beside each other: each its rate and n. */
export function factorColumns<Row>(
  rows: readonly Row[],
  of: (row: Row) => readonly ShownPart[],
  { t }: Words,
): TableColumn<Row>[] {
  const codes = [...new Set(rows.flatMap((row) => of(row).map(({ code }) => code)))].sort();
  return codes.flatMap((code) => {
    const part = (row: Row) => of(row).find((each) => each.code === code);
    return [
      numberColumn<Row>(t('results.csv.factor-rate', { code }), 1, (row) => part(row)?.rate ?? null),
      numberColumn<Row>(t('results.csv.factor-answered', { code }), 0, (row) => part(row)?.answered ?? null),
    ];
  });
}

function noteColumn<Row>(of: (row: Row) => Shown, { t }: Words): TableColumn<Row> {
  return textColumn(t('results.csv.note'), (row) => (of(row).hidden ? t('results.csv.suppressed') : ''));
}

function figureColumns<Row>(of: (row: Row) => Shown, { t }: Words): TableColumn<Row>[] {
  return [
    numberColumn(t('results.csv.answered'), 0, (row) => of(row).answered),
    numberColumn(t('results.csv.rate'), 1, (row) => of(row).rate),
    numberColumn(t('results.csv.low'), 1, (row) => of(row).low),
    numberColumn(t('results.csv.high'), 1, (row) => of(row).high),
    numberColumn(t('results.csv.mean'), 2, (row) => of(row).mean),
    ...[1, 2, 3, 4, 5].map((level) =>
      numberColumn<Row>(t(`results.csv.level-${level}`), 1, (row) => of(row).levels?.[level - 1] ?? null),
    ),
    numberColumn(t('results.csv.no-opinion'), 1, (row) => of(row).noOpinion),
    numberColumn(t('results.csv.blank'), 1, (row) => of(row).blank),
  ];
}

/** The columns of a comparison. */
export function differenceColumns<Row>(of: (row: Row) => ShownDifference, { t }: Words): TableColumn<Row>[] {
  return [
    numberColumn(t('results.csv.rate'), 1, (row) => of(row).now),
    numberColumn(t('results.csv.answered'), 0, (row) => of(row).answeredNow),
    numberColumn(t('results.csv.rate-before'), 1, (row) => of(row).before),
    numberColumn(t('results.csv.answered-before'), 0, (row) => of(row).answeredBefore),
    numberColumn(t('results.csv.points'), 1, (row) => of(row).points),
    numberColumn(t('results.csv.points-low'), 1, (row) => of(row).low),
    numberColumn(t('results.csv.points-high'), 1, (row) => of(row).high),
    textColumn(t('results.csv.change'), (row) => {
      const { change } = of(row);
      return change ? t(`results.change.${change}`) : '';
    }),
  ];
}
