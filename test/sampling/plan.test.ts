import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { sampleUnitsOf } from '../../models/sampleUnits.js';
import { storeUnits } from '../../models/units.js';
import { readList } from '../../server/lists/readList.js';
import {
  closeRound,
  createRound,
  deleteDraft,
  openRound,
  type RoundDraft,
} from '../../server/rounds/rounds.js';
import { strataOfRound } from '../../server/sampling/design.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { rowsOf } from '../results/page.js';
import { SAMPLE_FORM } from './sampleForm.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let times = 0;

beforeAll(async () => {
  product = await startTestApp('2026-09-20');
  office = await officeAgent(product);
  await storeUnits([
    unitRow('SO', [], 'Sở Giáo dục và Đào tạo'),
    { ...unitRow('XA1', [], 'Xã Bình Sơn'), parent: 'SO' },
    { ...unitRow('XA2', [], 'Phường Trà Câu'), parent: 'SO' },
    { ...unitRow('T1', ['thcs'], 'Trường THCS Một'), parent: 'XA1', enrolment: 600, area: 'Nông thôn' },
    { ...unitRow('T2', ['thcs'], 'Trường THCS Hai'), parent: 'XA1', enrolment: 300 },
    { ...unitRow('T3', ['thcs'], 'Trường THCS Ba'), parent: 'XA1', enrolment: 300 },
    { ...unitRow('T4', ['mam-non'], 'Trường Mầm non Bốn'), parent: 'XA2', enrolment: 250 },
    { ...unitRow('T5', ['thpt'], 'Trường THPT Năm'), parent: 'SO', enrolment: 900 },
    { ...unitRow('T6', ['mam-non'], 'Trường Mầm non Sáu'), parent: 'XA2' },
  ]);
});
beforeEach(async () => {
  times += 1;
  round = await newRound({});
});
afterAll(dropDatabase);

describe('a sampling plan is refused', () => {
  it('for a round that does not exist', async () => {
    for (const path of ['', '/chi-tieu.csv', '/chi-tieu.xlsx', '/nhap'])
      await office.get(`/van-phong/dot/khong-co/mau${path}`).expect(404);
    for (const path of ['', '/bo', '/chi-tieu'])
      await office.post(`/van-phong/dot/khong-co/mau${path}`).type('form').send(SAMPLE_FORM).expect(404);
  });

  it.each([
    ['margin', '0', 'Sai số cho phép'],
    ['margin', '5 %', 'Sai số cho phép'],
    ['confidence', '96', 'Độ tin cậy'],
    ['expected', '100', 'Tỷ lệ hài lòng dự kiến'],
    ['responseRate', '0', 'Tỷ lệ trả lời dự kiến'],
    ['minimum', '-1', 'Số phiếu ít nhất'],
    ['drawn', 'hai', 'Số trường mỗi cấp'],
    ['designEffect', '0,5', 'Hệ số thiết kế'],
    ['seed', 'x'.repeat(61), 'Số hạt giống'],
    ['by', '$where', 'Cách chia tầng'],
    ['kind', '', 'Hãy chọn lấy mẫu'],
  ])('with %s “%s”, and shows what was typed', async (field, value, sentence) => {
    const answer = await decide({ [field]: value }).expect(422);
    expect(answer.text).toContain('<title>Lỗi:');
    expect(answer.text).toMatch(new RegExp(`<a href="#${field}">${sentence}`));
    if (!['confidence', 'by', 'kind'].includes(field)) expect(answer.text).toContain(`value="${value}"`);
    expect((await roundByCode(round))?.design).toBeNull();
  });

  it('once the round is open, and in a continuous one', async () => {
    await openRound(product.context, round);
    await decide({}).expect(409);
    await office.post(`/van-phong/dot/${round}/mau/bo`).type('form').send({}).expect(409);
    await closeRound(round, product.context.today());
    const always = await newRound({ continuous: true });
    const answer = await office
      .post(`/van-phong/dot/${always}/mau`)
      .type('form')
      .send(SAMPLE_FORM)
      .expect(409);
    expect(answer.text).toContain('Đợt thường xuyên không chọn mẫu');
    const page = await office.get(`/van-phong/dot/${always}/mau`).expect(200);
    expect(page.text).not.toContain('name="margin"');
  });
});

