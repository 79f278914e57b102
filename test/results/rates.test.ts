import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { dropDatabase } from '../database.js';
import { textOf, wholeFile } from '../exports/wholeFile.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { columnRowOf, figureOf, unitRowOf, wayOf } from './page.js';
import { countByHand, type Recount, recount } from './recount.js';
import { allGiving, atRandom, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let page: string;
let unitPage: string;
let file: readonly Readonly<Record<string, string>>[];

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(
    product,
    [
      unitRow('L1', ['thcs', 'thpt'], 'Trường Liên cấp Một'),
      unitRow('L2', ['thcs', 'thpt'], 'Trường Liên cấp Hai'),
      unitRow('L3', ['mam-non'], 'Trường Mầm non'),
      unitRow('L4', ['thpt'], 'Trường chưa ai trả lời'),
      unitRow('L5', ['mam-non'], 'Trường không ý kiến'),
    ],
    { targets: [{ indicator: 'satisfaction-rate', atLeast: 60.5, unit: '%' }] },
  ));
  const store = (unit: string, survey: string, service: string, people: number, seed: number) =>
    storeResponses(product.context, { round, unit, survey, service }, people, atRandom(seed));
  await store('L1', 'parents-thcs', 'thcs', 83, 1);
  await store('L1', 'parents-thpt', 'thpt', 41, 2);
  await store('L1', 'students-thpt', 'thpt', 130, 3);
  await store('L2', 'parents-thcs', 'thcs', 1290, 4);
  await store('L2', 'students-thpt', 'thpt', 37, 5);
  await store('L3', 'parents-mam-non', 'mam-non', 11, 6);
  const silent = { round, unit: 'L5', survey: 'parents-mam-non', service: 'mam-non' };
  await storeResponses(product.context, silent, 6, ({ kind }) => (kind === 'likert' ? 0 : undefined));
  page = (await office.get(`/van-phong/dot/${round}`).expect(200)).text;
  unitPage = (await office.get(`/van-phong/dot/${round}/don-vi`).expect(200)).text;
  file = wholeFile((await office.get(`/van-phong/dot/${round}/ty-le.csv`).expect(200)).text).records;
});
afterAll(dropDatabase);

