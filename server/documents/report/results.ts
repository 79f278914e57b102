/** II. Kết quả: the round as a whole, by factor, service and place, its best and lowest items, expectation, open text. */
import type { Column } from '../../results/counts.js';
import { type Block, gap, heading, paragraph, type TableContent } from '../form/content.js';
import { format, named, termsOf, words } from '../subject.js';
import { phrase, wording } from '../wording.js';
import type { ReportCharts } from './charts.js';
import { extremeBlocks } from './extremes.js';
import { factorBlocks } from './factors.js';
import { wholeBlocks } from './overall.js';
import { groupTable, placeBlocks } from './places.js';
import type { ReportSource } from './reportSource.js';
import {
  columnName,
  expectationCell,
  FIGURE_COLUMNS,
  figureCells,
  hiddenNotes,
  rateInWords,
} from './shownFigures.js';

export function resultBlocks(source: ReportSource, charts: ReportCharts): Block[] {
  const title = heading(1, phrase('report.results.title'));
  if (source.overview.total.responses === 0) return [title, paragraph(phrase('report.results.no-answers'))];
  const { factor, services } = termsOf(source.round);
  return [
    title,
    heading(2, phrase('report.results.overall-title')),
    ...wholeBlocks(source),
    ...quarterBlocks(source),
    heading(2, phrase('report.results.factors-title', { factor })),
    ...factorBlocks(source),
    ...(charts.factors ? [charts.factors] : []),
    heading(2, phrase('report.results.services-title', { services })),
    ...serviceBlocks(source),
    ...(charts.services ? [charts.services] : []),
    heading(2, phrase('report.results.places-title')),
    ...placeBlocks(source),
    heading(2, phrase('report.results.extremes-title')),
    ...extremeBlocks(source),
    heading(2, phrase('report.results.expectation-title')),
    ...expectationBlocks(source),
    heading(2, phrase('report.results.open-title')),
    ...openBlocks(source),
  ];
}

function serviceBlocks({ overview, round, context }: ReportSource): Block[] {
  const isEducation = round.subject === 'education';
  const answered = overview.columns.filter(({ summary }) => isEducation || summary.responses > 0);
  const rows = answered.map(({ column, summary }) => [
    ...groupCells(column, round),
    format.count(summary.responses),
    ...figureCells(summary.total),
  ]);
  const rated = answered.filter(({ summary }) => summary.total.rate !== null);
  const sorted = rated.toSorted((a, b) => (b.summary.total.rate ?? 0) - (a.summary.total.rate ?? 0));
  const [best, lowest] = [sorted[0], sorted.at(-1)];
  const compared =
    best && lowest && best !== lowest
      ? [
          paragraph(
            phrase('report.results.services', {
              best: columnName(best.column),
              highest: rateInWords(best.summary.total),
              worst: columnName(lowest.column),
              lowest: rateInWords(lowest.summary.total),
            }),
          ),
        ]
      : [];
  return [
    ...compared,
    {
      kind: 'table',
      caption: phrase('report.results.by', {
        what: isEducation ? phrase('subject.education.services-and-people') : termsOf(round).services,
      }),
      columns: [
        ...groupColumns(round, 72),
        { heading: phrase('column.forms'), width: 15, align: 'number' },
        ...FIGURE_COLUMNS,
      ],
      rows: rows.map((cells) => ({ cells })),
      notes: hiddenNotes(rows, context.config.minimumRespondents),
      dense: true,
    },
  ];
}

/** What is rated and who answered; of procedures everybody answers the same. @param width of both together */
function groupColumns({ subject }: ReportSource['round'], width: number): TableContent['columns'] {
  return subject === 'education'
    ? [
        { heading: phrase('column.service'), width: width / 2 },
        { heading: phrase('column.respondents'), width: width / 2 },
      ]
    : [{ heading: phrase('column.procedure'), width }];
}

function groupCells({ service, survey }: Column, { subject }: ReportSource['round']): string[] {
  return subject === 'education' ? [named(service.name), named(survey.audience)] : [named(service.name)];
}

/** A continuous round is told by quarter; nothing for the others. */
function quarterBlocks(source: ReportSource): Block[] {
  const quarters = source.groups.quarters.map(({ value, summary }) => ({
    name: words(`results.quarter.${value.slice(-1)}`, { year: value.slice(0, 4) }),
    summary,
  }));
  return quarters.length === 0
    ? []
    : [
        groupTable(
          source,
          phrase('report.results.quarters'),
          phrase('report.results.column.quarter'),
          quarters,
        ),
      ];
}

function expectationBlocks({ overview, round, context }: ReportSource): Block[] {
  const { total } = overview;
  const rows = overview.columns
    .filter(({ summary }) => round.subject === 'education' || summary.responses > 0)
    .map(({ column, summary }) => [
      ...groupCells(column, round),
      format.count(summary.responses),
      expectationCell(summary),
    ]);
  return [
    paragraph(
      total.expectation === null
        ? total.isExpectationHidden
          ? phrase('report.results.expectation-hidden')
          : phrase('report.results.expectation-none')
        : phrase('report.results.expectation', {
            rate: format.percentage(total.expectation),
            forms: format.count(total.responses),
          }),
    ),
    {
      kind: 'table',
      caption: phrase('report.results.expectation-table'),
      columns: [
        ...groupColumns(round, 120),
        { heading: phrase('column.forms'), width: 20, align: 'number' },
        { heading: phrase('column.expectation'), width: 25, align: 'number' },
      ],
      rows: rows.map((cells) => ({ cells })),
      notes: hiddenNotes(rows, context.config.minimumRespondents),
      dense: true,
    },
  ];
}

function openBlocks({ figures }: ReportSource): Block[] {
  const asks = figures.columns.some(({ survey }) => survey.sections.some(({ role }) => role === 'comment'));
  return [
    paragraph(
      asks
        ? wording('report.results.open', { opinions: gap(phrase('gap.opinions')) })
        : phrase('report.results.no-open'),
    ),
  ];
}
