import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { dropDatabase } from '../database.js';
import { wholeFile } from '../exports/wholeFile.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { figureOf, rowsOf } from './page.js';
import { countByHand } from './recount.js';
import { type Answering, allGiving, atRandom, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let before: string;
let now: string;

beforeAll(async () => {
  product = await startTestApp('2026-03-05');
  office = await officeAgent(product);
  const spring = { opens: '2026-03-01' as Day, closes: '2026-04-30' as Day, surveys: ['parents-thcs'] };
  const units = ['C1', 'C2', 'C3', 'C4', 'C5'].map((code) => unitRow(code, ['thcs']));
  ({ round: before } = await openedRound(product, units, { label: 'Đợt 1 năm 2026', ...spring }));
  await store(before, 'C1', 150, mostly(0.6, 1));
  await store(before, 'C2', 40, mostly(0.7, 2));
  await store(before, 'C3', 30, mostly(0.9, 3));
  await store(before, 'C4', 12, mostly(0.7, 4));
  // Too few: whatever C5 is compared with must not tell of them.
  await store(before, 'C5', 3, allGiving(1));
  await mongoose.connection
    .collection('rounds')
    .updateOne({ _id: before as never }, { $set: { state: 'closed' } });
  product.setToday('2026-10-15');
  ({ round: now } = await openedRound(
    product,
    [
      { ...unitRow('C23', ['thcs'], 'Trường sáp nhập'), predecessors: ['C2', 'C3'] },
      { ...unitRow('C45', ['thcs']), predecessors: ['C4', 'C5'] },
      unitRow('C6', ['thcs'], 'Trường mới'),
    ],
    { surveys: ['parents-thcs', 'parents-mam-non'], units: ['C1', 'C23', 'C45', 'C6'] },
  ));
  await store(now, 'C1', 150, mostly(0.9, 5));
  await store(now, 'C23', 60, mostly(0.8, 6));
  await store(now, 'C45', 20, mostly(0.8, 7));
  await store(now, 'C6', 20, mostly(0.8, 8));
});
afterAll(dropDatabase);

describe('a round is not compared', () => {
  it('where there is no earlier one that is closed', async () => {
    const { text } = await office.get(`/van-phong/dot/${before}/so-sanh`).expect(200);
    expect(text).toContain('Chưa có đợt nào');
    expect(text).not.toContain('data-compared');
    await office.get(`/van-phong/dot/${before}/so-sanh.csv`).expect(404);
    const overview = (await office.get(`/van-phong/dot/${before}`).expect(200)).text;
    expect(overview).not.toContain('So với');
  });

  it('with one that does not exist, is open, or is itself, but with the latest that may be', async () => {
    for (const other of ['khong-co', now, '', before]) {
      const { text } = await office.get(`/van-phong/dot/${now}/so-sanh?so-voi=${other}`).expect(200);
      expect(text).toContain('Đợt 1 năm 2026</option>');
      expect(rowOf(text, 'data-unit="C1"')[1]).toMatch(/%/);
    }
  });
});

describe('beside an earlier round', () => {
  it('each rate, the difference in points and Newcombe’s verdict are those counted by hand', async () => {
    const { text } = await office.get(`/van-phong/dot/${now}/so-sanh`).expect(200);
    const [one, two] = await Promise.all([rate(now, 'C1'), rate(before, 'C1')]);
    const row = rowOf(text, 'data-unit="C1"');
    const { answered } = await countByHand(product.context, { round: before, unit: 'C1' });
    expect(row[2]).toBe(`${percent(two)} n = ${answered.toLocaleString('vi-VN')}`);
    expect(row[1]).toContain(percent(one));
    expect(row[3]).toMatch(new RegExp(`^\\+${(100 * (one - two)).toFixed(1).replace('.', ',')} `));
    expect(row[4]).toBe('Tăng');
  });

  it('a merged school is compared with those it was made of, pooled', async () => {
    const row = rowOf((await office.get(`/van-phong/dot/${now}/so-sanh`)).text, 'data-unit="C23"');
    const counts = await Promise.all(
      ['C2', 'C3'].map((unit) => countByHand(product.context, { round: before, unit })),
    );
    const answered = counts.reduce((sum, each) => sum + each.answered, 0n);
    const pooled = Number(counts.reduce((sum, { satisfied }) => sum + satisfied, 0n)) / Number(answered);
    expect(row[0]).toContain('so với gộp: C2, C3');
    expect(row[2]).toBe(`${percent(pooled)} n = ${answered.toLocaleString('vi-VN')}`);
    expect(row[4]).toBe('Chưa đủ cơ sở kết luận');
  });

  it('one made of a hidden school is not compared, and a new one says that it is new', async () => {
    const { text } = await office.get(`/van-phong/dot/${now}/so-sanh`).expect(200);
    expect(rowOf(text, 'data-unit="C45"').slice(2)).toEqual(['–', '–', '–']);
    expect(rowOf(text, 'data-unit="C6"')[0]).toContain('đơn vị mới');
    expect(rowOf(text, 'data-unit="C6"').slice(2)).toEqual(['–', '–', '–']);
  });

  it('the file has the same rows, with what may be said of each', async () => {
    const answer = await office.get(`/van-phong/dot/${now}/so-sanh.csv?so-voi=${before}`).expect(200);
    const rows = wholeFile(answer.text).records;
    const row = rows.find((each) => each.Mã === 'C1') ?? {};
    const [one, two] = await Promise.all([rate(now, 'C1'), rate(before, 'C1')]);
    expect(row).toMatchObject({
      'Đợt so sánh': 'Đợt 1 năm 2026',
      'Tỷ lệ hài lòng (%)': (100 * one).toFixed(1),
      'Tỷ lệ đợt trước (%)': (100 * two).toFixed(1),
      'Chênh lệch (điểm %)': (100 * (one - two)).toFixed(1),
      'Nhận định': 'Tăng',
    });
    const items = rows.filter((each) => each.Loại === 'Tiêu chí');
    expect(items).toHaveLength(29);
    expect(items[0]?.Tên).toMatch(/Việc tuyển sinh, nhập học$/);
  });

  it('the first page says how the whole has changed', async () => {
    const { text } = await office.get(`/van-phong/dot/${now}`).expect(200);
    const figure = figureOf(text, 'So với Đợt 1 năm 2026');
    expect(figure?.value).toMatch(/^\+\d+,\d$/);
    expect(figure?.note).toMatch(/^Tăng khoảng tin cậy 95 %: \+/);
  });
});

function store(round: string, unit: string, people: number, answering: Answering) {
  const place = { round, unit, survey: 'parents-thcs', service: 'thcs' };
  return storeResponses(product.context, place, people, answering);
}

/** Levels of 4 and 5 with a probability, each person mostly like oneself. */
function mostly(share: number, seed: number): Answering {
  const random = atRandom(seed);
  return (item, person) =>
    item.kind === 'percentage' ? 80 : ((random(item, person) ?? 3) + person) % 10 < 10 * share ? 5 : 2;
}

async function rate(round: string, unit: string): Promise<number> {
  const { satisfied, answered } = await countByHand(product.context, { round, unit });
  return Number(satisfied) / Number(answered);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace('.', ',')} %`;
}

function rowOf(html: string, mark: string): string[] {
  return rowsOf(new RegExp(`<tr ${mark}>.*?</tr>`, 's').exec(html)?.[0] ?? '')[0] ?? [];
}