describe('a sampling plan', () => {
  it('is shown in the language in which it was decided, at its result', async () => {
    const answer = await office.post(`/van-phong/dot/${round}/mau?lang=en`).type('form').send(SAMPLE_FORM);
    expect(answer.headers.location).toBe(`/van-phong/dot/${round}/mau?lang=en#ket-qua`);
  });

  it('gives each stratum and each unit its part, and names who has no enrolment', async () => {
    await decide({}).expect(303);
    const page = await office.get(`/van-phong/dot/${round}/mau`).expect(200);
    const rows = rowsOf(page.text);
    // n₀ = 384.15, N = 2350: n = 330.36, so 331; largest remainders of 35.2, 169.0 and 126.8.
    expect(rows.find(([name]) => name?.startsWith('Giáo dục mầm non'))).toEqual(
      expect.arrayContaining(['250', '35']),
    );
    expect(rows.find(([name]) => name?.startsWith('Giáo dục trung học cơ sở · Xã Bình Sơn'))).toEqual(
      expect.arrayContaining(['1.200', '169', '338']),
    );
    expect(rows.find(([name]) => name === 'Giáo dục trung học phổ thông · Trực thuộc Sở')).toEqual(
      expect.arrayContaining(['900', '127', '254']),
    );
    expect(rows.find(([name]) => name?.startsWith('Cộng'))).toEqual([
      'Cộng',
      '5',
      '2.350',
      '331',
      '331',
      '662',
    ]);
    expect(page.text).toContain('1 đơn vị chưa có số học sinh');
    expect(page.text).toContain('Trường Mầm non Sáu (T6)');
    expect(page.text.replace(/&sup2;|<[^>]*>/g, '')).toContain('384,15 / (1 + 383,15 / 2.350) = 330,');
    const [entry] = await entriesOf('sampling-decided', 1);
    expect(entry).toMatchObject({ account: 'vanphong', subject: round });
  });

  it('takes effect when the round opens, on the list as it is then, and stays with the round', async () => {
    await decide({}).expect(303);
    await storeUnits([
      { ...unitRow('T6', ['mam-non'], 'Trường Mầm non Sáu'), parent: 'XA2', enrolment: 100 },
    ]);
    const changed = await office.get(`/van-phong/dot/${round}/mau`).expect(200);
    expect(changed.text).toContain('đã thay đổi từ khi lập phương án');
    await openRound(product.context, round);
    const members = await unitsOfRound(round);
    const kept = await roundByCode(round);
    expect(kept?.design).toMatchObject({ method: 1, day: '2026-09-20', account: 'vanphong', seed: null });
    expect(kept?.design?.strata.map(({ population, quota }) => [population, quota])).toEqual([
      [350, 48],
      [1200, 163],
      [900, 122],
    ]);
    expect(members.map(({ unit, quota, forms }) => [unit, quota, forms])).toEqual([
      ['T1', 81, 162],
      ['T2', 41, 82],
      ['T3', 41, 82],
      ['T4', 34, 68],
      ['T5', 122, 244],
      ['T6', 14, 28],
    ]);
    const design = kept && strataOfRound(kept, members);
    expect(design?.drawn).toBe(false);
    expect(design?.strata.map(({ members }) => members)).toEqual([['T4', 'T6'], ['T1', 'T2', 'T3'], ['T5']]);
    await storeUnits([{ ...unitRow('T6', ['mam-non'], 'Trường Mầm non Sáu'), parent: 'XA2' }]);
    const page = await office.get(`/van-phong/dot/${round}/mau`).expect(200);
    expect(page.text).toContain('được giữ nguyên từ khi mở đợt');
    expect(page.text).not.toContain('name="margin"');
    expect(rowsOf(page.text).find(([name]) => name?.startsWith('Cộng'))?.[4]).toBe('333');
  });

  it('that draws schools opens the round for those alone, and keeps the whole list with the seed', async () => {
    await decide({ by: ['level'], drawn: '1', seed: '123456789', minimum: '0' }).expect(303);
    await openRound(product.context, round);
    const members = await unitsOfRound(round);
    // printf %s 123456789/T1 | sha256sum and so on: of T1, T2 and T3 the smallest is drawn; T6 has no enrolment.
    expect(members.map(({ unit }) => unit)).toEqual(['T1', 'T4', 'T5', 'T6']);
    const { design } = (await roundByCode(round)) ?? {};
    expect(design).toMatchObject({ seed: '123456789', parameters: { drawn: 1, designEffect: 2 } });
    expect(design?.strata[1]).toMatchObject({ units: 3, asked: 1, population: 1200 });
    const frame = await sampleUnitsOf(round);
    expect(frame.map(({ unit, frame }) => [unit, frame?.drawn])).toEqual([
      ['T1', true],
      ['T2', false],
      ['T3', false],
      ['T4', true],
      ['T5', true],
      ['T6', true],
    ]);
    const page = await office.get(`/van-phong/dot/${round}/mau`).expect(200);
    expect(page.text).toContain('123456789');
    expect(page.text).toMatch(/Trường THCS Hai<small>T2.*?Không được bốc thăm/s);
    await office
      .post(`/van-phong/dot/${round}/mau/chi-tieu`)
      .type('form')
      .send({ 'q:T2': '50', 's:T2': '', reason: 'thử' })
      .expect(303);
    expect((await unitsOfRound(round)).map(({ unit }) => unit)).not.toContain('T2');
    const listed = await importing({ list: 'code,quota\nT2,5\nT3,', step: 'check' }).expect(422);
    expect(listed.text).toContain('T2 không được bốc thăm');
    expect(listed.text).not.toContain('T3 không được bốc thăm');
  });

  it('draws by a seed of its own where none is given, and keeps it', async () => {
    await decide({ drawn: '1' }).expect(303);
    expect((await roundByCode(round))?.design?.seed).toMatch(/^\d{9}$/);
  });

  it('can be taken back, and goes with a draft that is thrown away', async () => {
    await decide({}).expect(303);
    await office.post(`/van-phong/dot/${round}/mau/bo`).type('form').send({}).expect(303);
    expect((await roundByCode(round))?.design).toBeNull();
    expect(await entriesOf('sampling-removed', 1)).toHaveLength(1);
    await type({ 'q:T1': '12', 's:T1': '' }).expect(303);
    await deleteDraft(round);
    expect(await sampleUnitsOf(round)).toEqual([]);
  });
});

