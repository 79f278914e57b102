/** VII. Tổ chức thực hiện: who does what with whom, what comes of it, and by when. */
import type { Deliverable } from '../../../models/plans.js';
import { writtenDue } from '../../plans/calendar.js';
import { type Block, dashes, gap, heading, type Text, text } from '../form/content.js';
import { format } from '../subject.js';
import { coordinatingOf, type PlanSource } from './planSource.js';

export function assignmentBlocks(source: PlanSource): Block[] {
  const lead = leadOf(source);
  const coordinating = coordinatingOf(source);
  const others: Text = coordinating.length === 0 ? [gap('đơn vị phối hợp')] : coordinating.join('; ');
  return [
    heading(1, 'VII. Tổ chức thực hiện'),
    heading(2, '1. Đơn vị chủ trì'),
    ...dashes(
      text`${lead} chủ trì tham mưu, hướng dẫn, theo dõi, đôn đốc việc thực hiện Kế hoạch này; tổng hợp, phân tích số liệu, xây dựng báo cáo trình Giám đốc Sở; bảo đảm an toàn, bảo mật số liệu.`,
    ),
    heading(2, '2. Đơn vị phối hợp'),
    ...dashes(
      text`${others} phối hợp với ${lead} trong quá trình thực hiện theo chức năng, nhiệm vụ; góp ý dự thảo báo cáo và đề xuất giải pháp.`,
    ),
    heading(2, '3. Các đơn vị tham gia khảo sát'),
    ...dashes(
      'Thông báo đến người trả lời mục đích khảo sát, quyền không tham gia và cam kết không thu thập danh tính; chuyển đường dẫn, mã QR hoặc phiếu giấy đến đúng đối tượng.',
      'Theo dõi số phiếu thu về, bảo đảm thời hạn; không trả lời thay và không can thiệp vào câu trả lời.',
      'Cử người làm đầu mối, nhập phiếu giấy (nếu có) đầy đủ, trung thực.',
    ),
    heading(2, '4. Phân công cụ thể'),
    {
      kind: 'table',
      caption: 'Bảng phân công nhiệm vụ',
      columns: [
        { heading: 'TT', width: 11, align: 'mark' },
        { heading: 'Nội dung công việc', width: 48 },
        { heading: 'Chủ trì', width: 27 },
        { heading: 'Phối hợp', width: 33 },
        { heading: 'Sản phẩm', width: 33 },
        { heading: 'Thời hạn', width: 25 },
      ],
      rows: tasks(source, lead, others).map((cells, at) => ({ cells: [String(at + 1), ...cells] })),
    },
  ];
}

type Task = readonly [work: string, lead: Text, others: Text, product: string, due: Text];

function tasks(source: PlanSource, lead: Text, others: Text): Task[] {
  const { round, asked, measure } = source;
  const [opens, closes] = [format.day(round.opens), format.day(round.closes)];
  const quota = asked.reduce((sum, row) => sum + (row.quota ?? 0), 0);
  const plans = [...productsLike(source, 'kế hoạch'), ...productsLike(source, 'phương án')];
  const reports = productsLike(source, 'báo cáo');
  const rest = (measure?.products ?? []).filter((product) => ![...plans, ...reports].includes(product));
  const units = 'Các đơn vị tham gia khảo sát';
  const planned = (products: readonly Deliverable[], usual: Task): Task[] =>
    products.length === 0
      ? [usual]
      : products.map((product) => [
          usual[0],
          usual[1],
          usual[2],
          product.name,
          product.due === null && product.every === null ? usual[4] : whenDue(product),
        ]);
  return [
    ...planned(plans, [
      'Xây dựng, ban hành kế hoạch',
      lead,
      others,
      'Kế hoạch được ban hành',
      `Trước ${opens}`,
    ]),
    [
      'Thiết lập đợt khảo sát; cấp đường dẫn, mã QR, phiếu in; hướng dẫn các đơn vị',
      lead,
      units,
      'Đường dẫn, mã QR, phiếu in, văn bản hướng dẫn',
      `Trước ${opens}`,
    ],
    [
      'Tổ chức lấy ý kiến',
      units,
      lead,
      quota > 0 ? `Đủ ${format.count(quota)} phiếu theo chỉ tiêu` : 'Phiếu trả lời',
      `Từ ${opens} đến ${closes}`,
    ],
    [
      'Theo dõi tiến độ, đôn đốc các đơn vị chậm',
      lead,
      others,
      'Thông báo tiến độ',
      `Từ ${opens} đến ${closes}`,
    ],
    ['Nhập phiếu giấy (nếu có), kiểm tra số liệu', units, lead, 'Số liệu đã kiểm tra', [gap()]],
    ...planned(reports, [
      'Tổng hợp, phân tích, báo cáo kết quả',
      lead,
      others,
      'Báo cáo kết quả khảo sát',
      round.continuous ? 'Hằng quý, năm' : [gap()],
    ]),
    ...rest.map(
      (product): Task => [
        'Theo kế hoạch của Sở',
        lead,
        others,
        product.name,
        product.due === null && product.every === null ? [gap()] : whenDue(product),
      ],
    ),
    [
      'Công bố kết quả, theo dõi việc khắc phục',
      lead,
      units,
      'Kết quả được công bố; giải pháp của đơn vị',
      [gap()],
    ],
  ];
}

function leadOf({ round: { lead } }: PlanSource): Text {
  return lead === '' ? [gap('đơn vị chủ trì')] : lead;
}

/** Products of the plan's measure whose name begins so. */
export function productsLike({ measure }: PlanSource, beginning: string): Deliverable[] {
  return (measure?.products ?? []).filter(({ name }) => name.toLocaleLowerCase('vi').startsWith(beginning));
}

const EVERY = {
  month: 'Hằng tháng',
  quarter: 'Hằng quý',
  'half-year': '6 tháng một lần',
  year: 'Hằng năm',
} as const;

/** When a product is due, as the plan says. */
export function whenDue({ due, every }: Deliverable): string {
  if (due !== null) return /-Q/.test(due) ? `Trong ${writtenDue(due)}` : `Trước ngày ${writtenDue(due)}`;
  return every === null ? '' : EVERY[every];
}
