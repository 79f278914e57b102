/** V. Hình thức và thời gian khảo sát. */
import { isByInvitation } from '../../../models/rounds.js';
import { type Block, dashes, gap, heading, type Text, text } from '../form/content.js';
import { format } from '../subject.js';
import { productsLike, whenDue } from './assignments.js';
import type { PlanSource } from './planSource.js';

export function scheduleBlocks(source: PlanSource): Block[] {
  const { round, measure } = source;
  const kiosk =
    round.subject === 'procedure' ? ['Máy tính bảng đặt tại nơi trả kết quả, mở sẵn phiếu khảo sát.'] : [];
  return [
    heading(1, 'V. Hình thức và thời gian khảo sát'),
    heading(2, '1. Hình thức'),
    ...dashes(
      isByInvitation(round)
        ? 'Trực tuyến, bằng mã mời: mỗi người được chọn nhận một mã dùng một lần; mã không gắn với câu trả lời.'
        : 'Trực tuyến, qua đường dẫn và mã QR riêng của từng đơn vị, gửi đến người trả lời qua các kênh liên lạc sẵn có của đơn vị.',
      ...kiosk,
      measure?.paper
        ? 'Phiếu giấy có đánh số, do đơn vị phát, thu lại và nhập vào hệ thống khảo sát.'
        : 'Phiếu giấy có đánh số cho người không có điều kiện trả lời trực tuyến, do đơn vị in, phát, thu lại và nhập vào hệ thống khảo sát.',
    ),
    heading(2, '2. Thời gian'),
    {
      kind: 'table',
      caption: 'Tiến độ thực hiện',
      columns: [
        { heading: 'TT', width: 10, align: 'mark' },
        { heading: 'Công việc', width: 85 },
        { heading: 'Thời gian', width: 70 },
      ],
      rows: steps(source).map(([what, when], at) => ({ cells: [String(at + 1), what, when] })),
    },
  ];
}

function steps(source: PlanSource): [what: string, when: Text][] {
  const { round } = source;
  const [opens, closes] = [format.day(round.opens), format.day(round.closes)];
  const report = productsLike(source, 'báo cáo')[0];
  return [
    ['Ban hành kế hoạch; hướng dẫn các đơn vị; cấp đường dẫn, mã QR, phiếu in', `Trước ngày ${opens}`],
    [
      round.continuous ? 'Thu thập ý kiến thường xuyên' : 'Thu thập ý kiến',
      `Từ ngày ${opens} đến hết ngày ${closes}`,
    ],
    ['Nhập phiếu giấy, kiểm tra và khóa số liệu', text`Trước ngày ${gap()}`],
    [
      'Tổng hợp, phân tích, báo cáo kết quả',
      round.continuous
        ? 'Theo quý; báo cáo năm sau khi kết thúc năm'
        : report?.due != null
          ? whenDue(report)
          : text`Trước ngày ${gap()}`,
    ],
    ['Công bố kết quả; các đơn vị xây dựng giải pháp khắc phục', text`Trước ngày ${gap()}`],
  ];
}
