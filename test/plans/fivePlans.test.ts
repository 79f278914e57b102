/**
 * The plans of five departments, set up and opened as an office does it: through the pages alone. Each is taken up for
 * the year it was written for and for a later one; what the department decided must be found again on the page.
 */
import { readdirSync, readFileSync } from 'node:fs';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { planByCode } from '../../models/plans.js';
import { roundByCode } from '../../models/rounds.js';
import { allUnits } from '../../models/units.js';
import { dropDatabase } from '../database.js';
import { filledForm, officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { madeFromPlan, openedThroughPage, storeDepartment, takenUpThroughPage } from './officeSteps.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-02-01');
  office = await officeAgent(product);
  await storeDepartment();
});
beforeEach(() => product.setToday('2026-02-01'));
afterAll(dropDatabase);

describe('Đắk Lắk: two rounds a year, numbered in both ways', () => {
  let plan: string;

  it('is taken up for 2026 by calendar year, with both numberings on its page', async () => {
    plan = await takeUp('dak-lak-2021', '2026');
    const page = await pageOf(plan);
    for (const fact of [
      'Đợt 1 năm 2026: 01/03/2026 – 30/04/2026',
      'Đợt 2 năm 2026: 01/10/2026 – 30/11/2026',
      'Đợt 1 năm học 2025-2026: 01/10/2025 – 30/11/2025',
      'Đợt 2 năm học 2025-2026: 01/03/2026 – 30/04/2026',
      'Các phòng ban chuyên môn; Các đơn vị trực thuộc',
      'Bộ phận tiếp nhận tại Trung tâm Phục vụ hành chính công tỉnh',
      'TTHC trực tuyến mức độ 3, 4',
      'Báo cáo kết quả đo lường sự hài lòng',
      'Phần lời đánh số theo năm học',
    ])
      expect(page).toContain(fact);
  });

  it('reports every month, quarter and year, the longer in the place of the shorter', async () => {
    const page = textOf(await pageOf(plan));
    const reports = [...page.matchAll(/(\d\d\/\d\d) Báo cáo ((?:tháng|quý|năm) [\w/]+)/g)].map(
      ([, day, period]) => `${day} ${period}`,
    );
    expect([...new Set(reports)]).toEqual([
      '31/01 tháng 1/2026',
      '28/02 tháng 2/2026',
      '31/03 quý I/2026',
      '30/04 tháng 4/2026',
      '31/05 tháng 5/2026',
      '30/06 quý II/2026',
      '31/07 tháng 7/2026',
      '31/08 tháng 8/2026',
      '30/09 quý III/2026',
      '31/10 tháng 10/2026',
      '30/11 tháng 11/2026',
      '31/12 năm 2026',
    ]);
  });

  it('has its two rounds opened, each with the plan’s lead, days and number', async () => {
    const first = await makeRound(plan, 'm1.r1@2026');
    const second = await makeRound(plan, 'm1.r2@2026');
    await openThroughPage(first);
    await openThroughPage(second);
    expect(await roundByCode(first)).toMatchObject({
      label: 'Đợt 1 năm 2026',
      state: 'open',
      numbering: 'calendar-year',
      opens: '2026-03-01',
      closes: '2026-04-30',
      lead: 'Văn phòng Sở',
      coordinating: ['Các phòng ban chuyên môn', 'Các đơn vị trực thuộc'],
      plan: { id: plan, measure: 'm1', planned: 'r1@2026' },
    });
    expect(await roundByCode(second)).toMatchObject({ label: 'Đợt 2 năm 2026', opens: '2026-10-01' });
    const page = textOf(await pageOf(plan));
    expect(page).toMatch(/01\/03 Đợt 1 năm 2026|30\/04 Đợt 1 năm 2026/);
    expect(page).not.toContain('Lập đợt này Báo cáo quý I/2026');
  });

  it('is taken up by school year as well, Đợt 1 in October and November', async () => {
    const bySchoolYear = await takeUp('dak-lak-2021', '2027', { numbering: 'school-year' });
    expect(await planByCode(bySchoolYear)).toMatchObject({ from: '2027-09-01', to: '2028-08-31' });
    const page = await pageOf(bySchoolYear);
    expect(page).toContain('Đợt 1 năm học 2027-2028: 01/10/2027 – 30/11/2027');
    expect(page).toContain('Đợt 2 năm học 2027-2028: 01/03/2028 – 30/04/2028');
    const round = await makeRound(bySchoolYear, 'm1.r2@2027');
    await openThroughPage(round);
    expect(await roundByCode(round)).toMatchObject({
      label: 'Đợt 2 năm học 2027-2028',
      numbering: 'school-year',
      opens: '2028-03-01',
      closes: '2028-04-30',
    });
  });
});