describe('a quota is not set', () => {
  it('to what is no whole number; nothing of the page is stored then', async () => {
    await decide({}).expect(303);
    for (const bad of ['-3', '1e3', '12,5', 'mười', '100001', '{"$gt":0}']) {
      const answer = await type({ 'q:T1': bad, 's:T1': '', 'q:T2': '9', 's:T2': '' }).expect(422);
      expect(answer.text).toContain('href="#q-T1"');
      expect(answer.text).toContain('value="9"');
    }
    expect(await sampleUnitsOf(round)).toEqual([]);
  });

  it('in an open round without a reason, nor once it is closed', async () => {
    await openRound(product.context, round);
    const answer = await type({ 'q:T1': '70', 's:T1': '' }).expect(422);
    expect(answer.text).toContain('href="#reason"');
    expect((await unitsOfRound(round))[0]?.quota).toBeNull();
    await closeRound(round, product.context.today());
    await type({ 'q:T1': '70', 's:T1': '', reason: 'Bão, trường nghỉ học' }).expect(409);
    await importing({ list: 'code,quota\nT1,3', step: 'store', reason: 'Bão' }).expect(409);
  });

  it('for units that are not in the round', async () => {
    await type({ 'q:KHONG-CO': '70', 's:KHONG-CO': '', 'q:__proto__': '3' }).expect(303);
    expect(await sampleUnitsOf(round)).toEqual([]);
  });
});

describe('a quota set by hand', () => {
  it('replaces what was computed, and is as computed again where the field is emptied', async () => {
    await decide({}).expect(303);
    await type({ 'q:T1': '1.200', 's:T1': '', 'q:T2': '', 's:T2': '' }).expect(303);
    expect((await sampleUnitsOf(round)).map(({ unit, quota }) => [unit, quota])).toEqual([['T1', 1200]]);
    await type({ 'q:T1': '', 's:T1': '1200' }).expect(303);
    await openRound(product.context, round);
    expect((await unitsOfRound(round))[0]).toMatchObject({ unit: 'T1', quota: 85 });
  });

  it('leaves alone what somebody else set meanwhile', async () => {
    await type({ 'q:T1': '50', 's:T1': '', 'q:T2': '', 's:T2': '' }).expect(303);
    await type({ 'q:T1': '', 's:T1': '', 'q:T2': '60', 's:T2': '' }).expect(303);
    expect((await sampleUnitsOf(round)).map(({ unit, quota }) => [unit, quota])).toEqual([
      ['T1', 50],
      ['T2', 60],
    ]);
  });

  it('can be raised and lowered in an open round, with a reason that is in the log unit by unit', async () => {
    await decide({}).expect(303);
    await openRound(product.context, round);
    const reason = 'Trường nghỉ học vì bão';
    await type({ 'q:T1': '40', 's:T1': '85', 'q:T2': '50', 's:T2': '42', reason }).expect(303);
    const members = await unitsOfRound(round);
    expect(members.slice(0, 2).map(({ quota, forms }) => [quota, forms])).toEqual([
      [40, 80],
      [50, 100],
    ]);
    const entries = (await entriesOf('quota-set', 2)).map(({ details }) => details);
    expect(entries).toContainEqual({ unit: 'T1', from: 85, to: 40, reason });
    expect(entries).toContainEqual({ unit: 'T2', from: 42, to: 50, reason });
  });

  it('needs no plan', async () => {
    await type({ 'q:T4': '33', 's:T4': '' }).expect(303);
    await openRound(product.context, round);
    const members = await unitsOfRound(round);
    expect(members.map(({ unit, quota }) => [unit, quota])).toContainEqual(['T4', 33]);
    expect(members.map(({ unit, quota }) => [unit, quota])).toContainEqual(['T1', null]);
  });
});

