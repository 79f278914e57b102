/** The tables of two rounds beside each other as files, for the office's comparison and the public one alike. */
import type { Comparison, ShownDifference } from './comparison.js';
import { differenceColumns, type FigureTable, figureTable, textColumn } from './figureTable.js';
import { addressName, factorTitles, itemTitle } from './titles.js';
import type { Words } from './words.js';

type ComparedColumn = Comparison['columns'][number];

interface Row {
  readonly column: ComparedColumn['column'] | null;
  readonly code: string;
  readonly title: string;
  readonly difference: ShownDifference;
}

/** The whole and its services; every item, and the factors and items of each survey on a service by itself. */
export function comparedTables(
  { total, columns }: Pick<Comparison, 'total' | 'columns'>,
  words: Words,
): FigureTable[] {
  const { t, name } = words;
  const about = [
    textColumn(t('results.csv.service'), ({ column }: Row) =>
      column ? name(column.service.name) : t('results.rate-pooled'),
    ),
    textColumn(t('results.csv.survey'), ({ column }: Row) => (column ? name(column.survey.audience) : '')),
  ];
  const coded = [
    textColumn(t('results.csv.code'), ({ code }: Row) => code),
    textColumn(t('results.csv.item'), ({ title }: Row) => title),
  ];
  const differences = differenceColumns(({ difference }: Row) => difference, words);
  const whole: Row = { column: null, code: '', title: '', difference: total };
  const services = columns.map(({ column, total: difference }) => ({ ...whole, column, difference }));
  const shown = comparedColumns(columns);
  return [
    figureTable('dich-vu', [whole, ...services], [...about, ...differences]),
    figureTable(
      'tieu-chi',
      shown.flatMap((column) => partRows(column, words)),
      [...about, ...coded, ...differences],
    ),
    ...shown.map((column) =>
      figureTable(nameOfCompared(column), partRows(column, words), [...coded, ...differences]),
    ),
  ];
}

/** Surveys on services of which both rounds have something to show. */
function comparedColumns(columns: Comparison['columns']): readonly ComparedColumn[] {
  return columns.filter(({ total }) => total.points !== null);
}

/** The name of the table of factors and items of one of them. */
export function nameOfCompared({ column }: Pick<ComparedColumn, 'column'>): string {
  return addressName(`${column.service.code}-${column.survey.id}`);
}

/** Factors, each with its items after it. */
function partRows({ column, factors, items }: ComparedColumn, words: Words): Row[] {
  const titles = factorTitles([column.survey], words);
  return factors.flatMap(({ code, difference }) => [
    { column, code, title: titles.get(code) ?? code, difference },
    ...items
      .filter((item) => item.code.startsWith(code))
      .map((item) => ({ column, ...item, title: itemTitle(column.survey, item.code, words) })),
  ]);
}

/** Factors of two rounds as a file. */
export function comparedFactorsTable(
  name: string,
  rows: readonly { readonly label: string; readonly difference: ShownDifference }[],
  words: Words,
): FigureTable {
  return figureTable(name, rows, [
    textColumn(words.t('results.factor-heading'), ({ label }) => label),
    ...differenceColumns((row: (typeof rows)[number]) => row.difference, words),
  ]);
}
