/** IV. Giải pháp, V. Kiến nghị: proposals drawn from what goes with overall satisfaction and scores low. */
import type { Round } from '../../../models/rounds.js';
import { type Column, WHOLE } from '../../results/counts.js';
import type { ShownDriver, ShownPart } from '../../results/roundFigures.js';
import { type Block, dashes, gap, heading, paragraph, text } from '../form/content.js';
import { format } from '../subject.js';
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
    heading(1, 'IV. Giải pháp'),
    heading(2, '1. Những nội dung cần cải thiện trước'),
    ...(first.length === 0 ? [noneFirst(source)] : firstBlocks(first, round)),
    heading(2, '2. Giải pháp đề xuất'),
    ...(first.length === 0
      ? [paragraph(text`Giải pháp: ${gap('nội dung, đơn vị thực hiện, thời hạn')}.`)]
      : [
          ...dashes(
            ...factorsOfItems(source, first).map(
              (factor) => `${factor}: ${direction(round, source, factor)}`,
            ),
          ),
          paragraph(text`Đơn vị thực hiện, thời hạn hoàn thành: ${gap('phân công cụ thể từng giải pháp')}.`),
        ]),
    ...(remedies.length === 0
      ? []
      : [
          heading(2, '3. Tiếp tục thực hiện các nhiệm vụ khắc phục trong kế hoạch'),
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
      ? 'Chưa có số liệu để xác định.'
      : 'Không có tiêu chí nào vừa đi cùng mức hài lòng chung vừa có tỷ lệ thấp, hoặc chưa đủ số liệu để xác định. Đề nghị căn cứ các tiêu chí có tỷ lệ thấp nhất tại Mục II.5.',
  );
}

function firstBlocks(first: readonly First[], round: Round): Block[] {
  return [
    paragraph(
      'Các tiêu chí sau vừa có tỷ lệ hài lòng thấp hơn mức giữa, vừa đi cùng mức hài lòng chung nhiều hơn các tiêu chí khác (tương quan hạng τb của Kendall), nên được đề xuất ưu tiên. Đi cùng nhau chưa phải là nguyên nhân; cần đối chiếu với thực tế từng đơn vị.',
    ),
    {
      kind: 'table',
      caption: 'Các tiêu chí đề xuất cải thiện trước',
      columns: [
        { heading: 'TT', width: 9, align: 'mark' },
        { heading: 'Tiêu chí', width: 45 },
        { heading: groupHeading(round), width: 36 },
        { heading: 'Số câu trả lời (n)', width: 16, align: 'number' },
        { heading: 'Tỷ lệ hài lòng', width: 16, align: 'number' },
        { heading: 'Khoảng tin cậy 95 %', width: 34, align: 'number' },
        { heading: 'Tương quan', width: 18, align: 'number' },
      ],
      rows: first.map(({ column, driver, part }, at) => ({
        cells: [
          String(at + 1),
          itemName(column, driver.code),
          columnName(column),
          countCell(part?.answered ?? null),
          rateCell({ rate: driver.rate, low: null, high: null }),
          intervalCell(part ?? { low: null, high: null }),
          format.mean(driver.correlation),
        ],
      })),
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
  return DIRECTIONS[subject][code] ?? 'rà soát, đề ra biện pháp khắc phục phù hợp với từng đơn vị.';
}

/** What usually helps, by the letter of the factor: a beginning for the office, not a finding of the survey. */
const DIRECTIONS: Readonly<Record<Round['subject'], Readonly<Record<string, string>>>> = {
  education: {
    A: 'công khai sớm, đầy đủ, dễ hiểu thông tin tuyển sinh, các khoản thu, chế độ miễn, giảm và hỗ trợ; rà soát thủ tục nhập học, chuyển trường để giảm giấy tờ và thời gian đi lại.',
    B: 'rà soát hiện trạng phòng học, thiết bị, nhà vệ sinh, nước uống, sân chơi; lập thứ tự ưu tiên sửa chữa, bổ sung theo các tiêu chí có tỷ lệ thấp nhất của từng đơn vị.',
    C: 'tăng cường trao đổi hai chiều giữa nhà trường và gia đình; tiếp nhận, phản hồi ý kiến kịp thời; phòng ngừa bạo lực học đường, bảo đảm an ninh, an toàn trường học.',
    D: 'đổi mới phương pháp dạy học và kiểm tra, đánh giá theo sự tiến bộ của người học; mở rộng hoạt động trải nghiệm, tư vấn, hỗ trợ người học.',
    E: 'chú trọng giáo dục phẩm chất, kỹ năng, thể chất; thông tin kịp thời, rõ ràng cho gia đình về sự tiến bộ của người học.',
  },
  procedure: {
    A: 'bố trí đủ chỗ ngồi chờ, thiết bị tra cứu và người hướng dẫn tại nơi tiếp nhận; bảo trì thường xuyên.',
    B: 'niêm yết, công khai đầy đủ, chính xác, kịp thời quy trình, thành phần hồ sơ, phí, lệ phí, thời hạn; rà soát, đề xuất cắt giảm giấy tờ, thời gian giải quyết.',
    C: 'bồi dưỡng kỹ năng giao tiếp; hướng dẫn đầy đủ, dễ hiểu trong một lần; kiểm tra việc thực hiện văn hóa công vụ.',
    D: 'kiểm soát thời hạn và độ chính xác của kết quả; thông báo và xin lỗi bằng văn bản khi trễ hẹn.',
    E: 'công khai các hình thức tiếp nhận góp ý, phản ánh, kiến nghị; xử lý và thông báo kết quả đúng thời hạn.',
  },
};

export function proposalBlocks({ round, overview }: ReportSource): Block[] {
  const isAnswered = overview.total.responses > 0;
  return [
    heading(1, 'V. Kiến nghị'),
    heading(2, '1. Đối với các đơn vị'),
    ...dashes(
      isAnswered
        ? text`Căn cứ kết quả của đơn vị tại Phụ lục I, xây dựng và thực hiện giải pháp khắc phục những nội dung có tỷ lệ thấp; báo cáo Sở Giáo dục và Đào tạo trước ngày ${gap()}.`
        : text`Tiếp tục tổ chức lấy ý kiến, hoàn thành trước ngày ${gap()}.`,
      'Công khai kết quả và giải pháp với người dân; không dùng kết quả để tìm hiểu ai đã trả lời.',
    ),
    heading(
      2,
      round.subject === 'education' ? '2. Đối với UBND các xã, phường' : '2. Đối với các phòng thuộc Sở',
    ),
    ...dashes(text`${gap('kiến nghị')}.`),
    heading(2, '3. Đối với UBND tỉnh, các bộ, ngành'),
    ...dashes(text`${gap('kiến nghị')}.`),
  ];
}