describe('a list of quotas', () => {
  it('with mistakes is refused by line and column, and nothing is stored', async () => {
    const answer = await importing({ list: 'code,quota\nT1,12\nT9,3\nT1,5\nT2,nhiều', step: 'store' }).expect(
      422,
    );
    for (const sentence of [
      'Đợt không có đơn vị mã T9.',
      'Đơn vị T1 đã có ở dòng 2.',
      '“nhiều” không phải số nguyên',
    ])
      expect(answer.text).toContain(sentence);
    expect(await sampleUnitsOf(round)).toEqual([]);
  });

  it('shows what would change before anything is stored', async () => {
    await decide({}).expect(303);
    const shown = await importing({ list: 'code,quota\nT1,12\nT2,', step: 'check' }).expect(200);
    expect(shown.text).toContain('Sẽ đổi chỉ tiêu của 1 đơn vị; 1 đơn vị không đổi.');
    expect(rowsOf(shown.text)[1]?.slice(1)).toEqual(['85', '12']);
    expect(await sampleUnitsOf(round)).toEqual([]);
    await importing({ list: 'code,quota\nT1,12\nT2,', step: 'store' }).expect(303);
    expect((await sampleUnitsOf(round)).map(({ unit, quota }) => [unit, quota])).toEqual([['T1', 12]]);
  });

  it('that was downloaded changes nothing when it is imported as it is, as CSV and as XLSX', async () => {
    await decide({}).expect(303);
    await type({ 'q:T1': '12', 's:T1': '' }).expect(303);
    const csv = await office.get(`/van-phong/dot/${round}/mau/chi-tieu.csv`).expect(200);
    expect(csv.text).toContain(
      '"T1","Trường THCS Một","Giáo dục trung học cơ sở · Xã Bình Sơn","600","85","12","24",""',
    );
    const xlsx = await office
      .get(`/van-phong/dot/${round}/mau/chi-tieu.xlsx`)
      .responseType('blob')
      .expect(200);
    expect((await readList(xlsx.body as Buffer)).lines).toHaveLength(7);
    for (const file of [Buffer.from(csv.text), xlsx.body as Buffer]) {
      const answer = await office
        .post(`/van-phong/dot/${round}/mau/nhap`)
        .field('step', 'check')
        .attach('file', file, 'chi-tieu')
        .expect(200);
      expect(answer.text).toContain('Sẽ đổi chỉ tiêu của 0 đơn vị');
    }
    expect((await entriesOf('quotas-exported', 1))[0]).toMatchObject({
      subject: round,
      details: { rows: 6 },
    });
  });

  it('in an open round wants a reason', async () => {
    await openRound(product.context, round);
    const answer = await importing({ list: 'code,quota\nT1,12', step: 'store' }).expect(422);
    expect(answer.text).toContain('Hãy ghi lý do');
    expect(answer.text).toContain('T1,12');
    await importing({ list: 'code,quota\nT1,12', step: 'store', reason: 'Tách lớp' }).expect(303);
    expect((await unitsOfRound(round))[0]?.quota).toBe(12);
  });
});

function newRound(change: Partial<RoundDraft>): Promise<string> {
  // Each in days of its own, so that many can be open.
  const year = 2030 + times;
  return createRound(
    product.context,
    draft(product.context, {
      label: `Đợt ${times}`,
      opens: `${year}-03-01` as never,
      closes: `${year}-04-30` as never,
      surveys: ['parents-mam-non', 'parents-thcs', 'parents-thpt'],
      ...change,
    }),
  );
}

function decide(change: Partial<Record<keyof typeof SAMPLE_FORM, string | string[]>>) {
  return office
    .post(`/van-phong/dot/${round}/mau`)
    .type('form')
    .send({ ...SAMPLE_FORM, ...change });
}

function type(fields: Record<string, string>) {
  return office.post(`/van-phong/dot/${round}/mau/chi-tieu`).type('form').send(fields);
}

function importing(fields: Record<string, string>) {
  const sent = office.post(`/van-phong/dot/${round}/mau/nhap`);
  for (const [name, value] of Object.entries(fields)) sent.field(name, value);
  return sent;
}
