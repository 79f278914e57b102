import { parse } from 'csv-parse/sync';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { figureOf, rowsOf, unitRowOf } from './page.js';
import { type Answering, allGiving, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(product, [
    unitRow('S4', ['thcs']),
    unitRow('S5', ['thcs']),
    unitRow('S23', ['thpt']),
    unitRow('S1', ['mam-non']),
    unitRow('S9', ['tieu-hoc']),
  ]));
  await store('S4', 'parents-thcs', 'thcs', 4);
  await store('S5', 'parents-thcs', 'thcs', 5);
  await store('S23', 'parents-thpt', 'thpt', 2);
  await store('S23', 'students-thpt', 'thpt', 3);
  // Twenty send a form, one of them with an opinion.
  await store('S1', 'parents-mam-non', 'mam-non', 20, onlyFrom(1, 'likert'));
  // Nine answer, four of them also the overall question and the expectation.
  await store('S9', 'parents-tieu-hoc', 'tieu-hoc', 9, (item, person) =>
    person < 4 || !item.code.startsWith('G') ? allGiving(4)(item, person) : undefined,
  );
});
afterAll(dropDatabase);

describe('figures that fewer than five people stand behind are hidden on the page and in the file', () => {
  it('of four responses', async () => {
    expect(unitRowOf(await page(), 'S4', 'thcs').slice(2)).toEqual(['4', 'ẩn', '–', '–']);
    expect(await inFile('S4')).toEqual(['4', '', '', '', '', '', '', 'ẩn: quá ít phiếu']);
  });

  it('of twenty responses in which one person has an opinion', async () => {
    expect(unitRowOf(await page(), 'S1', 'mam-non').slice(2, 5)).toEqual(['20', 'ẩn', '–']);
    expect((await inFile('S1')).slice(0, 6)).toEqual(['20', '', '', '', '', '']);
    const service = await serviceRow('parents-mam-non');
    expect(service.slice(1, 3)).toEqual(['20', 'ẩn']);
    expect(service.slice(3, 10)).toEqual(Array(7).fill('–'));
  });

  it('of an expectation and an overall question that four of nine answered', async () => {
    expect(unitRowOf(await page(), 'S9', 'tieu-hoc').slice(2)).toEqual([
      '9',
      expect.stringContaining('100,0 %'),
      '4,00',
      '–',
    ]);
    expect(await inFile('S9')).toEqual([
      '9',
      expect.stringMatching(/^\d+$/),
      '100.0',
      expect.anything(),
      '100.0',
      '4.00',
      '',
      '',
    ]);
    expect((await serviceRow('parents-tieu-hoc')).slice(-2)).toEqual(['–', '–']);
  });

  it('of a group of parents or of students, also where the school’s row may be shown', async () => {
    expect(unitRowOf(await page(), 'S23', 'thpt').slice(2)).toEqual([
      '5',
      expect.stringContaining('100,0 %'),
      '5,00',
      '80,0 %',
    ]);
    for (const survey of ['parents-thpt', 'students-thpt']) expect((await serviceRow(survey))[2]).toBe('ẩn');
  });

  it('also from the simple mean of groups', async () => {
    // Parents of thcs (9) and of tiểu học (9) are left.
    expect(figureOf(await page(), 'Tỷ lệ hài lòng (trung bình cộng các nhóm)')?.note).toMatch(/^2 nhóm/);
  });

  it('of a whole round', async () => {
    const { round: small } = await openedRound(product, [unitRow('T1', ['gdtx'])], {
      label: 'Đợt nhỏ',
      surveys: ['learners-gdtx'],
      units: ['T1'],
      targets: [{ indicator: 'satisfaction-rate', atLeast: 80, unit: '%' }],
    });
    const place = { round: small, unit: 'T1', survey: 'learners-gdtx', service: 'gdtx' };
    await storeResponses(product.context, place, 4, allGiving(5));
    const html = (await office.get(`/van-phong/dot/${small}`).expect(200)).text;
    expect(html).not.toContain('100,0');
    expect(figureOf(html, 'Chỉ tiêu: tỷ lệ hài lòng')?.note).toMatch(/chưa có số liệu/);
    await storeResponses(product.context, place, 1, allGiving(5));
    expect((await office.get(`/van-phong/dot/${small}`)).text).toContain('100,0');
  });
});

describe('figures that five people stand behind are shown', () => {
  it('on the page and in the file', async () => {
    expect(unitRowOf(await page(), 'S5', 'thcs').slice(2)).toEqual([
      '5',
      expect.stringMatching(/^100,0 % \d+,\d % – 100,0 % n = 145$/),
      '5,00',
      '80,0 %',
    ]);
    expect(await inFile('S5')).toEqual(['5', '145', '100.0', expect.anything(), '100.0', '5.00', '80.0', '']);
  });
});

function store(unit: string, survey: string, service: string, people: number, answering = allGiving(5)) {
  return storeResponses(product.context, { round, unit, survey, service }, people, answering);
}

/** So many people answer items of a kind; the others have no opinion. */
function onlyFrom(people: number, kind: string): Answering {
  return (item, person) =>
    item.kind === kind && person < people ? 5 : item.kind === 'likert' ? 0 : undefined;
}

async function page(): Promise<string> {
  return (await office.get(`/van-phong/dot/${round}`).expect(200)).text;
}

async function serviceRow(survey: string): Promise<string[]> {
  const audience = product.context.surveys.get(survey)?.audience.vi ?? '?';
  return rowsOf(await page()).find(([name = '']) => name.endsWith(audience)) ?? [];
}

/** Responses, n, rate, low, high, mean, expectation and note of a unit's only row. */
async function inFile(unit: string): Promise<string[]> {
  const { text } = await office.get(`/van-phong/dot/${round}/ty-le.csv`).expect(200);
  const rows: string[][] = parse(text, { bom: true });
  return rows.find((row) => row[2] === unit)?.slice(6) ?? [];
}