describe('Quảng Ngãi: no month set, and a continuous round at the desk', () => {
  let plan: string;

  it('has its products in the first and the fourth quarter, and asks for no month', async () => {
    plan = await takeUp('quang-ngai-2022', '2026');
    const page = textOf(await pageOf(plan));
    expect(page).toMatch(/31\/03 Kế hoạch triển khai .*? trong Quý I\/2026/);
    expect(page).toMatch(/31\/12 Báo cáo kết quả thực hiện .*? trong Quý IV\/2026/);
    expect(page).toContain('kế hoạch không ấn định tháng');
    expect(page).toContain('Tiếp nhận, xử lý phản ánh, kiến nghị; văn bản trả lời; công khai kết quả xử lý');
    expect(page).toContain('PAR INDEX, PAPI, PCI');
    expect(page).toContain('Tổ chức, cá nhân có liên quan');
  });

  it('reports on quarter I, six months, quarter III and the year', async () => {
    const page = textOf(await pageOf(plan));
    for (const report of [
      '31/03 Báo cáo quý I/2026',
      '30/06 Báo cáo 6 tháng đầu năm 2026',
      '30/09 Báo cáo quý III/2026',
      '31/12 Báo cáo năm 2026',
    ])
      expect(page).toContain(report);
    expect(page).not.toContain('Báo cáo quý II/2026');
    expect(page).not.toContain('Báo cáo quý IV/2026');
  });

  it('has its continuous round opened, without a quota, reported by quarter', async () => {
    const round = await makeRound(plan, 'm2.all@2026', { desks: 'MC' });
    await openThroughPage(round);
    expect(await roundByCode(round)).toMatchObject({
      subject: 'procedure',
      continuous: true,
      opens: '2026-01-01',
      closes: '2026-12-31',
      state: 'open',
      units: ['MC'],
    });
    const page = textOf(await pageOf(plan));
    expect(page).toContain('không có chỉ tiêu phiếu, báo cáo theo quý');
    for (const quarter of ['I', 'II', 'III', 'IV'])
      expect(page).toContain(`Báo cáo khảo sát thường xuyên quý ${quarter}/2026`);
  });

  it('has its education round made once the office has set the days, beside the one at the desk', async () => {
    const round = await makeRound(plan, 'm1.any@2026', { opens: '2026-05-04', closes: '2026-05-29' });
    await openThroughPage(round);
    const page = await pageOf(plan);
    expect(page).toContain(`href="/van-phong/dot/${round}"`);
    // Two measures side by side on one day: the school asks its parents, the desk its visitors.
    product.setToday('2026-05-10');
    for (const [unit, survey, service] of [
      ['TH', 'parents-tieu-hoc', 'tieu-hoc'],
      ['MC', 'citizens-tthc', '2.002854'],
    ] as const)
      await answer(unit, survey, service, '5').expect(303);
  });
});

