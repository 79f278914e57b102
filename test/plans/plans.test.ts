/** Plans of one's own, written and changed through their forms. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPlans, type DepartmentPlan, planByCode } from '../../models/plans.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { formAt } from './forms.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-02-01');
  office = await officeAgent(product);
});
afterAll(dropDatabase);

const NEW = '/van-phong/ke-hoach/moi';
const HEAD = { title: 'Kế hoạch của Sở', document: 'KH 65/KH-SGDĐT', from: '2026-01-01', to: '2026-12-31' };
const MEASURE = {
  subject: 'education',
  what: 'Hài lòng của cha mẹ học sinh',
  lead: 'Văn phòng Sở',
  coordinating: 'Phòng GDTH\nPhòng GDTrH',
  rhythm: 'rounds',
  'rounds-0-ordinal': '1',
  'rounds-0-numbering': 'calendar-year',
  'rounds-0-opens': '2026-03-02',
  'rounds-0-closes': '2026-04-10',
  'products-0-name': 'Kế hoạch triển khai',
  'products-0-every': 'once',
  'products-0-due': 'Quý I/2026',
  'targets-0-rate': 'yes',
  'targets-0-bound': 'atLeast',
  'targets-0-value': '87,5',
  'targets-0-by': '2026',
};

describe('a plan is not stored, and the form comes back with what was typed,', () => {
  it.each<[string, object, string]>([
    ['without a title', { title: ' ' }, 'title'],
    ['without a first day', { from: '' }, 'from'],
    ['with a last day that no calendar has', { to: '2026-02-30' }, 'to'],
    ['that ends before it begins', { to: '2025-12-31' }, 'to'],
    ['for eleven years', { to: '2036-12-31' }, 'to'],
    ['in another millennium', { from: '0026-01-01' }, 'from'],
    ['with a document too long', { document: 'x'.repeat(301) }, 'document'],
  ])('%s', async (_name, change, field) => {
    const before = await allPlans();
    const answer = await post(NEW, { ...HEAD, ...change }).expect(422);
    expect(answer.text).toMatch(/<title>Lỗi: /);
    expect(answer.text).toContain(`<a href="#${field}">`);
    expect(answer.text).toContain(`id="${field}"`);
    expect(await allPlans()).toEqual(before);
  });

  it.each(['', 'năm tới', '1999', '2026,5', '99999'])('taken up for the year “%s”', async (year) => {
    const answer = await post(NEW, { mau: 'son-la-2021', title: 'Kế hoạch', year }).expect(422);
    expect(answer.text).toContain('<a href="#year">');
  });

  it('by a leader, who reads it all the same', async () => {
    const leader = await agentOf(product, 'leader');
    await leader.post(NEW).type('form').send(HEAD).expect(403);
    const page = await leader.get('/van-phong/ke-hoach').expect(200);
    expect(page.text).not.toContain('Lấy kế hoạch này');
  });
});

describe('what a plan measures is not stored', () => {
  it.each<[string, object, string]>([
    ['without what', { what: '' }, 'what'],
    ['without a lead', { lead: '' }, 'lead'],
    ['in no known rhythm', { rhythm: 'sometimes' }, 'rhythm'],
    [
      'in rounds without a round',
      { 'rounds-0-ordinal': '', 'rounds-0-opens': '', 'rounds-0-closes': '' },
      'rounds-0-ordinal',
    ],
    ['continuous, with rounds', { rhythm: 'continuous' }, 'rhythm'],
    ['with a round of one day alone', { 'rounds-0-closes': '' }, 'rounds-0-closes'],
    ['with a round that closes first', { 'rounds-0-closes': '2026-03-01' }, 'rounds-0-closes'],
    ['with round 0', { 'rounds-0-ordinal': '0' }, 'rounds-0-ordinal'],
    ['with round 1,5', { 'rounds-0-ordinal': '1,5' }, 'rounds-0-ordinal'],
    ['with a product due some time', { 'products-0-due': 'cuối năm' }, 'products-0-due'],
    ['with a product every month and on a day', { 'products-0-every': 'month' }, 'products-0-due'],
    ['with a product without a name', { 'products-0-name': '' }, 'products-0-name'],
    ['with a rate of 101', { 'targets-0-value': '101' }, 'targets-0-value'],
    ['with a target of nothing', { 'targets-0-value': '' }, 'targets-0-value'],
    ['with another indicator without a name', { 'targets-0-rate': 'no' }, 'targets-0-indicator'],
  ])('%s', async (_name, change, field) => {
    const plan = await newPlan();
    const before = await planByCode(plan);
    const answer = await post(`/van-phong/ke-hoach/${plan}/noi-dung/moi`, {
      ...MEASURE,
      revision: '1',
      ...change,
    }).expect(422);
    expect(answer.text).toContain(`<a href="#${field}">`);
    expect(answer.text).toContain(`id="${field}"`);
    expect(await planByCode(plan)).toEqual(before);
  });
});

describe('a plan of one’s own', () => {
  it('is written from nothing, and comes back in its forms as it was written', async () => {
    const plan = await newPlan();
    const empty = await office.get(`/van-phong/ke-hoach/${plan}`).expect(200);
    expect(empty.text).toContain('Kế hoạch chưa có nội dung đo lường nào');
    await post(`/van-phong/ke-hoach/${plan}/noi-dung/moi`, { ...MEASURE, revision: '1' }).expect(303);
    const stored = await planned(plan);
    expect(stored.measures).toMatchObject([
      {
        subject: 'education',
        coordinating: ['Phòng GDTH', 'Phòng GDTrH'],
        rounds: [{ name: 'Đợt 1 năm 2026', ordinal: 1, opens: '2026-03-02', closes: '2026-04-10' }],
        products: [{ name: 'Kế hoạch triển khai', every: null, due: '2026-Q1' }],
        targets: [{ indicator: 'satisfaction-rate', atLeast: 87.5, unit: '%', by: 2026 }],
      },
    ]);
    const address = `/van-phong/ke-hoach/${plan}/noi-dung/${stored.measures[0]?.id}`;
    const form = formAt((await office.get(address).expect(200)).text, address);
    expect(form).toMatchObject({ ...MEASURE, 'products-0-due': 'Quý I/2026', 'targets-0-value': '87,5' });
    await post(address, form).expect(303);
    expect((await planned(plan)).measures).toEqual(stored.measures);
  });

  it('keeps what is done when it is changed, and forgets what is taken out', async () => {
    const plan = await newPlan();
    const edit = `/van-phong/ke-hoach/${plan}/sua`;
    const reports = {
      ...HEAD,
      revision: '1',
      'reports-0-name': 'Báo cáo quý',
      'reports-0-every': 'quarter',
      'reports-0-shift': '-5',
      'reports-1-name': 'Báo cáo tổng kết',
      'reports-1-every': 'once',
      'reports-1-due': '15/12/2026',
    };
    await post(edit, reports).expect(303);
    const page = textOf((await office.get(`/van-phong/ke-hoach/${plan}`)).text);
    for (const due of [
      '26/03 Báo cáo quý I/2026',
      '26/12 Báo cáo quý IV/2026',
      '15/12 Báo cáo Báo cáo tổng kết',
    ])
      expect(page).toContain(due);
    const [quarterly, final] = (await planned(plan)).reports;
    const key = `${quarterly?.id}@2026-Q1`;
    await post(`/van-phong/ke-hoach/${plan}/xong`, { key, day: '2026-01-31', document: '' }).expect(303);
    const form = formAt((await office.get(edit)).text, edit);
    const without = { ...form, 'reports-1-name': '', 'reports-1-due': '', 'reports-1-shift': '' };
    await post(edit, without).expect(303);
    const after = await planned(plan);
    expect(after.reports.map(({ id }) => id)).toEqual([quarterly?.id]);
    expect(after.done.map((mark) => mark.key)).toEqual([key]);
    // A report that comes later is not the one that went.
    await post(edit, {
      ...formAt((await office.get(edit)).text, edit),
      'reports-1-name': 'Báo cáo khác',
    }).expect(303);
    expect((await planned(plan)).reports.at(-1)?.id).not.toBe(final?.id);
  });

  it('is not overwritten by somebody who had not seen it', async () => {
    const plan = await newPlan();
    const edit = `/van-phong/ke-hoach/${plan}/sua`;
    const form = formAt((await office.get(edit)).text, edit);
    const answers = await Promise.all(
      ['Tên của A', 'Tên của B'].map((title) => post(edit, { ...form, title })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await planned(plan)).revision).toBe(2);
    for (const revision of ['', '0', '3', 'x'])
      await post(`/van-phong/ke-hoach/${plan}/noi-dung/moi`, { ...MEASURE, revision }).expect(409);
  });

  it('loses a measure only while no round was made from it', async () => {
    const plan = await newPlan();
    await post(`/van-phong/ke-hoach/${plan}/noi-dung/moi`, { ...MEASURE, revision: '1' }).expect(303);
    const [measure] = (await planned(plan)).measures;
    const address = `/van-phong/ke-hoach/${plan}/noi-dung/${measure?.id}/xoa`;
    const round = await office.get('/van-phong/dot-moi').query({ 'ke-hoach': `${plan}.${measure?.id}` });
    const form = formAt(round.text, '/van-phong/dot-moi');
    expect(form).toMatchObject({ label: 'Đợt 1 năm 2026', opens: '2026-03-02', target: '87,5' });
    // A round of a measure stays on its subject.
    const other = { ...form, subject: 'procedure', surveys: 'citizens-tthc', desks: 'X' };
    expect((await post('/van-phong/dot-moi', other).expect(422)).text).toContain('href="#subject"');
    const made = await post('/van-phong/dot-moi', form).expect(303);
    await post(address, { revision: '2' }).expect(409);
    await post(`${made.headers.location}/xoa`, {}).expect(303);
    await post(address, { revision: '2' }).expect(303);
    expect((await planned(plan)).measures).toEqual([]);
  });

  it('is put away and taken out again', async () => {
    const plan = await newPlan('Kế hoạch cũ');
    const put = (archived: string) => post(`/van-phong/ke-hoach/${plan}/luu-tru`, { archived }).expect(303);
    await put('yes');
    await put('yes');
    expect((await planned(plan)).archived).toBe(true);
    const list = await office.get('/van-phong/ke-hoach').expect(200);
    expect(list.text.indexOf('Đã lưu trữ')).toBeLessThan(list.text.indexOf('Kế hoạch cũ'));
    expect((await office.get('/van-phong/dot-moi')).text).not.toContain('label="Kế hoạch cũ"');
    await put('no');
    expect((await planned(plan)).archived).toBe(false);
  });
});

describe('what is late', () => {
  it('turns from later to soon to late as the days pass', async () => {
    const plan = await newPlan('Kế hoạch theo ngày');
    await post(`/van-phong/ke-hoach/${plan}/noi-dung/moi`, { ...MEASURE, revision: '1' }).expect(303);
    const said = async (day: string) => {
      product.setToday(day);
      const page = textOf((await office.get(`/van-phong/ke-hoach/${plan}`)).text);
      product.setToday('2026-02-01');
      return /31\/03 Kế hoạch triển khai ([^·]*?) Sản phẩm/.exec(page)?.[1];
    };
    expect(await said('2026-02-28')).toBe('còn 31 ngày');
    expect(await said('2026-03-31')).toBe('hạn hôm nay');
    expect(await said('2026-04-01')).toBe('trễ 1 ngày');
  });
});

async function newPlan(title = HEAD.title): Promise<string> {
  const answer = await post(NEW, { ...HEAD, title }).expect(303);
  return String(answer.headers.location).replace('/van-phong/ke-hoach/', '');
}

async function planned(code: string): Promise<DepartmentPlan> {
  const plan = await planByCode(code);
  if (!plan) throw new Error(`no plan ${code}`);
  return plan;
}

function post(address: string, form: object) {
  return office.post(address).type('form').send(form);
}

function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
