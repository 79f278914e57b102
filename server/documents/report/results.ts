/** II. Kết quả: the round as a whole, by factor, service and place, its best and lowest items, expectation, open text. */
import type { Column } from '../../results/counts.js';
import type { OverallRate } from '../../results/overallRates.js';
import type { ShownSummary } from '../../results/shown.js';
import { type Block, gap, heading, paragraph, type TableContent, text } from '../form/content.js';
import { format, named, termsOf, words } from '../subject.js';
import type { ReportCharts } from './charts.js';
import { extremeBlocks } from './extremes.js';
import { factorBlocks } from './factors.js';
import { groupTable, placeBlocks } from './places.js';
import type { ReportSource } from './reportSource.js';
import {
  columnName,
  countCell,
  expectationCell,
  FIGURE_COLUMNS,
  figureCells,
  hiddenNotes,
  intervalCell,
  rateCell,
  rateInWords,
} from './shownFigures.js';

export function resultBlocks(source: ReportSource, charts: ReportCharts): Block[] {
  const title = heading(1, 'II. Kết quả khảo sát');
  if (source.overview.total.responses === 0)
    return [
      title,
      paragraph('Đến thời điểm lập báo cáo, đợt khảo sát chưa có phiếu trả lời nào nên chưa có kết quả.'),
    ];
  const { factor } = termsOf(source.round);
  return [
    title,
    heading(2, '1. Kết quả chung'),
    ...wholeBlocks(source),
    ...quarterBlocks(source),
    heading(2, `2. Kết quả theo ${factor}`),
    ...factorBlocks(source),
    ...(charts.factors ? [charts.factors] : []),
    heading(
      2,
      `3. Kết quả theo ${source.round.subject === 'education' ? 'cấp học, dịch vụ' : 'thủ tục hành chính'}`,
    ),
    ...serviceBlocks(source),
    ...(charts.services ? [charts.services] : []),
    heading(2, '4. Kết quả theo địa bàn'),
    ...placeBlocks(source),
    heading(2, '5. Tiêu chí được đánh giá cao nhất, thấp nhất'),
    ...extremeBlocks(source),
    heading(2, '6. Mức độ đáp ứng mong đợi'),
    ...expectationBlocks(source),
    heading(2, '7. Ý kiến mở'),
    ...openBlocks(source),
  ];
}

function wholeBlocks({ overview, context }: ReportSource): Block[] {
  const { total } = overview;
  const minimum = context.config.minimumRespondents;
  const rows = [
    ['Tỷ lệ hài lòng (gộp mọi câu trả lời)', ...figureCells(total.total)],
    ['Hài lòng chung (câu hỏi riêng)', ...figureCells(total.overall)],
  ];
  const [onlyWay] = overview.overallRates.length === 1 ? overview.overallRates : [];
  return [
    paragraph(
      total.total.rate === null
        ? total.total.hidden
          ? `Đợt khảo sát nhận được ${format.count(total.responses)} phiếu; số liệu chung không hiển thị vì có quá ít người trả lời.`
          : `Đợt khảo sát nhận được ${format.count(total.responses)} phiếu nhưng chưa có câu trả lời nào từ mức 1 đến mức 5.`
        : `Tính gộp mọi câu trả lời, tỷ lệ hài lòng là ${rateInWords(total.total)}, từ ý kiến của ${countCell(total.people)} người; điểm trung bình ${format.mean(total.total.mean ?? 0)} trên 5.`,
    ),
    {
      kind: 'table',
      caption: 'Các chỉ số chung',
      columns: [{ heading: 'Chỉ số', width: 78 }, ...FIGURE_COLUMNS],
      rows: rows.map((cells) => ({ cells })),
      notes: hiddenNotes(rows, minimum),
    },
    ...(total.total.rate === null ? [] : [paragraph(peopleInWords(total))]),
    ...(onlyWay || total.total.rate === null
      ? []
      : [paragraph(waysIntroduction), waysTable(overview.overallRates)]),
  ];
}

function peopleInWords({ allFavourable, meanAtLeastFour, people }: ShownSummary): string {
  return `Tính theo người, ${rateCell(allFavourable)} người trả lời có mọi câu ở mức 4 và mức 5 (khoảng tin cậy 95 %: ${intervalCell(allFavourable)}); ${rateCell(meanAtLeastFour)} có điểm trung bình từ 4 trở lên (khoảng tin cậy 95 %: ${intervalCell(meanAtLeastFour)}); n = ${countCell(people)} người. Các tỷ lệ này đếm người, không đếm câu trả lời, nên không so trực tiếp với tỷ lệ hài lòng.`;
}

const waysIntroduction =
  'Tỷ lệ chung có thể được tổng hợp theo nhiều cách. Các cách cho kết quả khác nhau, nên mỗi kết quả được nêu kèm tên cách tính:';

function waysTable(ways: readonly OverallRate[]): TableContent {
  return {
    kind: 'table',
    caption: 'Tỷ lệ hài lòng chung theo từng cách tính',
    columns: [
      { heading: 'Cách tính', width: 62 },
      { heading: 'Tỷ lệ hài lòng', width: 20, align: 'number' },
      { heading: 'Khoảng tin cậy 95 %', width: 33, align: 'number' },
      { heading: 'Tính trên', width: 50 },
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
    notes: ['“–”: cách tính là trung bình cộng, không có khoảng tin cậy.'],
  };
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
            `Tỷ lệ hài lòng cao nhất: ${columnName(best.column)}, ${rateInWords(best.summary.total)}; thấp nhất: ${columnName(lowest.column)}, ${rateInWords(lowest.summary.total)}.`,
          ),
        ]
      : [];
  return [
    ...compared,
    {
      kind: 'table',
      caption: `Kết quả theo ${isEducation ? 'cấp học, dịch vụ và người trả lời' : 'thủ tục hành chính'}`,
      columns: [
        ...groupColumns(round, 72),
        { heading: 'Số phiếu', width: 15, align: 'number' },
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
        { heading: 'Cấp học, dịch vụ', width: width / 2 },
        { heading: 'Người trả lời', width: width / 2 },
      ]
    : [{ heading: 'Thủ tục', width }];
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
  return quarters.length === 0 ? [] : [groupTable(source, 'Kết quả theo quý', 'Quý', quarters)];
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
          ? 'Mức độ đáp ứng mong đợi chung không hiển thị vì có quá ít người trả lời câu hỏi này.'
          : 'Chưa có người trả lời câu hỏi về mức độ đáp ứng mong đợi.'
        : `Theo người trả lời, dịch vụ đáp ứng trung bình ${format.percentage(total.expectation)} so với mong đợi (trung bình các tỷ lệ phần trăm do người trả lời tự đánh giá, trên ${format.count(total.responses)} phiếu). Đây không phải là tỷ lệ hài lòng.`,
    ),
    {
      kind: 'table',
      caption: 'Mức độ đáp ứng mong đợi',
      columns: [
        ...groupColumns(round, 120),
        { heading: 'Số phiếu', width: 20, align: 'number' },
        { heading: 'Đáp ứng mong đợi', width: 25, align: 'number' },
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
        ? text`Phiếu có câu hỏi mở về những điều cần cải thiện. Nội dung các ý kiến được đọc và tổng hợp riêng, không tính vào các tỷ lệ trên. Những nội dung được nêu nhiều: ${gap('tóm tắt các nhóm ý kiến')}.`
        : 'Phiếu của đợt khảo sát này không có câu hỏi mở.',
    ),
  ];
}