describe('Sóc Trăng: led by another room, on paper, more than 90 %', () => {
  let plan: string;
  let round: string;

  it('has four reports on their own days, and three products', async () => {
    plan = await takeUp('soc-trang-2021', '2026');
    const page = textOf(await pageOf(plan));
    for (const due of [
      '27/02 Báo cáo Quý I',
      '28/05 Báo cáo 6 tháng',
      '27/08 Báo cáo Quý III',
      '17/11 Báo cáo Năm',
      'Phương án điều tra trình UBND tỉnh',
      'Kế hoạch phát phiếu điều tra',
      'Báo cáo kết quả điều tra',
      'Phòng Tổ chức cán bộ',
      'Có phát phiếu giấy',
      'minh chứng gửi kèm dạng PDF',
    ])
      expect(page).toContain(due);
  });

  it('has its round opened with its own lead and a target that must be exceeded', async () => {
    const days = { opens: '2027-03-01', closes: '2027-03-31', label: 'Điều tra của Sóc Trăng' };
    round = await makeRound(plan, 'm1.any@2026', days);
    await openThroughPage(round);
    expect(await roundByCode(round)).toMatchObject({
      lead: 'Phòng Tổ chức cán bộ',
      coordinating: ['Các đơn vị liên quan'],
      targets: [{ indicator: 'satisfaction-rate', moreThan: 90, unit: '%' }],
    });
  });

  it('holds the target against the rate once there is one', async () => {
    expect(textOf(await pageOf(plan))).toContain('> 90 % chưa có kết quả đo');
    product.setToday('2027-03-05');
    const satisfied = async (people: number) => {
      for (let person = 0; person < people; person += 1)
        await answer('TH', 'parents-tieu-hoc', 'tieu-hoc', '5').expect(303);
      return textOf(await pageOf(plan));
    };
    expect(await satisfied(9)).toMatch(/> 90 % 100,0 % Chưa đủ cơ sở kết luận .*?Điều tra của Sóc Trăng/);
    expect(await satisfied(31)).toMatch(/> 90 % 100,0 % Đạt/);
  });

  it('takes the result of another indicator from the office, and takes it back', async () => {
    const tell = (form: object) => office.post(`/van-phong/ke-hoach/${plan}/xong`).type('form').send(form);
    const key = 'm2.t1';
    const refused = await tell({ key, day: '2026-01-31', value: 'nhiều' }).expect(422);
    expect(refused.text).toContain('value="nhiều"');
    await tell({ key, day: '2026-01-31', value: '96,5', document: 'BC 12/BC-SGDĐT' }).expect(303);
    expect(textOf(await pageOf(plan))).toMatch(/hồ sơ đúng hạn ≥ 95 % 96,5 % đạt 31\/01\/2026 · BC 12/i);
    await office.post(`/van-phong/ke-hoach/${plan}/chua-xong`).type('form').send({ key }).expect(303);
    expect(textOf(await pageOf(plan))).not.toContain('96,5');
  });
});

describe('Sơn La: two months of remedies', () => {
  it('has its period, six remedies with their leads, and ceilings for targets', async () => {
    const plan = await takeUp('son-la-2021', '2026');
    expect(await planByCode(plan)).toMatchObject({ from: '2026-11-01', to: '2026-12-31' });
    const page = textOf(await pageOf(plan));
    for (const fact of [
      'Thông tin, tuyên truyền về TTHC',
      '05 tin, bài mỗi phòng',
      'Tinh thần phục vụ, năng lực của công chức',
      'Gợi ý nộp thêm phí, lệ phí; nhũng nhiễu',
      'Bộ phận một cửa của Sở',
      'video hướng dẫn đăng ký trực tuyến',
      'Xin lỗi khi trễ hẹn',
      'số lần yêu cầu bổ sung hồ sơ ≤ 1 lần',
      'trễ hẹn ≤ 0 hồ sơ',
    ])
      expect(page).toContain(fact);
    const round = await makeRound(plan, 'm1.any@2026', {
      opens: '2026-11-01',
      closes: '2026-12-31',
      desks: 'SGD',
      label: 'Chỉ số hài lòng hai tháng cuối năm',
    });
    await openThroughPage(round);
    // What a round does not measure itself goes along with it.
    expect((await roundByCode(round))?.targets).toEqual([
      { indicator: 'hồ sơ trực tuyến mức độ 3, 4', atLeast: 40, unit: '%' },
      { indicator: 'số lần yêu cầu bổ sung hồ sơ', atMost: 1, unit: 'lần' },
      { indicator: 'trễ hẹn', atMost: 0, unit: 'hồ sơ' },
    ]);
  });
});

describe('Bà Rịa – Vũng Tàu: five years, targets that rise', () => {
  it('has a continuous round for each year, with the target that counts for it', async () => {
    const plan = await takeUp('ba-ria-vung-tau-2021-2025', '2026');
    expect(await planByCode(plan)).toMatchObject({ from: '2026-01-01', to: '2030-12-31' });
    const page = textOf(await pageOf(plan));
    for (const fact of ['đến năm 2028 ≥ 85 %', 'đến năm 2030 ≥ 90 %', 'hồ sơ đúng hạn đến năm 2030 ≥ 98 %'])
      expect(page).toContain(fact);
    expect(page).toContain('PAR INDEX, PAPI, ICT, PCI');
    for (const [year, atLeast] of [
      [2028, 85],
      [2029, 90],
    ] as const) {
      const round = await makeRound(plan, `m2.all@${year}`, { desks: 'MC' });
      await openThroughPage(round);
      expect(await roundByCode(round)).toMatchObject({
        label: `Khảo sát thường xuyên năm ${year}`,
        opens: `${year}-01-01`,
        targets: [
          { indicator: 'satisfaction-rate', atLeast, unit: '%' },
          { indicator: 'hồ sơ đúng hạn', atLeast: 98, unit: '%' },
        ],
      });
    }
  });
});

