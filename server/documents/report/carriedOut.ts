/** I. Tình hình triển khai: by which documents, whom it asked, how many forms went out and came back. */

import { FLAGS } from '../../../models/responses.js';
import { lastDay } from '../../../models/rounds.js';
import { qualityRows } from '../../results/quality.js';
import {
  type Block,
  gap,
  heading,
  type Inline,
  paragraph,
  type TableRow,
  type Text,
  text,
} from '../form/content.js';
import { dayInWords } from '../form/head.js';
import { coordinatingOf } from '../plan/planSource.js';
import { format, listInWords, named, termsOf, words } from '../subject.js';
import type { ReportSource } from './reportSource.js';
import { countCell, lowerFirst } from './shownFigures.js';

export function carriedOutBlocks(source: ReportSource): Block[] {
  return [
    heading(1, 'I. Tình hình triển khai'),
    heading(2, '1. Tổ chức thực hiện'),
    ...organisedBlocks(source),
    heading(2, '2. Đối tượng và mẫu khảo sát'),
    ...sampleBlocks(source),
    heading(2, '3. Phiếu phát ra, thu về, hợp lệ'),
    ...formsBlocks(source),
    ...publishedBlocks(source),
  ];
}

function organisedBlocks({ round, planFacts, plan, measure }: ReportSource): Block[] {
  const { about } = termsOf(round);
  const lead: Inline = round.lead === '' ? gap('đơn vị chủ trì') : round.lead;
  const coordinating = coordinatingOf({ round, measure });
  const others: readonly Inline[] =
    coordinating.length === 0 ? [] : [`, phối hợp với ${listInWords(coordinating)}`];
  const document: Text =
    planFacts && planFacts.number !== ''
      ? text`Kế hoạch số ${planFacts.number}/${planFacts.symbol} ${dayInWords({ day: planFacts.day, year: round.opens.slice(0, 4) })}`
      : text`Kế hoạch số ${gap('số, ký hiệu, ngày của kế hoạch khảo sát')}`;
  const extended = round.history.filter(({ what }) => what === 'extended').at(-1);
  return [
    paragraph(
      text`Thực hiện ${document} của Sở Giáo dục và Đào tạo${plan ? `, thuộc ${plan.title}` : ''}, ${lead} chủ trì${others} tổ chức khảo sát ${about} từ ngày ${format.day(round.opens)} đến ngày ${format.day(lastDay(round))}.`,
    ),
    ...(extended
      ? [paragraph(`Thời hạn nhận phiếu được gia hạn đến ngày ${format.day(extended.closes)}.`)]
      : []),
    paragraph(
      'Phiếu được trả lời trực tuyến qua đường dẫn, mã QR của từng đơn vị hoặc trên giấy rồi nhập vào hệ thống. Người trả lời tham gia tự nguyện; phiếu không hỏi danh tính.',
    ),
  ];
}

function sampleBlocks({ round, figures, overview }: ReportSource): Block[] {
  const { design } = round;
  const audiences = [...new Set(figures.columns.map(({ survey }) => named(survey.audience)))];
  const units = figures.counts.units.size;
  const method = round.continuous
    ? 'Khảo sát thường xuyên, liên tục, không chọn mẫu.'
    : !design
      ? text`Phương án chọn mẫu: ${gap('toàn bộ hoặc chọn mẫu, cách chọn')}.`
      : design.parameters.kind === 'census'
        ? 'Khảo sát toàn bộ: phiếu được gửi đến tất cả đối tượng của các đơn vị.'
        : `Chọn mẫu ${design.parameters.by.length === 0 ? 'ngẫu nhiên' : `phân tầng, gồm ${design.strata.length} tầng`}; độ tin cậy ${design.parameters.confidence} %, sai số cho phép ± ${format.percent(design.parameters.margin)} ${design.parameters.precisionFor === 'round' ? 'cho toàn đợt' : 'cho từng tầng'}.`;
  return [
    paragraph(
      `Khảo sát được thực hiện tại ${format.count(units)} ${termsOf(round).place}; người trả lời gồm: ${listInWords(audiences.map(lowerFirst))}.`,
    ),
    paragraph(method),
    paragraph(
      `Có ${format.count(overview.answering.places)} trên ${format.count(overview.answering.all)} lượt đơn vị – dịch vụ đã có phiếu trả lời.`,
    ),
  ];
}

