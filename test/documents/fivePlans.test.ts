/** The plans of five departments: of a round made from each, the plan document, read back. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp } from '../http/testApp.js';
import {
  madeFromPlan,
  openedThroughPage,
  storeDepartment,
  takenUpThroughPage,
} from '../plans/officeSteps.js';
import { downloaded } from './downloaded.js';
import type { WordFile } from './wordReader.js';

let office: TestAgent;

beforeAll(async () => {
  const product = await startTestApp('2026-02-01');
  office = await officeAgent(product);
  await storeDepartment();
});
afterAll(dropDatabase);

interface Case {
  readonly plan: string;
  readonly year: string;
  readonly planned: string;
  readonly change: object;
  readonly facts: readonly string[];
}

const CASES: readonly Case[] = [
  {
    plan: 'dak-lak-2021',
    year: '2026',
    planned: 'm1.r2@2026',
    change: {},
    facts: [
      'Đo lường sự hài lòng của người dân đối với các dịch vụ giáo dục công trên địa bàn tỉnh',
      'Đợt 2 năm 2026',
      'Từ ngày 01/10/2026 đến hết ngày 30/11/2026',
      'Văn phòng Sở chủ trì',
      'Các phòng ban chuyên môn; Các đơn vị trực thuộc phối hợp',
      'Báo cáo kết quả đo lường sự hài lòng',
    ],
  },
  {
    plan: 'dak-lak-2021',
    year: '2027',
    planned: 'm1.r1@2027',
    change: { numbering: 'school-year' },
    facts: ['Đợt 1 năm học 2027-2028', 'Từ ngày 01/10/2027 đến hết ngày 30/11/2027'],
  },
  {
    plan: 'quang-ngai-2022',
    year: '2026',
    planned: 'm1.any@2026',
    change: { opens: '2026-05-04', closes: '2026-05-29' },
    facts: [
      'Từ ngày 04/05/2026 đến hết ngày 29/05/2026',
      'Kế hoạch triển khai',
      'Trong Quý I/2026',
      'Báo cáo kết quả thực hiện',
      'Trong Quý IV/2026',
      'Các phòng thuộc Sở; Các đơn vị trực thuộc; Tổ chức, cá nhân có liên quan phối hợp',
    ],
  },
  {
    plan: 'quang-ngai-2022',
    year: '2026',
    planned: 'm2.all@2026',
    change: { desks: 'MC' },
    facts: [
      'Bộ phận nhận, trả kết quả TTHC',
      'không chọn mẫu, không ấn định cỡ mẫu và không giao chỉ tiêu phiếu',
      'Từ ngày 01/01/2026 đến hết ngày 31/12/2026',
      'Văn bản triển khai',
    ],
  },
  {
    plan: 'soc-trang-2021',
    year: '2026',
    planned: 'm1.any@2026',
    change: { opens: '2027-03-01', closes: '2027-03-31', label: 'Điều tra của Sóc Trăng' },
    facts: [
      'tỷ lệ hài lòng trên 90 %',
      'Phòng Tổ chức cán bộ chủ trì',
      'Phương án điều tra trình UBND tỉnh',
      'Kế hoạch phát phiếu điều tra',
      'Báo cáo kết quả điều tra',
      'Phiếu giấy có đánh số, do đơn vị phát',
      'Từ ngày 01/03/2027 đến hết ngày 31/03/2027',
    ],
  },
  {
    plan: 'son-la-2021',
    year: '2026',
    planned: 'm1.any@2026',
    change: {
      opens: '2026-11-01',
      closes: '2026-12-31',
      desks: 'SGD',
      label: 'Chỉ số hài lòng hai tháng cuối năm',
    },
    facts: [
      'Từ ngày 01/11/2026 đến hết ngày 31/12/2026',
      'Hồ sơ trực tuyến mức độ 3, 4 từ 40 % trở lên',
      'Số lần yêu cầu bổ sung hồ sơ không quá 1 lần',
      'Trễ hẹn không quá 0 hồ sơ',
      'Các phòng chuyên môn thuộc Sở; Các đơn vị trực thuộc Sở phối hợp',
    ],
  },
  {
    plan: 'ba-ria-vung-tau-2021-2025',
    year: '2026',
    planned: 'm2.all@2029',
    change: { desks: 'MC' },
    facts: [
      'tỷ lệ hài lòng từ 90 % trở lên',
      'Hồ sơ đúng hạn từ 98 % trở lên',
      'Từ ngày 01/01/2029 đến hết ngày 31/12/2029',
      'Khảo sát thường xuyên năm 2029',
    ],
  },
];

const plans = new Map<string, Promise<string>>();

describe('the plan document', () => {
  it.each(CASES)('of $plan for $year, $planned', async ({ plan, year, planned, change, facts }) => {
    const key = `${plan} ${year}`;
    const taken = plans.get(key) ?? takenUpThroughPage(office, plan, year, change);
    plans.set(key, taken);
    const round = await madeFromPlan(office, await taken, planned, change);
    missesNothing(await downloaded(office, round, 'ke-hoach'), facts);
    await openedThroughPage(office, round);
    missesNothing(await downloaded(office, round, 'ke-hoach'), facts);
    // Nobody has answered yet: the report stands, with words in the place of figures.
    const report = (await downloaded(office, round, 'bao-cao')).text();
    expect(report).toContain('chưa có phiếu trả lời nào');
    expect(report).not.toMatch(/NaN|undefined|\[object/);
  });
});

const SECTIONS = [
  'I. Mục đích, yêu cầu',
  'II. Phạm vi, đối tượng',
  'III. Nội dung khảo sát',
  'IV. Phương án chọn mẫu, cỡ mẫu',
  'V. Hình thức và thời gian khảo sát',
  'VI. Kinh phí',
  'VII. Tổ chức thực hiện',
  'VIII. Biểu mẫu',
];

/** Every section in order, every fact, and no word of a program. */
function missesNothing(document: WordFile, facts: readonly string[]): void {
  const text = document.text().replaceAll('\u00a0', ' ');
  expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
  const headings = document
    .blocks()
    .flatMap((block) => (block.kind === 'paragraph' && block.style === 'Heading1' ? [block.text] : []));
  expect(headings).toEqual(SECTIONS);
  expect(text).not.toMatch(/NaN|undefined|\[object|\{\w+\}/);
}
