import mongoose from 'mongoose';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flag } from '../../models/responses.js';
import { dropDatabase } from '../database.js';
import {
  filledForm,
  officeAgent,
  openedRound,
  startTestApp,
  type TestApp,
  unitRow,
} from '../http/testApp.js';
import { figureOf, rowsOf, unitRowOf } from './page.js';
import { recount } from './recount.js';
import { allGiving, atRandom, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let links: Map<string, string>;
let page: string;
let unitPage: string;

const HEADING = 'Dấu hiệu cần xem lại';

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round, links } = await openedRound(product, [
    unitRow('F1', ['thcs', 'thpt'], 'Trường nhiều phiếu'),
    unitRow('F2', ['mam-non'], 'Trường mầm non'),
    unitRow('F3', ['thcs'], 'Trường không dấu hiệu'),
    unitRow('F4', ['gdtx'], 'Trung tâm bốn phiếu'),
    unitRow('F5', ['thcs'], 'Trường năm phiếu'),
    unitRow('F7', ['gdtx'], 'Trung tâm sáu phiếu'),
    unitRow('F6', ['tieu-hoc'], 'Trường gửi qua biểu mẫu'),
  ]));
  const every = (times: Partial<Record<Flag, number>>) => (person: number) =>
    (Object.entries(times) as [Flag, number][]).filter(([, n]) => person % n === 0).map(([flag]) => flag);
  await store('F1', 'parents-thcs', 'thcs', 1201, every({ fast: 7, same: 3 }));
  await store('F1', 'students-thpt', 'thpt', 57, every({ burst: 2, fast: 5 }));
  await store('F2', 'parents-mam-non', 'mam-non', 11, every({ same: 10 }));
  await store('F3', 'parents-thcs', 'thcs', 20, () => []);
  await store('F4', 'learners-gdtx', 'gdtx', 4, () => ['burst', 'fast', 'same']);
  await store('F7', 'learners-gdtx', 'gdtx', 6, () => []);
  await store('F5', 'parents-thcs', 'thcs', 5, () => ['fast']);
  await sendForms('F6', 'parents-tieu-hoc', 'tieu-hoc', 44);
  page = await pageNow();
  unitPage = (await office.get(`/van-phong/dot/${round}/don-vi`).expect(200)).text;
});
afterAll(dropDatabase);

describe('a unit is not listed among those with flags', () => {
  it.each([
    ['that has none', 'F3'],
    ['that has fewer than five responses, all of them flagged', 'F4'],
  ])('%s', (_name, unit) => {
    expect(page).not.toContain(`data-flagged="${unit}"`);
    expect(unitPage).toContain(`data-unit="${unit}"`);
  });

  it('and the table says so', () => {
    expect(sectionOf(page)).toContain('Đơn vị có ít hơn 5 phiếu không nêu ở đây');
  });
});

describe('the shares of flags', () => {
  it.each(['F1', 'F2', 'F5', 'F6'])('of %s are those of a plain recount of what is stored', async (unit) => {
    const stored = await mongoose.connection.collection('responses').find({ round, unit }).toArray();
    const share = (flag: Flag) => {
      const flagged = stored.filter(({ flags }) => flags.includes(flag)).length;
      if (flagged === 0) return '0';
      return `${((100 * flagged) / stored.length).toFixed(1).replace('.', ',')} % ${flagged} phiếu`;
    };
    expect(stored.length).toBeGreaterThanOrEqual(5);
    expect(flagRowOf(page, unit).slice(1)).toEqual([
      String(stored.length).replace(/\B(?=(\d{3})+$)/g, '.'),
      share('fast'),
      share('same'),
      share('burst'),
    ]);
  });

  it('of forms that were really sent are those that were earned', () => {
    // 44 from one address: 4 beyond the fortieth; 11 of them in three seconds; 22 with one level throughout.
    expect(flagRowOf(page, 'F6').slice(1)).toEqual([
      '44',
      '25,0 % 11 phiếu',
      '50,0 % 22 phiếu',
      '9,1 % 4 phiếu',
    ]);
  });

  it('come with the largest first', () => {
    expect([...page.matchAll(/data-flagged="(\w+)"/g)].map(([, unit]) => unit)).toEqual([
      'F5',
      'F6',
      'F1',
      'F2',
    ]);
  });

  it('are named with what they mean, that nothing is removed and that they tell nobody', () => {
    const section = sectionOf(page);
    for (const words of [
      'chưa tới 1 giây cho mỗi câu',
      'từ 10 câu',
      'từ phiếu thứ 41',
      'trong 10 phút',
      'Không phiếu nào bị loại',
      'không bao giờ cho biết ai đã trả lời',
    ])
      expect(section).toContain(words);
  });

  it('read in English', async () => {
    const english = (await office.get(`/van-phong/dot/${round}/dau-hieu?lang=en`).expect(200)).text;
    expect(flagRowOf(english, 'F6').slice(2)).toEqual([
      '25.0% 11 responses',
      '50.0% 22 responses',
      '9.1% 4 responses',
    ]);
  });
});