describe('what is done', () => {
  it('is marked with its day and document, is in the log, and can be taken back', async () => {
    const plan = await takeUp('quang-ngai-2022', '2025');
    const mark = (form: object) => office.post(`/van-phong/ke-hoach/${plan}/xong`).type('form').send(form);
    expect(textOf(await pageOf(plan))).toMatch(/Kế hoạch triển khai trễ 307 ngày/);
    await mark({ key: 'm1p1', day: '2026-02-02', document: '' }).expect(422);
    await mark({ key: 'm1p9', day: '2026-01-02', document: '' }).expect(400);
    const done = { key: 'm1p1', day: '2025-03-20', document: 'https://so.example.vn/kh-65.pdf' };
    await Promise.all([mark(done).expect(303), mark(done).expect(303)]);
    expect((await planByCode(plan))?.done).toHaveLength(1);
    const page = await pageOf(plan);
    expect(page).toContain('<a href="https://so.example.vn/kh-65.pdf"');
    expect(textOf(page)).toContain('Xong ngày 20/03/2025');
    expect(textOf(page)).not.toMatch(/Kế hoạch triển khai trễ/);
    const [entry] = await entriesOf('plan-done', 1);
    expect(entry).toMatchObject({ subject: plan, details: { what: 'm1p1', day: '2025-03-20' } });
    await office.post(`/van-phong/ke-hoach/${plan}/chua-xong`).type('form').send({ key: 'm1p1' }).expect(303);
    expect(textOf(await pageOf(plan))).toMatch(/Kế hoạch triển khai trễ 307 ngày/);
  });
});

describe('every word of the five plans', () => {
  it.each(readdirSync('server/plans/files'))('%s is found again on the page of the plan', async (file) => {
    const written = JSON.parse(readFileSync(`server/plans/files/${file}`, 'utf8')) as { id: string };
    const page = textOf(await pageOf(await takeUp(written.id, '2030')));
    const missing = wordsIn(written).filter((words) => !page.includes(words));
    expect(missing).toEqual([]);
    expect(wordsIn(written).length).toBeGreaterThan(8);
  });
});

/** Every text of a plan's file but for what names its rounds, days and kinds, which move with the year. */
function wordsIn(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => wordsIn(one, name));
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([key, inside]) => (MOVED.has(key) ? [] : wordsIn(inside, key)));
  return typeof value === 'string' && value !== 'satisfaction-rate' && !/^\d{4}-/.test(value) ? [value] : [];
}

const MOVED = new Set([
  'id',
  'subject',
  'rounds',
  'alternativeRounds',
  'every',
  'periodicReports',
  'numbering',
]);

function takeUp(ready: string, year: string, change: object = {}): Promise<string> {
  return takenUpThroughPage(office, ready, year, change);
}

async function pageOf(plan: string): Promise<string> {
  return (await office.get(`/van-phong/ke-hoach/${plan}`).expect(200)).text;
}

function makeRound(plan: string, planned: string, change: object = {}): Promise<string> {
  return madeFromPlan(office, plan, planned, change);
}

function openThroughPage(round: string): Promise<void> {
  return openedThroughPage(office, round);
}

/** One person's form. */
function answer(unit: string, survey: string, service: string, level: string) {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  const links = allUnits().then((units) => units.find(({ _id }) => _id === unit)?.linkCode);
  return {
    async expect(status: number) {
      const address = `/k/${await links}/${survey}/${service}?phieu=${key}`;
      await supertest(product.app)
        .post(address)
        .type('form')
        .send(filledForm(product.context, survey, level))
        .expect(status);
    },
  };
}

/** The words of a page, white space as one space. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replace(/\s+/g, ' ');
}