function formsBlocks(source: ReportSource): Block[] {
  const { overview, groups, figures } = source;
  const { total } = overview;
  const { quota } = overview.responseRates;
  const rows: TableRow[] = [
    { cells: ['1', 'Số phiếu phát ra', ...handedOut(source)] },
    ...(quota
      ? [
          {
            cells: [
              '',
              'Chỉ tiêu phiếu',
              format.count(quota.wanted),
              `Thu về đạt ${format.percent(quota.rates.ofQuota ?? 0)} chỉ tiêu`,
            ],
          },
        ]
      : []),
    { cells: ['2', 'Số phiếu thu về', format.count(total.responses), ''] },
    ...groups.channels.map(({ value, summary }) => ({
      cells: ['', `– ${words(`results.channel.${value}`)}`, countCell(summary.responses), ''],
    })),
    {
      cells: [
        '3',
        'Số phiếu hợp lệ',
        format.count(total.responses),
        'Phiếu được kiểm tra khi tiếp nhận; phiếu không hợp lệ không được nhận',
      ],
    },
  ];
  return [
    {
      kind: 'table',
      caption: 'Phiếu phát ra, thu về, hợp lệ',
      columns: [
        { heading: 'TT', width: 10, align: 'mark' },
        { heading: 'Nội dung', width: 62 },
        { heading: 'Số phiếu', width: 33, align: 'number' },
        { heading: 'Ghi chú', width: 60 },
      ],
      rows,
    },
    ...qualityBlocks(figures.counts, source.context.config.minimumRespondents),
  ];
}

/** Told by the office, else as the sampling plan expected it. */
function handedOut({ known, figures }: ReportSource): [count: Text, note: Text] {
  const { handedOut } = known.facts;
  if (handedOut !== null) return [format.count(handedOut), ''];
  const planned = [...figures.counts.units.values()].reduce((sum, { forms }) => sum + (forms ?? 0), 0);
  return planned > 0
    ? [[{ proposed: format.count(planned) }], 'Theo phương án chọn mẫu; thay bằng số thực phát']
    : [[gap()], 'Số thực phát'];
}

function qualityBlocks(counts: ReportSource['figures']['counts'], minimum: number): Block[] {
  const rows = qualityRows(counts, minimum);
  if (rows.length === 0) return [];
  const of = (flag: (typeof FLAGS)[number]) =>
    rows.reduce((sum, { flags }) => sum + flags[flag].responses, 0);
  const told = FLAGS.filter((flag) => of(flag) > 0).map(
    (flag) => `${format.count(of(flag))} phiếu ${FLAG_WORDS[flag]}`,
  );
  return [
    paragraph(
      `Trong số đó, tại ${format.count(rows.length)} đơn vị có phiếu mang dấu hiệu cần xem lại (${told.join('; ')}). Dấu hiệu này không loại phiếu nào khỏi kết quả.`,
    ),
  ];
}

const FLAG_WORDS = {
  burst: 'gửi dồn dập từ một mạng',
  fast: 'trả lời quá nhanh',
  same: 'chọn cùng một mức ở mọi câu',
} as const;

/** Where anybody can check the figures of a published round. */
function publishedBlocks({ round: { publications } }: ReportSource): Block[] {
  const last = publications.at(-1);
  if (!last) return [];
  const which = last.revision === 1 ? '' : ` (bản điều chỉnh số ${last.revision - 1}, lý do: ${last.reason})`;
  return [
    paragraph(
      `Kết quả đã được công bố ngày ${format.day(last.day)}${which}. Mã kiểm tra (SHA-256) của bản công bố:`,
    ),
    { kind: 'formula', text: last.seal },
  ];
}
