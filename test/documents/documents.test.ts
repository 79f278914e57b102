import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { documentFactsOf } from '../../models/documentFacts.js';
import { createRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { downloaded } from './downloaded.js';

let product: TestApp;
let office: TestAgent;
let leader: TestAgent;
let round: string;

const FACTS = {
  superior: 'UBND tỉnh Quảng Ngãi',
  number: '7',
  symbol: 'KH-SGDĐT',
  place: 'Quảng Ngãi',
  day: '2026-02-05',
  grounds: 'Công văn số 12/BGDĐT-VP ngày 03/01/2026;\nNghị quyết <số> "5" & 6',
  budget: '45.000.000',
  budgetSource: 'Ngân sách tỉnh',
  position: 'KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC',
  signer: 'Nguyễn Thị Ngữ',
  recipients: 'UBND tỉnh (để báo cáo)\nLưu: VT, VP',
};

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  leader = await agentOf(product, 'leader');
  ({ round } = await openedRound(product, [unitRow('Q1', ['thcs']), unitRow('Q2', ['mam-non'])]));
});
afterAll(dropDatabase);

const page = `/van-phong/dot/dot-2-nam-2026/van-ban`;
const keep = (form: object, document = 'ke-hoach', agent = office) =>
  agent.post(`/van-phong/dot/${round}/van-ban/${document}`).type('form').send(form);

describe('refuses', () => {
  it('documents and facts of a round that does not exist, and a document that is none', async () => {
    for (const address of ['van-ban', 'ke-hoach.docx', 'bao-cao.docx'])
      await office.get(`/van-phong/dot/khong-co/${address}`).expect(404);
    await office.post('/van-phong/dot/khong-co/van-ban/ke-hoach').type('form').send(FACTS).expect(404);
    for (const document of ['khong-co', 'constructor', '__proto__']) await keep(FACTS, document).expect(404);
    expect(await documentFactsOf(round, 'plan')).toBeNull();
  });

  it('a report on a draft, which has no figures', async () => {
    const label = 'Đợt còn nháp';
    const code = await createRound(product.context, draft(product.context, { label }));
    await office.get(`/van-phong/dot/${code}/bao-cao.docx`).expect(409);
    const { text } = await office.get(`/van-phong/dot/${code}/van-ban`).expect(200);
    expect(text).toContain('Báo cáo kết quả có khi đợt đã mở');
    expect(text).not.toContain('bao-cao.docx');
  });

  it.each([
    ['number', 'bảy', 'Số văn bản là số nguyên'],
    ['symbol', 'KH SGDĐT', 'Ký hiệu gồm chữ, số'],
    ['day', '2026-02-30', 'Ngày ban hành không đúng'],
    ['signer', 'ễ'.repeat(81), 'Nội dung quá dài'],
    ['grounds', 'x'.repeat(301), 'Nội dung quá dài'],
    ['budget', '45 triệu', 'Hãy ghi một số nguyên'],
    ['budget', '1.000.000.000.000', 'Hãy ghi một số nguyên'],
  ])('%s “%s”, with what was typed and a link to the field', async (field, value, sentence) => {
    const { text } = await keep({ ...FACTS, [field]: value }).expect(422);
    expect(text).toContain(sentence);
    expect(text).toContain(`href="#ke-hoach-${field}"`);
    expect(text).toContain(value);
    expect(text).toContain('<title>Lỗi: ');
    expect(await documentFactsOf(round, 'plan')).toBeNull();
  });

  it('leaders to write, but not to read and to download', async () => {
    await keep(FACTS, 'ke-hoach', leader).expect(403);
    const { text } = await leader.get(page).expect(200);
    expect(text).not.toContain('<textarea');
    expect(text).toContain('ke-hoach.docx');
    await downloaded(leader, round, 'ke-hoach');
    await downloaded(leader, round, 'bao-cao');
  });
});

