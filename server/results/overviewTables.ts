/** The tables of a round as a whole as files, for the office's overview and the public one alike. */
import {
  type FigureTable,
  factorColumns,
  figureTable,
  numberColumn,
  shownColumns,
  summaryColumns,
  textColumn,
} from './figureTable.js';
import type { RankedItem } from './itemRanks.js';
import type { OverallRate } from './overallRates.js';
import type { ColumnRow, Overview } from './overview.js';
import type { ShownPart } from './roundFigures.js';
import type { Shown } from './shown.js';
import { itemTitle } from './titles.js';
import type { Words } from './words.js';

/** Factors of a round, each with its name. */
export function factorsTable(
  rows: readonly { readonly label: string; readonly figure: Shown }[],
  words: Words,
): FigureTable {
  return figureTable('linh-vuc', rows, [
    textColumn(words.t('results.factor-heading'), ({ label }) => label),
    ...shownColumns((row: (typeof rows)[number]) => row.figure, words),
  ]);
}

/** Surveys on services with their factors. */
export function servicesTable(rows: readonly ColumnRow[], words: Words): FigureTable {
  const { t, name } = words;
  return figureTable('dich-vu', rows, [
    textColumn(t('results.csv.service'), ({ column }) => name(column.service.name)),
    textColumn(t('results.csv.survey'), ({ column }) => name(column.survey.audience)),
    ...summaryColumns(({ summary }: ColumnRow) => summary, words),
    ...factorColumns(rows, ({ factors }: ColumnRow) => factors, words),
  ]);
}

/** The items at either end, in the order in which the page has them. */
export function ranksTable(items: readonly RankedItem[], words: Words): FigureTable {
  const { t, name } = words;
  return figureTable('tieu-chi', items, [
    textColumn(t('results.item'), ({ column, figure }) => itemTitle(column.survey, figure.code, words)),
    textColumn(t('results.csv.item-code'), ({ figure }) => figure.code),
    textColumn(t('results.csv.service'), ({ column }) => name(column.service.name)),
    textColumn(t('results.csv.survey'), ({ column }) => name(column.survey.audience)),
    ...shownColumns(({ figure }: RankedItem) => figure, words),
  ]);
}

/** The ways to put the overall rate together, each with what it is counted on. */
export function waysTable(ways: readonly OverallRate[], words: Words): FigureTable {
  const { t } = words;
  return figureTable('cach-tinh', ways, [
    textColumn(t('results.way'), ({ basis, kind }) => t(`results.way.${basis ?? kind}`)),
    numberColumn(t('results.csv.rate'), 1, ({ rate }) => rate),
    numberColumn(t('results.csv.low'), 1, ({ low }) => low),
    numberColumn(t('results.csv.high'), 1, ({ high }) => high),
    textColumn(t('results.counted'), (way) => countedOn(way, words)),
  ]);
}

/**
 * The factors of a round as they are shown: one that has no figure because all who were asked about it are left out is
 * hidden, not without answers.
 */
export function factorsShown({ parts, leftOut }: Overview['factors']): readonly ShownPart[] {
  return parts.map((part) => (leftOut.length > 0 && part.rate === null ? { ...part, hidden: true } : part));
}

/** What a way to put the overall rate together is counted on, in words: its n. */
export function countedOn(
  { basis, kind, rate, parts, covered, population }: OverallRate,
  { t, format }: Pick<Words, 't' | 'format'>,
): string {
  if (rate === null) return '–';
  return t(`results.way.${basis ?? kind}.parts`, {
    parts: format.count(parts),
    covered: format.count(covered ?? 0),
    population: format.count(population ?? 0),
  });
}
