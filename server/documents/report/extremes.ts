/** The items with the highest and the lowest rates, each with the service and the people it is of. */
import { itemsOf } from '../../../surveys/read.js';
import type { Column } from '../../results/counts.js';
import { WHOLE } from '../../results/counts.js';
import type { ShownPart } from '../../results/roundFigures.js';
import { type Block, paragraph } from '../form/content.js';
import { named } from '../subject.js';
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
  if (each === 0) return [paragraph('Chưa đủ số liệu để xếp thứ tự các tiêu chí.')];
  const table = (caption: string, items: readonly ItemOfColumn[]): Block => ({
    kind: 'table',
    caption,
    columns: [
      { heading: 'TT', width: 9, align: 'mark' },
      { heading: 'Tiêu chí', width: 43 },
      { heading: groupHeading(round), width: 43 },
      ...FIGURE_COLUMNS,
    ],
    rows: items.map(({ column, part }, at) => ({
      cells: [String(at + 1), itemName(column, part.code), columnName(column), ...figureCells(part)],
    })),
    dense: true,
  });
  return [
    table(`${each} tiêu chí có tỷ lệ hài lòng cao nhất`, rated.slice(0, each)),
    table(`${each} tiêu chí có tỷ lệ hài lòng thấp nhất`, rated.slice(-each).reverse()),
    paragraph(
      `Mỗi dòng là một tiêu chí của một mẫu phiếu đối với một dịch vụ${rated === enough ? `; chỉ xếp các tiêu chí có từ ${LEAST_ANSWERS} câu trả lời trở lên` : ''}. Các tiêu chí có khoảng tin cậy chồng lên nhau chưa chắc khác nhau; kết quả mọi tiêu chí tại Phụ lục II.`,
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
