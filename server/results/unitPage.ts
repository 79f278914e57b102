/** One unit, and everything below it. */
import { Problem } from '../http/problem.js';
import { figureTable, numberColumn, shownColumns, textColumn } from './figureTable.js';
import type { FigurePage, Visit } from './page.js';
import { levelsPicture, ratesPicture } from './pictures.js';
import { type SortKeys, sortedRows, tableQuery, tableView } from './tableView.js';
import { columnName, factorTitles, itemTitle } from './titles.js';
import { type UnitBelow, type UnitResults, unitResults } from './unitResults.js';
import { MOST_IN_PICTURE } from './unitsPage.js';
import { figureKeys, type RowOfUnit } from './unitsView.js';

type Row = RowOfUnit & Pick<UnitBelow, 'summary'>;

const KEYS: SortKeys<Row> = {
  ...figureKeys<Row>(({ summary }) => summary.total),
  phieu: ({ summary }) => summary.responses,
};

/** `?xep=` sorts the units below. @throws {Problem} 404 `not-found` where the round has no such unit */
export async function unitPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const { t, name } = words;
  const results = await unitResults(context, round, String(request.params.unit));
  if (!results) throw new Problem(404, 'not-found');
  const view = tableView(request, KEYS);
  const { own, subtree, unit } = results;
  const below = sortedRows(
    (subtree?.below ?? []).map((each): Row => ({ unit: each, service: null, summary: each.summary })),
    KEYS,
    view,
  );
  const cells = shownCells(own);
  const items = cells.flatMap((cell) => cell.items.map((figure) => ({ cell, figure })));
  return {
    locals: {
      results: subtree
        ? {
            ...results,
            subtree: { ...subtree, below: below.map((row) => ({ ...row.unit, summary: row.summary })) },
          }
        : results,
      view,
      tableQuery,
      minimum: context.config.minimumRespondents,
    },
    pictures: [
      ...cells.map((cell, at) => {
        const titles = factorTitles([cell.column.survey], words);
        return levelsPicture(
          at === 0 ? 'muc-do' : `muc-do-${at + 1}`,
          t('results.picture.factors-of', { name: `${unit.name}, ${columnName(cell.column, round, words)}` }),
          cell.factors.map((figure) => ({ label: titles.get(figure.code) ?? figure.code, figure })),
          words,
        );
      }),
      ...(below.length === 0
        ? []
        : [
            ratesPicture(
              'truc-thuoc',
              t('results.picture.below', { name: unit.name }),
              below
                .slice(0, MOST_IN_PICTURE)
                .map((row) => ({ label: row.unit.name, figure: row.summary.total })),
              round,
              words,
            ),
          ]),
    ],
    tables: [
      figureTable('tieu-chi', items, [
        textColumn(t('results.csv.service'), ({ cell }) => name(cell.column.service.name)),
        textColumn(t('results.csv.survey'), ({ cell }) => name(cell.column.survey.audience)),
        textColumn(t('results.csv.item-code'), ({ figure }) => figure.code),
        textColumn(t('results.csv.item'), ({ cell, figure }) =>
          itemTitle(cell.column.survey, figure.code, words),
        ),
        ...shownColumns(({ figure }: (typeof items)[number]) => figure, words),
      ]),
      figureTable('truc-thuoc', below, [
        textColumn(t('results.csv.unit-code'), ({ unit: of }) => of.code),
        textColumn(t('results.csv.unit'), ({ unit: of }) => of.name),
        numberColumn(t('results.csv.responses'), 0, ({ summary }) => summary.responses),
        ...shownColumns(({ summary }: Row) => summary.total, words),
      ]),
    ],
  };
}

/** What was asked at the unit itself and may be shown. */
function shownCells(own: UnitResults['own']) {
  return (own?.cells ?? []).filter(({ summary }) => summary.responses > 0 && !summary.total.hidden);
}