describe('what is not known', () => {
  it('is a marked gap, and what is only proposed is marked too', async () => {
    const plan = await downloaded(office, round, 'ke-hoach');
    const marked = plan.marked();
    expect(marked).toContain('…… [họ và tên]');
    expect(marked).toContain('…… [số tiền]');
    expect(marked).toContain('KH-SGDĐT');
    expect(plan.text()).toMatch(/Số: ……\/KH-SGDĐT/);
    expect(plan.text()).toMatch(/ngày …… tháng …… năm 2026/);
    const report = await downloaded(office, round, 'bao-cao');
    expect(report.text()).toContain('chưa có phiếu trả lời nào');
    expect(report.text()).toMatch(/SỐ LIỆU TẠM THỜI, tính đến ngày 15\/10\/2026/);
    expect(report.text()).not.toMatch(/NaN|undefined|null|0,0\s%/);
  });

  it('is counted on the page', async () => {
    const { text } = await office.get(page).expect(200);
    const [, gaps = ''] = /(\d+) chỗ cần điền/.exec(text) ?? [];
    expect(Number(gaps)).toBeGreaterThan(5);
  });
});

describe('what the office writes', () => {
  it('is kept, is in the log, and stands in the document without marks', async () => {
    await keep({ ...FACTS, revision: '0' }).expect(303);
    const [entry] = await entriesOf('document-facts-changed', 1);
    expect(entry).toMatchObject({ subject: round, details: { document: 'ke-hoach' } });
    const plan = await downloaded(office, round, 'ke-hoach');
    const text = plan.text();
    for (const words of [
      'UBND tỉnh Quảng Ngãi',
      'Số: 07/KH-SGDĐT',
      'Quảng Ngãi, ngày 05 tháng 02 năm 2026',
      'Căn cứ Công văn số 12/BGDĐT-VP ngày 03/01/2026;',
      'Căn cứ Nghị quyết <số> "5" & 6,',
      '45.000.000 đồng',
      'Ngân sách tỉnh',
      'KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nNguyễn Thị Ngữ',
      '- UBND tỉnh (để báo cáo);\n- Lưu: VT, VP.',
    ])
      expect(text).toContain(words);
    expect(plan.marked()).not.toContain('…… [số tiền]');
    expect(plan.marked()).not.toContain('KH-SGDĐT');
  });

  it('is not undone by somebody who wrote at the same time', async () => {
    await keep({ ...FACTS, revision: '0', signer: 'Người đến sau' }).expect(409);
    await keep({ ...FACTS, revision: '9', signer: 'Người đến sau' }).expect(409);
    expect(await documentFactsOf(round, 'plan')).toMatchObject({ signer: 'Nguyễn Thị Ngữ', revision: 1 });
    const both = await Promise.all(
      ['Một', 'Hai'].map((signer) => keep({ ...FACTS, revision: '1', signer }).then(({ status }) => status)),
    );
    expect(both.sort()).toEqual([303, 409]);
  });

  it('is what the next document begins with, as far as it stays the same', async () => {
    const { text } = await office.get(page).expect(200);
    const [, report = ''] = text.split('id="bao-cao"');
    expect(report).toContain('value="Quảng Ngãi"');
    expect(report).toContain('PHÓ GIÁM ĐỐC');
    expect(report).not.toContain('value="7"');
    expect(report).toContain('value="BC-SGDĐT"');
  });

  it('of forms handed out is in the report', async () => {
    await keep({ ...FACTS, revision: '0', handedOut: '1.200', symbol: 'BC-SGDĐT' }, 'bao-cao').expect(303);
    const report = await downloaded(office, round, 'bao-cao');
    const [, first] = report.tableUnder('Phiếu phát ra');
    expect(first?.cells).toEqual(['1', 'Số phiếu phát ra', '1.200', '']);
    expect(report.text()).toContain('Kế hoạch số 7/KH-SGDĐT ngày 05 tháng 02 năm 2026');
  });
});

describe('a download', () => {
  it('is a Word file with a name, is in the log, and is in Vietnamese whatever the page is', async () => {
    const { headers } = await office.get(`/van-phong/dot/${round}/ke-hoach.docx?lang=en`).expect(200);
    expect(headers['content-type']).toBe(
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    );
    expect(headers['content-disposition']).toContain('ke-hoach-khao-sat-dot-2-nam-2026.docx');
    expect((await entriesOf('plan-document-downloaded', 1))[0]?.subject).toBe(round);
    expect((await entriesOf('report-document-downloaded', 1))[0]?.subject).toBe(round);
    const { text } = await office.get(`${page}?lang=en`).expect(200);
    expect(text).toContain('Documents of the round');
    expect(text).toContain('Khảo sát sự hài lòng của người dân');
  });
});
