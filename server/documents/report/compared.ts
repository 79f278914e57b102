/** III. So với chỉ tiêu và đợt trước. */

import { SATISFACTION_RATE } from '../../../models/rounds.js';
import type { ShownDifference } from '../../results/comparison.js';
import { type Block, gap, heading, paragraph, type Text, text } from '../form/content.js';
import { boundInWords, capital, format, targetInWords, words } from '../subject.js';
import type { ReportSource } from './reportSource.js';
import { columnName, intervalCell, rateCell, rateInWords } from './shownFigures.js';

export function comparedBlocks(source: ReportSource): Block[] {
  return [
    heading(1, 'III. So với chỉ tiêu và đợt trước'),
    heading(2, '1. So với chỉ tiêu'),
    ...targetBlocks(source),
    heading(2, '2. So với đợt trước'),
    ...earlierBlocks(source),
  ];
}

const VERDICTS = {
  met: 'Đạt chỉ tiêu: toàn bộ khoảng tin cậy nằm trong mức yêu cầu.',
  missed: 'Chưa đạt chỉ tiêu: toàn bộ khoảng tin cậy nằm ngoài mức yêu cầu.',
  uncertain:
    'Chưa đủ cơ sở kết luận đạt hay chưa đạt: khoảng tin cậy có cả giá trị đạt và chưa đạt chỉ tiêu; cần thêm phiếu để kết luận.',
  unmeasured: 'Chưa có số liệu để đánh giá.',
} as const;

function targetBlocks({ overview }: ReportSource): Block[] {
  const { targets, total } = overview;
  if (targets.length === 0)
    return [paragraph('Kế hoạch không giao chỉ tiêu về tỷ lệ hài lòng cho đợt khảo sát này.')];
  return [
    ...targets
      .filter(({ target }) => target.indicator === SATISFACTION_RATE)
      .map(({ target, verdict }) =>
        paragraph(
          `Chỉ tiêu: ${targetInWords(target)}. Kết quả: ${verdict === 'unmeasured' ? 'chưa có' : rateInWords(total.total)}. ${VERDICTS[verdict]}`,
        ),
      ),
    {
      kind: 'table',
      caption: 'Kết quả so với chỉ tiêu',
      columns: [
        { heading: 'Chỉ tiêu', width: 50 },
        { heading: 'Yêu cầu', width: 30 },
        { heading: 'Kết quả', width: 20, align: 'number' },
        { heading: 'Khoảng tin cậy 95 %', width: 32, align: 'number' },
        { heading: 'Nhận định', width: 33 },
      ],
      rows: targets.map(({ target, verdict }) => {
        const isRate = target.indicator === SATISFACTION_RATE;
        const name = isRate ? 'Tỷ lệ hài lòng (gộp mọi câu trả lời)' : capital(target.indicator);
        const result: Text[] = isRate
          ? [rateCell(total.total), intervalCell(total.total), words(`results.verdict.${verdict}`)]
          : [[gap()], '–', 'Không đo bằng phiếu này'];
        return { cells: [name, capital(boundInWords(target)), ...result] };
      }),
    },
  ];
}

function earlierBlocks({ earlier, overview }: ReportSource): Block[] {
  if (!earlier)
    return [paragraph('Chưa có đợt khảo sát trước cùng nội dung đã đóng trên hệ thống để so sánh.')];
  if (overview.total.responses === 0) return [paragraph('Chưa có kết quả của đợt này để so sánh.')];
  const { round, comparison } = earlier;
  const { total, onlyNow, onlyBefore } = comparison;
  const rows = [
    ['Tính gộp', ...differenceCells(total)],
    ...comparison.columns.map(({ column, total: of }) => [columnName(column), ...differenceCells(of)]),
  ];
  const moved = (change: ShownDifference['change']) =>
    comparison.units.filter(({ difference }) => difference.change === change).length;
  return [
    paragraph(changeInWords(total, round.label)),
    ...(onlyNow.length + onlyBefore.length > 0
      ? [
          paragraph(
            'Hai đợt không hỏi cùng các dịch vụ và người trả lời; số tính gộp chỉ so sánh phần có ở cả hai đợt.',
          ),
        ]
      : []),
    {
      kind: 'table',
      caption: `So với ${round.label}`,
      columns: [
        { heading: 'Nội dung', width: 52 },
        { heading: 'Đợt trước', width: 19, align: 'number' },
        { heading: 'Đợt này', width: 19, align: 'number' },
        { heading: 'Chênh lệch (điểm %)', width: 20, align: 'number' },
        { heading: 'Khoảng tin cậy 95 %', width: 32, align: 'number' },
        { heading: 'Nhận định', width: 24 },
      ],
      rows: rows.map((cells) => ({ cells })),
      notes: ['“–”: không có số liệu, hoặc số liệu của một trong hai đợt bị ẩn.'],
      dense: true,
    },
    paragraph(
      `Trong ${format.count(comparison.units.length)} đơn vị của đợt này, ${format.count(moved('up'))} đơn vị tăng, ${format.count(moved('down'))} đơn vị giảm, ${format.count(moved('uncertain'))} đơn vị chưa đủ cơ sở kết luận; số còn lại không so sánh được.`,
    ),
    paragraph(text`Nguyên nhân tăng, giảm: ${gap('nhận định của Sở')}.`),
  ];
}

const signed = (points: number) => `${points > 0 ? '+' : ''}${format.points(points)}`;

/** Before, now, and the difference in percentage points with its interval. */
function differenceCells({ now, before, points, low, high, change }: ShownDifference): string[] {
  return [
    before === null ? '–' : format.percentage(before),
    now === null ? '–' : format.percentage(now),
    points === null ? '–' : signed(points),
    low === null || high === null ? '–' : `${signed(low)} đến ${signed(high)}`,
    change === null ? '–' : words(`results.change.${change}`),
  ];
}

const CHANGES = { up: 'tăng', down: 'giảm', uncertain: 'chênh lệch' } as const;

function changeInWords({ now, before, points, low, high, change }: ShownDifference, label: string): string {
  if (now === null || before === null || points === null || low === null || high === null || change === null)
    return `Không so sánh được tỷ lệ chung với ${label}: số liệu của một trong hai đợt chưa có hoặc bị ẩn.`;
  const end =
    change === 'uncertain'
      ? '; khoảng tin cậy chứa giá trị 0, nên chưa đủ cơ sở kết luận tăng hay giảm.'
      : '.';
  const by = change === 'uncertain' ? signed(points) : format.points(Math.abs(points));
  return `So với ${label}, tỷ lệ hài lòng tính gộp từ ${format.percentage(before)} thành ${format.percentage(now)}, ${CHANGES[change]} ${by} điểm phần trăm (khoảng tin cậy 95 %: ${signed(low)} đến ${signed(high)})${end}`;
}