describe('the rates of a round are the same on the page, in the file and counted by hand', () => {
  it.each([
    ['L1', 'thcs'],
    ['L1', 'thpt'],
    ['L2', 'thcs'],
    ['L2', 'thpt'],
    ['L3', 'mam-non'],
  ])('at %s for %s', async (unit, service) => {
    const counted = await recount(product.context, { round, unit, service });
    expect(counted.responses).toBeGreaterThan(5);
    const { expecting } = await countByHand(product.context, { round, unit, service });
    const [, , responses, rate, mean, expectation] = unitRowOf(unitPage, unit, service);
    expect({ responses, rate, mean, expectation }).toEqual({
      responses: grouped(counted.responses),
      rate: rateCell(counted),
      mean: counted.mean,
      expectation: `${counted.expectation} % n = ${grouped(Number(expecting))}`,
    });
    expect(inFile(unit, service)).toEqual(counted);
  });

  it('for all answers pooled', async () => {
    const counted = await recount(product.context, { round });
    expect(figureOf(page, 'Số phiếu')?.value).toBe(grouped(counted.responses));
    expect(figureOf(page, 'Tỷ lệ hài lòng (gộp mọi câu trả lời)')).toEqual({
      value: `${counted.rate} %`,
      note: `khoảng tin cậy 95 %: ${counted.low} % – ${counted.high} % ${grouped(counted.people)} người, ${grouped(counted.answered)} câu trả lời`,
    });
    expect(figureOf(page, 'Điểm trung bình')?.value).toBe(counted.mean);
    expect(figureOf(page, 'Đáp ứng mong đợi')?.value).toBe(`${counted.expectation} %`);
    expect(figureOf(page, 'Chỉ tiêu: tỷ lệ hài lòng')?.value).toBe('≥ 60,5 %');
  });

  it.each(['parents-thcs', 'parents-thpt', 'students-thpt', 'parents-mam-non'])(
    'for everybody who answered %s, with each factor and the overall question',
    async (survey) => {
      const row = columnRowOf(page, survey);
      const counted = await recount(product.context, { round, survey });
      const ofSection = (wanted: string) =>
        recount(product.context, { round, survey }, (_role, code) => code === wanted);
      const factors = await Promise.all(['A', 'B', 'C', 'D', 'E'].map(ofSection));
      const overall = await recount(product.context, { round, survey }, (role) => role === 'overall');
      const { expecting } = await countByHand(product.context, { round, survey });
      const withN = (rate: string, n: number) => `${rate} % n = ${grouped(n)}`;
      expect(row.slice(1)).toEqual([
        grouped(counted.responses),
        rateCell(counted),
        counted.mean,
        ...factors.map(({ rate, answered }) => withN(rate, answered)),
        withN(overall.rate, overall.answered),
        withN(counted.expectation, Number(expecting)),
      ]);
    },
  );

  it('and the simple mean of groups stands beside the pooled rate under a name of its own', async () => {
    const surveys = ['parents-thcs', 'parents-thpt', 'students-thpt', 'parents-mam-non'];
    const groups = await Promise.all(
      surveys.map((survey) => countByHand(product.context, { round, survey })),
    );
    const shares = groups.map(({ satisfied, answered }) => Number(satisfied) / Number(answered));
    const mean = (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
    const shown = wayOf(page, 'groups');
    expect(shown[1]).toBe(`${mean.toFixed(1).replace('.', ',')} %`);
    expect(shown[3]).toMatch(/^4 nhóm/);
    expect(wayOf(page, 'pooled')[1]).toBe(figureOf(page, 'Tỷ lệ hài lòng (gộp mọi câu trả lời)')?.value);
    expect(shown[1]).not.toBe(wayOf(page, 'pooled')[1]);
  });
});

describe('where nobody has answered, or nobody has an opinion', () => {
  it.each([
    ['L4', 'thpt', '0'],
    ['L5', 'mam-non', '6'],
  ])('%s says so and shows no rate', (unit, service, people) => {
    expect(unitRowOf(unitPage, unit, service).slice(2)).toEqual([people, 'chưa có', '–', '–']);
    expect(inFile(unit, service)).toMatchObject({
      responses: Number(people),
      rate: '',
      low: '',
      high: '',
      mean: '',
      expectation: '',
    });
  });

  it('nothing of it reads as a number', () => {
    for (const text of [page, unitPage, JSON.stringify(file)])
      expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('a round of procedures', () => {
  it('shows the rates of each procedure at each desk', async () => {
    const { round: desks } = await openedRound(
      product,
      [unitRow('MC1', [], 'Một cửa Một'), unitRow('MC2', [], 'Một cửa Hai')],
      {
        subject: 'procedure',
        label: 'Thủ tục',
        units: ['MC1', 'MC2'],
        continuous: true,
        opens: '2026-01-01' as Day,
        closes: '2026-12-31' as Day,
      },
    );
    const store = (unit: string, service: string, people: number, seed: number) =>
      storeResponses(
        product.context,
        { round: desks, unit, survey: 'citizens-tthc', service },
        people,
        atRandom(seed),
      );
    await store('MC1', '2.002854', 29, 11);
    await store('MC1', '2.001914', 8, 12);
    await store('MC2', '2.002854', 17, 13);
    const html = (await office.get(`/van-phong/dot/${desks}/don-vi`).expect(200)).text;
    const written = await office.get(`/van-phong/dot/${desks}/ty-le.csv`).expect(200);
    const rows = wholeFile(written.text).records;
    for (const [unit, service] of [
      ['MC1', '2.002854'],
      ['MC1', '2.001914'],
      ['MC2', '2.002854'],
    ] as const) {
      const counted = await recount(product.context, { round: desks, unit, service });
      expect(unitRowOf(html, unit, service)[3]).toBe(rateCell(counted));
      const row =
        rows.find((one) => one['Mã đơn vị'] === unit && textOf(one['Mã dịch vụ'] ?? '') === service) ?? {};
      expect(row['Tỷ lệ hài lòng (%)']).toBe(counted.rate.replace(',', '.'));
    }
    const procedures = [...product.context.services.values()].filter(({ kind }) => kind === 'procedure');
    expect(rows).toHaveLength(2 * procedures.length);
    const overview = (await office.get(`/van-phong/dot/${desks}`).expect(200)).text;
    expect(figureOf(overview, 'Số phiếu')?.value).toBe('54');
    expect(unitRowOf(html, 'MC2', '2.001914')).toEqual([]);
  });
});

describe('the page of a round', () => {
  it('counts an answer that has just come in', async () => {
    await storeResponses(
      product.context,
      { round, unit: 'L3', survey: 'parents-mam-non', service: 'mam-non' },
      9,
      allGiving(1),
    );
    const now = (await office.get(`/van-phong/dot/${round}/don-vi`).expect(200)).text;
    const counted = await recount(product.context, { round, unit: 'L3', service: 'mam-non' });
    expect(counted.responses).toBe(20);
    expect(unitRowOf(now, 'L3', 'mam-non')[3]).toBe(rateCell(counted));
  });

  it('reads in English with points', async () => {
    const english = (await office.get(`/van-phong/dot/${round}/don-vi?lang=en`).expect(200)).text;
    const counted = await recount(product.context, { round, unit: 'L1', service: 'thcs' });
    expect(unitRowOf(english, 'L1', 'thcs')[3]).toContain(`${counted.rate.replace(',', '.')}%`);
    expect(unitRowOf(english, 'L2', 'thcs')[2]).toBe('1,290');
  });
});

function inFile(unit: string, service: string): Recount {
  const row =
    file.find((one) => one['Mã đơn vị'] === unit && textOf(one['Mã dịch vụ'] ?? '') === service) ?? {};
  const text = (column: string) => (row[column] ?? '?').replace('.', ',');
  return {
    responses: Number(row['Số phiếu']),
    people: Number(row['Số người có câu trả lời']),
    answered: Number(row['Số câu trả lời (n)']),
    rate: text('Tỷ lệ hài lòng (%)'),
    low: text('Khoảng tin cậy 95 %, cận dưới (%)'),
    high: text('Khoảng tin cậy 95 %, cận trên (%)'),
    mean: text('Điểm trung bình (1–5)'),
    expectation: text('Đáp ứng mong đợi (%)'),
  };
}

function rateCell({ rate, low, high, answered }: Recount): string {
  return `${rate} % ${low} % – ${high} % n = ${grouped(answered)}`;
}

/** 1.290 as Vietnamese write it. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '.');
}
