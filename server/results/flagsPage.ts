/** Units whose responses carry quality flags. */
import { FLAGS } from '../../models/responses.js';
import { qualityLimits } from '../statistics/quality.js';
import { figureTable, numberColumn, textColumn } from './figureTable.js';
import type { FigurePage, Visit } from './page.js';
import { qualityRows } from './quality.js';
import { resultsOf } from './resultsOf.js';

export async function flagsPage({ context, round, words: { t } }: Visit): Promise<FigurePage> {
  const { minimumRespondents: minimum } = context.config;
  const rows = qualityRows((await resultsOf(context, round)).counts, minimum);
  return {
    locals: { rows, minimum, qualityLimits },
    pictures: [],
    tables: [
      figureTable('dau-hieu', rows, [
        textColumn(t('results.csv.unit-code'), ({ unit }) => unit.code),
        textColumn(t('results.csv.unit'), ({ unit }) => unit.name),
        numberColumn(t('results.csv.responses'), 0, ({ responses }) => responses),
        ...FLAGS.flatMap((flag) => [
          numberColumn<(typeof rows)[number]>(
            t(`results.flag.${flag}`),
            0,
            ({ flags }) => flags[flag].responses,
          ),
          numberColumn<(typeof rows)[number]>(
            `${t(`results.flag.${flag}`)} (%)`,
            1,
            ({ flags }) => flags[flag].percent,
          ),
        ]),
      ]),
    ],
  };
}
