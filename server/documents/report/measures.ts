/** IV. Giải pháp, V. Kiến nghị: proposals drawn from what goes with overall satisfaction and scores low. */
import type { Round } from '../../../models/rounds.js';
import { type Column, WHOLE } from '../../results/counts.js';
import type { ShownDriver, ShownPart } from '../../results/roundFigures.js';
import { type Block, dashes, gap, heading, numberedRows, paragraph } from '../form/content.js';
import { format } from '../subject.js';
import { phrase, wording } from '../wording.js';
import { itemName } from './extremes.js';
import { factorTitles } from './factors.js';
import type { ReportSource } from './reportSource.js';
import { columnName, countCell, groupHeading, intervalCell, rateCell } from './shownFigures.js';

/** So many items of each survey on each service, and in all. */
const EACH = 3;
const MOST = 12;

export function measuresBlocks(source: ReportSource): Block[] {
  const { round, plan } = source;
  const first = itemsFirst(source);
  const remedies = plan?.remedialActions ?? [];
  return [
    heading(1, phrase('report.measures.title')),
    heading(2, phrase('report.measures.first-title')),
    ...(first.length === 0 ? [noneFirst(source)] : firstBlocks(first, round)),
    heading(2, phrase('report.measures.proposed-title')),
    ...(first.length === 0
      ? [paragraph(wording('report.measures.open', { measures: gap(phrase('gap.measures')) }))]
      : [
          ...dashes(
            ...factorsOfItems(source, first).map(
              (factor) => `${factor}: ${direction(round, source, factor)}`,
            ),
          ),
          paragraph(wording('report.measures.who', { assignments: gap(phrase('gap.assignments')) })),
        ]),
    ...(remedies.length === 0
      ? []
      : [
          heading(2, phrase('report.measures.plan-title')),
          ...dashes(
            ...remedies.map(
              ({ indicator, lead, when, measure }) =>
                `${indicator}: ${[lead, when, measure].filter((one) => one !== '').join('; ')}.`,
            ),
          ),
        ]),
  ];
}

interface First {
  readonly column: Column;
  readonly driver: ShownDriver;
  readonly part: ShownPart | undefined;
}

/** What to improve first, the lowest rate above. */
function itemsFirst({ figures }: ReportSource): First[] {
  return figures.columns
    .flatMap((column) => {
      const parts = new Map(figures.items(WHOLE, column).map((part) => [part.code, part]));
      return figures
        .drivers(WHOLE, column)
        .filter(({ priority }) => priority === 'improve')
        .slice(0, EACH)
        .map((driver) => ({ column, driver, part: parts.get(driver.code) }));
    })
    .sort((a, b) => (a.driver.rate ?? 0) - (b.driver.rate ?? 0))
    .slice(0, MOST);
}

function noneFirst({ overview }: ReportSource): Block {
  return paragraph(
    overview.total.responses === 0
      ? phrase('report.measures.nothing-yet')
      : phrase('report.measures.none-first'),
  );
}

function firstBlocks(first: readonly First[], round: Round): Block[] {
  return [
    paragraph(phrase('report.measures.first')),
    {
      kind: 'table',
      caption: phrase('report.measures.table'),
      columns: [
        { heading: phrase('column.order'), width: 9, align: 'mark' },
        { heading: phrase('column.item'), width: 45 },
        { heading: groupHeading(round), width: 36 },
        { heading: phrase('column.answers'), width: 16, align: 'number' },
        { heading: phrase('column.rate'), width: 16, align: 'number' },
        { heading: phrase('column.interval'), width: 34, align: 'number' },
        { heading: phrase('report.measures.column.correlation'), width: 18, align: 'number' },
      ],
      rows: numberedRows(
        first.map(({ column, driver, part }) => [
          itemName(column, driver.code),
          columnName(column),
          countCell(part?.answered ?? null),
          rateCell({ rate: driver.rate, low: null, high: null }),
          intervalCell(part ?? { low: null, high: null }),
          format.mean(driver.correlation),
        ]),
      ),
      dense: true,
    },
  ];
}

/** The factors that items are of, each once, in order. */
function factorsOfItems(source: ReportSource, first: readonly First[]): string[] {
  const titles = factorTitles(source);
  const codes = [...new Set(first.map(({ driver }) => driver.code.slice(0, 1)))].sort();
  return codes.map((code) => titles.get(code) ?? code);
}

function direction({ subject }: Pick<Round, 'subject'>, source: ReportSource, title: string): string {
  const [code = ''] = [...factorTitles(source)].find(([, of]) => of === title) ?? [];
  return DIRECTIONS[subject][code] ?? phrase('report.measures.direction.other');
}

/** What usually helps, by the letter of the factor: a beginning for the office, not a finding of the survey. */
const DIRECTIONS: Readonly<Record<Round['subject'], Readonly<Record<string, string>>>> = {
  education: {
    A: phrase('report.measures.direction.education.A'),
    B: phrase('report.measures.direction.education.B'),
    C: phrase('report.measures.direction.education.C'),
    D: phrase('report.measures.direction.education.D'),
    E: phrase('report.measures.direction.education.E'),
  },
  procedure: {
    A: phrase('report.measures.direction.procedure.A'),
    B: phrase('report.measures.direction.procedure.B'),
    C: phrase('report.measures.direction.procedure.C'),
    D: phrase('report.measures.direction.procedure.D'),
    E: phrase('report.measures.direction.procedure.E'),
  },
};

export function proposalBlocks({ round, overview }: ReportSource): Block[] {
  const isAnswered = overview.total.responses > 0;
  return [
    heading(1, phrase('report.proposals.title')),
    heading(2, phrase('report.proposals.units-title')),
    ...dashes(
      isAnswered
        ? wording('report.proposals.remedy', { day: gap() })
        : wording('report.proposals.go-on', { day: gap() }),
      phrase('report.proposals.publish'),
    ),
    heading(
      2,
      round.subject === 'education'
        ? phrase('report.proposals.communes-title')
        : phrase('report.proposals.divisions-title'),
    ),
    ...dashes(wording('report.proposals.open', { proposal: gap(phrase('gap.proposal')) })),
    heading(2, phrase('report.proposals.province-title')),
    ...dashes(wording('report.proposals.open', { proposal: gap(phrase('gap.proposal')) })),
  ];
}
