/** Every service of every unit, as a long table that sorts, filters and can be taken along. */
import { figureTable, summaryColumns, textColumn } from './figureTable.js';
import type { FigurePage, Visit } from './page.js';
import { ratesPicture } from './pictures.js';
import { resultsOf } from './resultsOf.js';
import type { RoundFigures } from './roundFigures.js';
import { pageOf, type SortKeys, tableQuery, tableView } from './tableView.js';
import { type UnitRow, unitRows } from './unitRows.js';
import { figureKeys, unitChoices, unitsOfView } from './unitsView.js';
import { MOST_IN_PICTURE } from './unitTaking.js';

interface Row extends Omit<UnitRow, 'service'> {
  readonly service: string;
  readonly serviceName: UnitRow['service']['name'];
}

const KEYS: SortKeys<Row> = {
  ...figureKeys<Row>(({ summary }) => summary.total),
  phieu: ({ summary }) => summary.responses,
  'mong-doi': ({ summary }) => summary.expectation,
};

const known = new WeakMap<RoundFigures, readonly Row[]>();

/** `?xep=` `?tim=` `?dich-vu=` `?dia-ban=` `?duoi=` `?trang=` */
export async function unitsPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const { t, name } = words;
  const figures = await resultsOf(context, round);
  // Every level is shown, of the procedures only those that were rated.
  const all =
    known.get(figures) ??
    unitRows(round, figures)
      .map(({ service, ...row }): Row => ({ ...row, service: service.code, serviceName: service.name }))
      .filter(({ summary }) => round.subject === 'education' || summary.responses > 0);
  known.set(figures, all);
  const view = tableView(request, KEYS);
  const rows = unitsOfView(all, KEYS, view, figures);
  const services = round.services.map((service) => ({ value: service.code, name: name(service.name) }));
  const labelOf = (row: Row) => `${row.unit.name} – ${name(row.serviceName)}`;
  return {
    locals: {
      any: all.length > 0,
      view,
      tableQuery,
      choices: unitChoices(figures, services, t('results.group.no-area')),
      table: pageOf(rows, view),
      minimum: context.config.minimumRespondents,
    },
    pictures:
      rows.length === 0
        ? []
        : [
            ratesPicture(
              'don-vi',
              t('results.picture.units', { round: round.label }),
              rows
                .slice(0, MOST_IN_PICTURE)
                .map((row) => ({ label: labelOf(row), figure: row.summary.total })),
              round,
              words,
            ),
          ],
    tables: [
      figureTable('don-vi', rows, [
        textColumn(t('results.csv.unit-code'), ({ unit }) => unit.code),
        textColumn(t('results.csv.unit'), ({ unit }) => unit.name),
        textColumn(t('results.csv.service-code'), ({ service }) => service),
        textColumn(t('results.csv.service'), ({ serviceName }) => name(serviceName)),
        ...summaryColumns(({ summary }: Row) => summary, words),
      ]),
    ],
  };
}