describe('a flag removes nothing:', () => {
  it('every flagged response is in the rates', async () => {
    for (const [unit, service] of [
      ['F1', 'thcs'],
      ['F5', 'thcs'],
      ['F6', 'tieu-hoc'],
    ] as const) {
      const counted = await recount(product.context, { round, unit, service });
      expect(unitRowOf(unitPage, unit, service)[3]).toMatch(new RegExp(`^${counted.rate} % `));
    }
    const all = await mongoose.connection.collection('responses').countDocuments({ round });
    const overview = (await office.get(`/van-phong/dot/${round}`).expect(200)).text;
    expect(figureOf(overview, 'Số phiếu')?.value).toBe(`${all}`.replace(/\B(?=(\d{3})+$)/g, '.'));
  });
});

describe('a round', () => {
  it('in which nothing is flagged says so, and so does one whose responses are older than the flags', async () => {
    const { round: clean } = await openedRound(product, [unitRow('G1', ['gdtx'])], {
      label: 'Đợt sạch',
      surveys: ['learners-gdtx'],
      units: ['G1'],
    });
    const place = { round: clean, unit: 'G1', survey: 'learners-gdtx', service: 'gdtx' };
    const none = (await office.get(`/van-phong/dot/${clean}/dau-hieu`).expect(200)).text;
    expect(none).not.toContain('data-flagged');
    await storeResponses(product.context, place, 6, allGiving(4));
    await mongoose.connection.collection('responses').updateMany({ round: clean }, { $unset: { flags: 1 } });
    await storeResponses(product.context, place, 1, allGiving(4));
    const html = (await office.get(`/van-phong/dot/${clean}/dau-hieu`).expect(200)).text;
    expect(figureOf((await office.get(`/van-phong/dot/${clean}`)).text, 'Số phiếu')?.value).toBe('7');
    expect(sectionOf(html)).toContain('Không đơn vị nào');
    expect(html).not.toContain('data-flagged');
  });
});

function store(
  unit: string,
  survey: string,
  service: string,
  people: number,
  flags: (person: number) => Flag[],
) {
  return storeResponses(product.context, { round, unit, survey, service }, people, atRandom(people), flags);
}

/** Sends forms one after the other: every fourth in three seconds, every second with one level throughout. */
async function sendForms(unit: string, survey: string, service: string, people: number): Promise<void> {
  for (let person = 0; person < people; person += 1) {
    const form = {
      ...filledForm(product.context, survey, '4'),
      ...(person % 2 === 0 ? {} : { A01: '5' }),
      giay: person % 4 === 0 ? '3' : '300',
      khoa: `${person}`.padStart(22, 'k'),
    };
    const address = `/k/${links.get(unit)}/${survey}/${service}`;
    await supertest(product.app).post(address).type('form').send(form).expect(303);
  }
}

async function pageNow(): Promise<string> {
  return (await office.get(`/van-phong/dot/${round}/dau-hieu`).expect(200)).text;
}

function flagRowOf(html: string, unit: string): string[] {
  return rowsOf(new RegExp(`<tr data-flagged="${unit}">.*?</tr>`, 's').exec(html)?.[0] ?? '')[0] ?? [];
}

/** What stands under the heading. */
function sectionOf(html: string): string {
  return html.slice(html.indexOf(`<h1>${HEADING}</h1>`));
}
