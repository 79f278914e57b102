/** II.1. Kết quả chung: the rate over all answers, shares of people, and the overall rate by every way it can be put together. */
import type { OverallRate } from '../../results/overallRates.js';
import type { ShownSummary } from '../../results/shown.js';
import { type Block, paragraph, type TableContent } from '../form/content.js';
import { format, words } from '../subject.js';
import { phrase } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import {
  countCell,
  FIGURE_COLUMNS,
  figureCells,
  hiddenNotes,
  intervalCell,
  rateCell,
  rateInWords,
} from './shownFigures.js';

export function wholeBlocks({ overview, context }: ReportSource): Block[] {
  const { total } = overview;
  const minimum = context.config.minimumRespondents;
  const rows = [
    [phrase('row.rate-pooled'), ...figureCells(total.total)],
    [phrase('report.results.row.overall'), ...figureCells(total.overall)],
  ];
  const [onlyWay] = overview.overallRates.length === 1 ? overview.overallRates : [];
  return [
    paragraph(
      total.total.rate === null
        ? total.total.hidden
          ? phrase('report.results.hidden', { forms: format.count(total.responses) })
          : phrase('report.results.not-rated', { forms: format.count(total.responses) })
        : phrase('report.results.pooled', {
            rate: rateInWords(total.total),
            people: countCell(total.people),
            mean: format.mean(total.total.mean ?? 0),
          }),
    ),
    {
      kind: 'table',
      caption: phrase('report.results.indicators'),
      columns: [{ heading: phrase('report.results.column.indicator'), width: 78 }, ...FIGURE_COLUMNS],
      rows: rows.map((cells) => ({ cells })),
      notes: hiddenNotes(rows, minimum),
    },
    ...(total.total.rate === null ? [] : [paragraph(peopleInWords(total))]),
    ...(onlyWay || total.total.rate === null
      ? []
      : [paragraph(phrase('report.results.ways')), waysTable(overview.overallRates)]),
  ];
}

function peopleInWords({ allFavourable, meanAtLeastFour, people }: ShownSummary): string {
  return phrase('report.results.people', {
    all: rateCell(allFavourable),
    allInterval: intervalCell(allFavourable),
    mean: rateCell(meanAtLeastFour),
    meanInterval: intervalCell(meanAtLeastFour),
    people: countCell(people),
  });
}

function waysTable(ways: readonly OverallRate[]): TableContent {
  return {
    kind: 'table',
    caption: phrase('report.results.ways-table'),
    columns: [
      { heading: phrase('report.results.column.way'), width: 62 },
      { heading: phrase('column.rate'), width: 20, align: 'number' },
      { heading: phrase('column.interval'), width: 33, align: 'number' },
      { heading: phrase('report.results.column.parts'), width: 50 },
    ],
    rows: ways.map((way) => ({
      cells: [
        words(`results.way.${way.basis ?? way.kind}`),
        rateCell(way),
        intervalCell(way),
        words(`results.way.${way.basis ?? way.kind}.parts`, {
          parts: format.count(way.parts),
          covered: format.count(way.covered ?? 0),
          population: format.count(way.population ?? 0),
        }),
      ],
    })),
    notes: [phrase('report.results.ways-note')],
  };
}
