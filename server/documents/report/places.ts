/** Results by place: area classes, and the uppermost units – in an appendix where they are a whole province's communes. */
import type { ShownSummary } from '../../results/shown.js';
import { type Appendix, type Block, paragraph } from '../form/content.js';
import { capital, format, words } from '../subject.js';
import { phrase } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { FIGURE_COLUMNS, figureCells, hiddenNotes, rateInWords } from './shownFigures.js';

/** More places than these fill pages. */
const MOST_IN_TEXT = 25;

interface NamedGroup {
  readonly name: string;
  readonly summary: ShownSummary;
}

export function placeBlocks(source: ReportSource): Block[] {
  const { groups, round } = source;
  const areas = groups.areas.map(({ value, summary }) => ({
    name: value === '' ? words('results.group.no-area') : capital(value),
    summary,
  }));
  const units = upperUnits(source);
  if (areas.length + units.length === 0)
    return [
      paragraph(
        round.subject === 'education'
          ? phrase('report.places.none-of-schools')
          : phrase('report.places.none-of-desks'),
      ),
    ];
  return [
    ...(areas.length > 0
      ? [groupTable(source, phrase('report.places.areas'), phrase('report.places.column.area'), areas)]
      : []),
    ...(units.length > MOST_IN_TEXT
      ? [
          paragraph(
            `${bestAndLowest(units)} ${phrase('report.places.appendix', { count: format.count(units.length) })}`,
          ),
        ]
      : units.length > 0
        ? [groupTable(source, UNITS, phrase('column.place'), units)]
        : []),
  ];
}

const UNITS = phrase('report.places.units');

/** Where there are too many places for the text; nothing else. */
export function placeAppendix(source: ReportSource): Appendix[] {
  const units = upperUnits(source);
  if (units.length <= MOST_IN_TEXT) return [];
  return [{ title: UNITS, blocks: [groupTable(source, undefined, phrase('column.place'), units)] }];
}

function upperUnits({ groups, names }: ReportSource): NamedGroup[] {
  return groups.units.map(({ value, summary }) => ({ name: names.get(value) ?? value, summary }));
}

function bestAndLowest(groups: readonly NamedGroup[]): string {
  const sorted = groups
    .filter(({ summary }) => summary.total.rate !== null)
    .toSorted((a, b) => (b.summary.total.rate ?? 0) - (a.summary.total.rate ?? 0));
  const [best, lowest] = [sorted[0], sorted.at(-1)];
  if (!best || !lowest || best === lowest) return '';
  return phrase('report.places.extremes', {
    best: best.name,
    highest: rateInWords(best.summary.total),
    worst: lowest.name,
    lowest: rateInWords(lowest.summary.total),
  });
}

/** A table of groups of answers, each with its n and its interval. */
export function groupTable(
  { context }: ReportSource,
  caption: string | undefined,
  head: string,
  groups: readonly NamedGroup[],
): Block {
  const rows = groups.map(({ name, summary }) => [
    name,
    format.count(summary.responses),
    ...figureCells(summary.total),
  ]);
  return {
    kind: 'table',
    ...(caption === undefined ? {} : { caption }),
    columns: [
      { heading: head, width: 62 },
      { heading: phrase('column.forms'), width: 16, align: 'number' },
      ...FIGURE_COLUMNS,
    ],
    rows: rows.map((cells) => ({ cells })),
    notes: hiddenNotes(rows, context.config.minimumRespondents),
    dense: true,
  };
}
