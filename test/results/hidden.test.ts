import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { wholeFile } from '../exports/wholeFile.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { columnRowOf, figureOf, unitRowOf, wayOf } from './page.js';
import { type Answering, allGiving, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let round: string;

const HIDDEN = 'ẩn: quá ít người, hoặc sẽ làm lộ số liệu của quá ít người';

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(product, [
    unitRow('S4', ['thcs']),
    unitRow('S6', ['thcs']),
    unitRow('S40', ['thcs']),
    unitRow('S23', ['thpt']),
    unitRow('S1', ['mam-non']),
    unitRow('S2', ['mam-non']),
    unitRow('S9', ['tieu-hoc']),
    unitRow('S5', ['gdtx']),
  ]));
  await store('S4', 'parents-thcs', 'thcs', 4);
  await store('S6', 'parents-thcs', 'thcs', 6);
  await store('S40', 'parents-thcs', 'thcs', 40);
  await store('S23', 'parents-thpt', 'thpt', 2);
  await store('S23', 'students-thpt', 'thpt', 3);
  // Twenty send a form, one of them with an opinion.
  await store('S1', 'parents-mam-non', 'mam-non', 20, onlyFrom(1, 'likert'));
  await store('S2', 'parents-mam-non', 'mam-non', 8);
  // Nine answer, four of them also the overall question and the expectation.
  await store('S9', 'parents-tieu-hoc', 'tieu-hoc', 9, (item, person) =>
    person < 4 || !item.code.startsWith('G') ? allGiving(4)(item, person) : undefined,
  );
  await store('S5', 'learners-gdtx', 'gdtx', 5);
});
afterAll(dropDatabase);

describe('figures that fewer than five people stand behind are hidden on the page and in the file', () => {
  it('of four responses', async () => {
    expect(unitRowOf(await page(), 'S4', 'thcs').slice(2)).toEqual(['4', 'ẩn', '–', '–']);
    expect(await inFile('S4')).toEqual(['4', ...Array(10).fill(''), HIDDEN]);
  });

  it('of twenty responses in which one person has an opinion', async () => {
    expect(unitRowOf(await page(), 'S1', 'mam-non').slice(2, 5)).toEqual(['20', 'ẩn', '–']);
    expect(await inFile('S1')).toEqual(['20', ...Array(10).fill(''), HIDDEN]);
  });

  it('of an expectation and an overall question that four of nine answered', async () => {
    expect(unitRowOf(await page(), 'S9', 'tieu-hoc').slice(2)).toEqual([
      '9',
      expect.stringContaining('100,0 %'),
      '4,00',
      '–',
    ]);
    const inTheFile = await inFile('S9');
    expect(inTheFile.slice(0, 4)).toEqual(['9', '9', expect.stringMatching(/^\d+$/), '100.0']);
    expect(inTheFile.slice(7, 9)).toEqual(['', '']);
    expect(columnRowOf(await overview(), 'parents-tieu-hoc').slice(-2)).toEqual(['–', '–']);
  });

  it('of a group of parents or of students, also where the school’s row may be shown', async () => {
    expect(unitRowOf(await page(), 'S23', 'thpt').slice(2, 5)).toEqual([
      '5',
      expect.stringContaining('100,0 %'),
      '5,00',
    ]);
    for (const survey of ['parents-thpt', 'students-thpt'])
      expect(columnRowOf(await overview(), survey)[2]).toBe('ẩn');
  });

  it('also from the simple mean of groups', async () => {
    // Four surveys are left: of thcs, mầm non, tiểu học and GDTX.
    expect(wayOf(await overview(), 'groups')[3]).toMatch(/^4 nhóm/);
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

describe('so that the four of one school cannot be computed from the others,', () => {
  it('the smallest other school of its level is hidden too, and the larger one is not', async () => {
    expect(unitRowOf(await page(), 'S6', 'thcs').slice(2, 5)).toEqual(['6', 'ẩn', '–']);
    expect(unitRowOf(await page(), 'S2', 'mam-non').slice(2, 5)).toEqual(['8', 'ẩn', '–']);
    expect(unitRowOf(await page(), 'S40', 'thcs')[3]).toMatch(/^100,0 %/);
    expect(await inFile('S6')).toEqual(['6', ...Array(10).fill(''), HIDDEN]);
  });
});

describe('figures that five people stand behind are shown', () => {
  it('on the page and in the file', async () => {
    expect(unitRowOf(await page(), 'S5', 'gdtx').slice(2)).toEqual([
      '5',
      expect.stringMatching(/^100,0 % \d+,\d % – 100,0 % n = 140$/),
      '5,00',
      expect.anything(),
    ]);
    expect((await inFile('S5')).slice(0, 4)).toEqual(['5', '5', '140', '100.0']);
    expect((await inFile('S5'))[6]).toBe('5.00');
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
  return (await office.get(`/van-phong/dot/${round}/don-vi`).expect(200)).text;
}

async function overview(): Promise<string> {
  return (await office.get(`/van-phong/dot/${round}`).expect(200)).text;
}

/** Figures and note of a unit's only row, from the number of responses on. */
async function inFile(unit: string): Promise<string[]> {
  const { text } = await office.get(`/van-phong/dot/${round}/ty-le.csv`).expect(200);
  return (
    wholeFile(text)
      .rows.find((row) => row[2] === unit)
      ?.slice(6) ?? []
  );
}
