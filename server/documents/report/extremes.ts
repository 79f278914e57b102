/** The items with the highest and the lowest rates, each with the service and the people it is of. */
import { itemsOf } from '../../../surveys/read.js';
import type { Column } from '../../results/counts.js';
import { WHOLE } from '../../results/counts.js';
import type { ShownPart } from '../../results/roundFigures.js';
import { type Block, numberedRows, paragraph } from '../form/content.js';
import { named } from '../subject.js';
import { phrase } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { columnName, FIGURE_COLUMNS, figureCells, groupHeading } from './shownFigures.js';

const MOST = 5;

/** Items that fewer people answered are told apart by chance; they are left out where enough others are there. */
const LEAST_ANSWERS = 30;

/** An item of one survey on one service, over all units. */
interface ItemOfColumn {
  readonly column: Column;
  readonly part: ShownPart;
}

export function extremeBlocks({ figures, round }: ReportSource): Block[] {
  const all = ratedItems(figures);
  const enough = all.filter(({ part }) => (part.answered ?? 0) >= LEAST_ANSWERS);
  const rated = enough.length >= 2 * MOST ? enough : all;
  const each = Math.min(MOST, Math.floor(rated.length / 2));
  if (each === 0) return [paragraph(phrase('report.extremes.too-few'))];
  const table = (caption: string, items: readonly ItemOfColumn[]): Block => ({
    kind: 'table',
    caption,
    columns: [
      { heading: phrase('column.order'), width: 9, align: 'mark' },
      { heading: phrase('column.item'), width: 43 },
      { heading: groupHeading(round), width: 43 },
      ...FIGURE_COLUMNS,
    ],
    rows: numberedRows(
      items.map(({ column, part }) => [
        itemName(column, part.code),
        columnName(column),
        ...figureCells(part),
      ]),
    ),
    dense: true,
  });
  return [
    table(phrase('report.extremes.highest', { count: each }), rated.slice(0, each)),
    table(phrase('report.extremes.lowest', { count: each }), rated.slice(-each).reverse()),
    paragraph(
      rated === enough
        ? phrase('report.extremes.note-enough', { least: LEAST_ANSWERS })
        : phrase('report.extremes.note'),
    ),
  ];
}

/** Every item with a rate that is shown, the highest first. */
function ratedItems(figures: ReportSource['figures']): ItemOfColumn[] {
  return figures.columns
    .flatMap((column) => figures.items(WHOLE, column).map((part) => ({ column, part })))
    .filter(({ part }) => part.rate !== null)
    .sort(
      (a, b) =>
        (b.part.rate ?? 0) - (a.part.rate ?? 0) ||
        (b.part.answered ?? 0) - (a.part.answered ?? 0) ||
        (a.part.code < b.part.code ? -1 : 1),
    );
}

/** What an item is called in its survey. */
export function itemName({ survey }: Column, code: string): string {
  const item = itemsOf(survey).find((each) => each.code === code);
  return item ? named(item.text) : code;
}
