/** A round beside an earlier one. */
import { queryText } from '../http/pages.js';
import { searchable } from '../http/searchable.js';
import { comparedFactorsTable, comparedTables, nameOfCompared } from './comparedTables.js';
import { comparisonOf, factorDifferences, type ShownDifference } from './comparison.js';
import { chosenRound, earlierRounds } from './earlierRounds.js';
import { differenceColumns, figureTable, textColumn } from './figureTable.js';
import type { FigurePage, Visit } from './page.js';
import { MOST_SLOPES, type Picture, slopePicture } from './pictures.js';
import { resultsOf } from './resultsOf.js';
import { pageOf, type SortKeys, tableQuery, tableView } from './tableView.js';
import { columnName, factorTitles } from './titles.js';
import { type RowOfUnit, unitChoices, unitsOfView } from './unitsView.js';

interface Row extends RowOfUnit {
  readonly match: string;
  readonly before: readonly string[];
  readonly difference: ShownDifference;
}

const KEYS: SortKeys<Row> = {
  ten: ({ unit }) => searchable(unit.name),
  'ty-le': ({ difference }) => difference.now,
  truoc: ({ difference }) => difference.before,
  'chenh-lech': ({ difference }) => difference.points,
};

/** `?so-voi=` names the earlier round, else it is the latest; `?xep=` `?tim=` … for the units. */
export async function comparisonPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const { t } = words;
  const rounds = await earlierRounds(round);
  const before = chosenRound(rounds, queryText(request, 'so-voi'));
  if (!before) return { locals: { rounds, before, comparison: null }, pictures: [], tables: [] };
  const [figures, figuresBefore] = [await resultsOf(context, round), await resultsOf(context, before)];
  const comparison = comparisonOf(figures, figuresBefore);
  const titles = factorTitles(
    figures.columns.map(({ survey }) => survey),
    words,
  );
  const factors = [...factorDifferences(figures, figuresBefore)].map(([code, difference]) => ({
    label: titles.get(code) ?? code,
    difference,
  }));
  const services = comparison.columns
    .map(({ column, total }) => ({ label: columnName(column, round, words), difference: total }))
    .filter(({ difference }) => difference.points !== null);
  const view = tableView(request, KEYS);
  const all = comparison.units.map((row): Row => ({ ...row, service: null }));
  const rows = unitsOfView(all, KEYS, view, figures);
  const picture = (of: string, title: string, slopes: typeof services): Picture[] =>
    slopes.length === 0 || slopes.length > MOST_SLOPES
      ? []
      : [slopePicture(of, title, slopes, { now: round, before }, words)];
  return {
    locals: {
      rounds,
      before,
      comparison,
      factors,
      nameOfCompared,
      view,
      tableQuery,
      choices: unitChoices(figures, [], t('results.group.no-area')),
      table: pageOf(rows, view),
    },
    pictures: [
      ...picture('dich-vu', t('results.picture.services-compared'), services),
      ...picture('linh-vuc', t('results.picture.factors-compared'), factors),
    ],
    tables: [
      ...comparedTables(comparison, words),
      comparedFactorsTable('linh-vuc', factors, words),
      figureTable('don-vi', rows, [
        textColumn(t('results.csv.unit-code'), ({ unit }) => unit.code),
        textColumn(t('results.csv.unit'), ({ unit }) => unit.name),
        textColumn(t('results.csv.note'), (row) =>
          row.match === 'same' ? '' : t(`results.match.${row.match}`, { units: row.before.join(', ') }),
        ),
        ...differenceColumns(({ difference }: Row) => difference, words),
      ]),
    ],
  };
}
