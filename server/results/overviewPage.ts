/** The first page of a round's results. */

import { queryText } from '../http/pages.js';
import { boardOf } from '../progress/board.js';
import { comparedFactorsTable } from './comparedTables.js';
import { comparisonOf, factorDifferences, type ShownDifference } from './comparison.js';
import { chosenRound, earlierRounds } from './earlierRounds.js';
import { itemRanks, type RankedItem } from './itemRanks.js';
import type { OverallRate } from './overallRates.js';
import { overviewOf } from './overview.js';
import {
  countedOn,
  factorsShown,
  factorsTable,
  ranksTable,
  servicesTable,
  waysTable,
} from './overviewTables.js';
import type { FigurePage, Visit } from './page.js';
import { levelsPicture, ratesPicture } from './pictures.js';
import { flagTotals, qualityRows } from './quality.js';
import { resultsOf } from './resultsOf.js';
import type { Shown } from './shown.js';
import { columnName, factorTitles, itemTitle } from './titles.js';

interface FactorRow {
  readonly label: string;
  readonly figure: Shown;
  readonly before: number | null;
}

/** The overview, beside the earlier round that `?so-voi=` names, else the latest. */
export async function overviewPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const { minimumRespondents: minimum } = context.config;
  const figures = await resultsOf(context, round);
  const overview = overviewOf(round, figures);
  const today = context.today();
  if (round.state === 'draft') return { locals: { overview, minimum, today }, pictures: [], tables: [] };
  const { t } = words;
  const before = chosenRound(await earlierRounds(round), queryText(request, 'so-voi'));
  const figuresBefore = before && (await resultsOf(context, before));
  const comparison = figuresBefore && comparisonOf(figures, figuresBefore);
  const factorChanges: ReadonlyMap<string, ShownDifference> = figuresBefore
    ? factorDifferences(figures, figuresBefore)
    : new Map();
  const columnChanges = new Map(comparison?.columns.map(({ column, total }) => [column.key, total]));
  const titles = factorTitles(
    figures.columns.map(({ survey }) => survey),
    words,
  );
  const ranks = itemRanks(figures);
  const board = round.continuous ? null : await boardOf(context, round, '');
  const flagged = qualityRows(figures.counts, minimum);
  const parts = factorsShown(overview.factors);
  const factors = parts.map(
    (part): FactorRow => ({
      label: titles.get(part.code) ?? part.code,
      figure: part,
      before: factorChanges.get(part.code)?.before ?? null,
    }),
  );
  // Every level is shown, of the procedures only those that were rated.
  const columns = overview.columns.filter(
    ({ summary }) => round.subject === 'education' || summary.responses > 0,
  );
  const services = columns.map(({ column, summary }) => ({
    label: columnName(column, round, words),
    figure: summary.total,
    before: columnChanges.get(column.key)?.before ?? null,
  }));
  const changes = [...factorChanges].map(([code, difference]) => ({
    label: titles.get(code) ?? code,
    difference,
  }));
  const hasAnswers = overview.total.responses > 0;
  return {
    locals: {
      overview,
      parts,
      columns,
      compared: before && comparison && { round: before, difference: comparison.total },
      factorChanges,
      columnChanges,
      ranks,
      lagging: board && { units: board.total.lagging, of: board.units.length },
      flagged: { units: flagged.length, totals: flagTotals(flagged) },
      itemTitle: ({ column, figure }: RankedItem) => itemTitle(column.survey, figure.code, words),
      countedOn: (way: OverallRate) => countedOn(way, words),
      minimum,
      today,
    },
    pictures: hasAnswers
      ? [
          levelsPicture('muc-do', t('results.picture.factor-levels', { round: round.label }), factors, words),
          ratesPicture(
            'linh-vuc',
            t('results.picture.factor-rates', { round: round.label }),
            factors,
            round,
            words,
            before,
          ),
          ratesPicture(
            'dich-vu',
            t('results.picture.service-rates', { round: round.label }),
            services,
            round,
            words,
            before,
          ),
        ]
      : [],
    tables: [
      factorsTable(factors, words),
      comparedFactorsTable('so-voi', changes, words),
      ranksTable([...ranks.best, ...ranks.lowest], words),
      servicesTable(columns, words),
      waysTable(hasAnswers ? overview.overallRates : [], words),
    ],
  };
}
