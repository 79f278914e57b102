/** Single responses: what a file of them may tell, and what it never tells. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemsOf } from '../../surveys/read.js';
import type { Item } from '../../surveys/schema.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { storeMade, WRITTEN } from './made.js';
import { textOf, type WholeFile, wholeFile } from './wholeFile.js';

const MINIMUM = 5;
const SURVEY = 'parents-thcs';

let product: TestApp;
let office: TestAgent;
let round: string;
let desks: string;
let file: WholeFile;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(
    product,
    ['U1', 'U2', 'U3', 'U4', '0005'].map((code) => unitRow(code, ['thcs'])),
    { surveys: [SURVEY] },
  ));
  const store = (unit: string, people: number, seed: number, said?: Parameters<typeof storeMade>[4]) =>
    storeMade(product.context, { round, unit, survey: SURVEY, service: 'thcs' }, people, seed, said);
  // In U1 one father among mothers; in U4 three people alone answered A03.
  await store('U1', 30, 1, (code, person) =>
    code === 'H01' ? (person === 0 ? 'father' : 'mother') : undefined,
  );
  await store('U2', 24, 2);
  await store('U3', 3, 3);
  await store('U4', 40, 4, (code, person) => (code === 'A03' && person >= 3 ? null : undefined));
  await store('0005', 25, 5);
}, 60_000);
afterAll(dropDatabase);

describe('single responses are refused', () => {
  it('while the round takes answers: two files would tell who answered in between', async () => {
    const answer = await office.get(`/van-phong/dot/${round}/phieu/${SURVEY}.csv`).expect(409);
    expect(answer.text).toContain('Chưa tải được từng phiếu');
  });

  it('of a survey that the round does not ask, and of a round that there is not', async () => {
    await office.get(`/van-phong/dot/${round}/phieu/students-thpt.csv`).expect(404);
    await office.get(`/van-phong/dot/khong-co/phieu/${SURVEY}.csv`).expect(404);
  });

  it('to who types paper forms', async () => {
    const entry = await agentOf(product, 'entry', 'U1');
    await entry.get(`/van-phong/dot/${round}/phieu/${SURVEY}.csv`).expect(404);
  });
});

describe('the file of single responses of a closed round', () => {
  beforeAll(async () => {
    await office.post(`/van-phong/dot/${round}/dong`).expect(303);
    file = await taken(round, SURVEY);
  });

  it('has a row for each response and a column for each item under its code', async () => {
    expect(file.rows).toHaveLength(30 + 24 + 3 + 40 + 25);
    const items = itemsOf(surveyOf(SURVEY)).filter(({ kind }) => kind !== 'text');
    expect(file.headings).toEqual([
      'Mã đợt',
      'Mã phiếu',
      'Phiên bản phiếu',
      'Mã đơn vị',
      'Tên đơn vị',
      'Mã dịch vụ',
      'Tên dịch vụ',
      ...items.map(({ code }) => code),
    ]);
  });

  it('has every answer of every person, as far as it is not hidden', async () => {
    const stored = await storedOf(round, SURVEY);
    const items = itemsOf(surveyOf(SURVEY)).filter(({ kind }) => kind !== 'text');
    const ofFile = (line: WholeFile['records'][number]) =>
      items.map(({ code }) => line[code] ?? '').join(' ');
    for (const line of file.records) {
      // Somebody has given just these answers, at this unit where it is told.
      const unit = textOf(line['Mã đơn vị'] ?? '');
      const matching = stored.filter(
        (response) =>
          (unit === '(ẩn)' || response.unit === unit) &&
          items.every(
            (item) => line[item.code] === '(ẩn)' || line[item.code] === cellOf(item, response.answers),
          ),
      );
      expect([ofFile(line), matching.length > 0]).toEqual([ofFile(line), true]);
    }
    // And as many gave each level to an item that is hidden nowhere.
    const column = 'B01';
    expect(file.records.map((line) => line[column]).sort()).toEqual(
      stored.map(({ answers }) => String(answers[column] ?? '')).sort(),
    );
  });

  it('tells no id, day, language, channel, flag or text', async () => {
    const { text } = await office.get(`/van-phong/dot/${round}/phieu/${SURVEY}.csv`).expect(200);
    expect(text).not.toContain(WRITTEN);
    expect(text).not.toMatch(/2026-10-1\d|"(?:link|qr|paper|vi|en|fast|burst)"/);
    for (const { _id } of await storedOf(round, SURVEY)) expect(text).not.toContain(_id);
  });

  it('tells no unit of few: theirs stand together with enough others', () => {
    const units = grouped(file.records, (line) => line['Mã đơn vị'] ?? '');
    expect(units.has('U3')).toBe(false);
    for (const [, lines] of units) expect(lines.length).toBeGreaterThanOrEqual(MINIMUM);
    expect(units.get('(ẩn)')?.length).toBeGreaterThan(3);
    for (const line of units.get('(ẩn)') ?? []) expect(line['Tên đơn vị']).toBe('(ẩn)');
  });

  it('keeps the noughts of a code', () => {
    expect(file.records.some((line) => line['Mã đơn vị'] === "'0005")).toBe(true);
  });

  it('does not tell the one father at a school, nor anybody else by what is known of few', () => {
    for (const line of file.records.filter((each) => each['Mã đơn vị'] === 'U1'))
      expect(line.H01).not.toBe('father');
    const shared = grouped(file.records, (line) => [line['Mã đơn vị'], line.H01, line.H02].join('|'));
    for (const [what, lines] of shared) expect([what, lines.length >= MINIMUM]).toEqual([what, true]);
    expect(file.records.filter((line) => line.H01 === 'mother').length).toBeGreaterThan(10);
  });

  it('leaves a blank in the rows of a unit where its page hides an item', () => {
    const of = file.records.filter((line) => line['Mã đơn vị'] === 'U4');
    expect(of.length).toBe(40);
    for (const line of of) expect(line.A03).toBe('(ẩn)');
    // The rows without a unit are no way round it.
    for (const line of file.records.filter((each) => each['Mã đơn vị'] === '(ẩn)'))
      expect(line.A03).toBe('(ẩn)');
  });

  it('is in no order but that of random ids: neither by unit nor by day', async () => {
    const stored = (await storedOf(round, SURVEY)).sort((one, other) => (one._id < other._id ? -1 : 1));
    expect(file.records.map((line) => line.B01)).toEqual(
      stored.map(({ answers }) => String(answers.B01 ?? '')),
    );
    const runs = file.records.filter((line, at) => line['Mã đơn vị'] !== file.records[at - 1]?.['Mã đơn vị']);
    expect(runs.length).toBeGreaterThan(50);
  });

  it('is for leaders as well', async () => {
    const leader = await agentOf(product, 'leader');
    await leader.get(`/van-phong/dot/${round}/phieu/${SURVEY}.csv`).expect(200);
  });
});

describe('single responses about procedures', () => {
  it('have codes that stay text and a column for each option that could be chosen', async () => {
    const desk = (code: string) => unitRow(code, [], `Bộ phận Một cửa ${code}`);
    ({ round: desks } = await openedRound(product, [desk('MC1'), desk('MC2')], {
      subject: 'procedure',
      label: 'Một cửa',
      units: ['MC1', 'MC2'],
    }));
    const store = (unit: string, service: string, people: number, seed: number) =>
      storeMade(product.context, { round: desks, unit, survey: 'citizens-tthc', service }, people, seed);
    await store('MC1', '2.002854', 60, 21);
    await store('MC2', '2.002854', 45, 22);
    await store('MC1', '2.001914', 2, 23);
    await office.post(`/van-phong/dot/${desks}/dong`).expect(303);
    const { records, headings } = await taken(desks, 'citizens-tthc');
    expect(headings).toContain('F01_website');
    expect(headings).not.toContain('F01');
    expect(new Set(records.map((line) => line['Mã dịch vụ']))).toEqual(new Set(["'2.002854"]));
    // Those of MC1 are left out: with them, the two who rated another procedure there could be told from the total.
    expect(records).toHaveLength(45);
    const stored = await storedOf(desks, 'citizens-tthc');
    const chose = stored.filter(
      ({ unit, answers }) => unit === 'MC2' && (answers.F01 as string[]).includes('website'),
    );
    expect(records.filter((line) => line.F01_website === '1')).toHaveLength(chose.length);
    const known = ['F02', 'F03', 'F04', 'F05', 'F06', 'F07', 'H01', 'H02', 'H03'];
    const shared = grouped(records, (line) =>
      [line['Mã đơn vị'], ...known.map((code) => line[code])].join('|'),
    );
    for (const [what, lines] of shared) expect([what, lines.length >= MINIMUM]).toEqual([what, true]);
  });

  it('of a survey that only few answered have no row at all', async () => {
    const { round: few } = await openedRound(product, [unitRow('V1', ['mam-non'])], {
      surveys: ['parents-mam-non'],
      label: 'Ít phiếu',
    });
    const place = { round: few, unit: 'V1', survey: 'parents-mam-non', service: 'mam-non' };
    await storeMade(product.context, place, 4, 9);
    await office.post(`/van-phong/dot/${few}/dong`).expect(303);
    expect((await taken(few, 'parents-mam-non')).rows).toEqual([]);
  });
});

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

type StoredResponse = { _id: string; unit: string; service: string; answers: Record<string, unknown> };

async function storedOf(of: string, survey: string): Promise<StoredResponse[]> {
  const found = await mongoose.connection.collection('responses').find({ round: of, survey }).toArray();
  return found as unknown as StoredResponse[];
}

async function taken(of: string, survey: string): Promise<WholeFile> {
  return wholeFile((await office.get(`/van-phong/dot/${of}/phieu/${survey}.csv`).expect(200)).text);
}

function cellOf({ code }: Item, answers: Record<string, unknown>): string {
  return String(answers[code] ?? '');
}

function surveyOf(id: string) {
  const survey = product.context.surveys.get(id);
  if (!survey) throw new Error(`no survey ${id}`);
  return survey;
}
