/** One item by service, and at every unit. */
import { Problem } from '../http/problem.js';
import { figureTable, shownColumns, textColumn } from './figureTable.js';
import { type ItemResults, itemResults } from './itemResults.js';
import type { FigurePage, Visit } from './page.js';
import { levelsPicture, ratesPicture } from './pictures.js';
import { resultsOf } from './resultsOf.js';
import { pageOf, type SortKeys, tableQuery, tableView } from './tableView.js';
import { columnName } from './titles.js';
import { figureKeys, unitChoices, unitsOfView } from './unitsView.js';
import { MOST_IN_PICTURE } from './unitTaking.js';

type Row = ItemResults['units'][number] & { readonly service: string };

const KEYS: SortKeys<Row> = figureKeys<Row>(({ figure }) => figure);

/** @throws {Problem} 404 `not-found` where no survey of the round asks the item */
export async function itemPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const { t, name } = words;
  const figures = await resultsOf(context, round);
  const results = itemResults(figures, String(request.params.item));
  if (!results) throw new Problem(404, 'not-found');
  const view = tableView(request, KEYS);
  const all = results.units.map((row): Row => ({ ...row, service: row.column.service.code }));
  const rows = unitsOfView(all, KEYS, view, figures);
  const services = new Map(
    results.columns.map(({ column }) => [column.service.code, name(column.service.name)]),
  );
  const title = `${results.code}. ${name(results.item.text)}`;
  const byColumn = results.columns.map(({ column, figure }) => ({
    label: columnName(column, round, words),
    figure,
  }));
  const nameOf = [
    textColumn(t('results.csv.service'), ({ column }: Pick<Row, 'column'>) => name(column.service.name)),
    textColumn(t('results.csv.survey'), ({ column }: Pick<Row, 'column'>) => name(column.survey.audience)),
  ];
  return {
    locals: {
      results,
      view,
      tableQuery,
      choices: unitChoices(
        figures,
        [...services].map(([value, of]) => ({ value, name: of })),
        t('results.group.no-area'),
      ),
      table: pageOf(rows, view),
      minimum: context.config.minimumRespondents,
    },
    pictures: [
      levelsPicture('muc-do', title, byColumn, words),
      ...(rows.length === 0
        ? []
        : [
            ratesPicture(
              'don-vi',
              t('results.picture.item-at-units', { item: title }),
              rows.slice(0, MOST_IN_PICTURE).map(({ unit, column, figure }) => ({
                label:
                  results.columns.length > 1
                    ? `${unit.name} – ${columnName(column, round, words)}`
                    : unit.name,
                figure,
              })),
              round,
              words,
            ),
          ]),
    ],
    tables: [
      figureTable('dich-vu', results.columns, [
        ...nameOf,
        ...shownColumns(({ figure }: (typeof results.columns)[number]) => figure, words),
      ]),
      figureTable('don-vi', rows, [
        textColumn(t('results.csv.unit-code'), ({ unit }) => unit.code),
        textColumn(t('results.csv.unit'), ({ unit }) => unit.name),
        ...nameOf,
        ...shownColumns(({ figure }: Row) => figure, words),
      ]),
    ],
  };
}
