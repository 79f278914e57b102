import { randomBytes } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { type Answer, addResponses } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import { textsOf } from '../charts/figures.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { rowsOf } from './page.js';

const SURVEY = 'parents-thcs';
let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
});
afterAll(dropDatabase);

/** One person of a group: levels by the first letter of an item's code, 4 where none is named; undefined is a blank. */
interface Person {
  readonly channel: 'link' | 'qr' | 'paper' | 'kiosk';
  readonly levels?: Readonly<Record<string, number | undefined>>;
  readonly expectation?: number;
}

describe('of a group that is hidden', () => {
  it('no figure is shown, nor any factor of a group from which it could be computed', async () => {
    const round = await roundOf([
      ...people(12, { channel: 'link' }),
      ...people(7, { channel: 'qr' }),
      ...people(3, { channel: 'paper' }),
    ]);
    const rows = await channels(round);
    expect(rows.find(([name]) => name === 'Đường dẫn')?.slice(5)).toEqual([
      ...Array(5).fill('100,0 %'),
      '100,0 %',
      '80,0 %',
      '100,0 %',
      '0,0 %',
      '0,0 %',
    ]);
    for (const name of ['Mã QR', 'Phiếu giấy'])
      expect(rows.find((row) => row[0] === name)?.slice(2)).toEqual(['ẩn', '–', '–', ...Array(10).fill('–')]);
  });

  it('nothing is in its files but that it is hidden', async () => {
    const round = await roundOf([
      ...people(12, { channel: 'link' }),
      ...people(11, { channel: 'kiosk' }),
      ...people(7, { channel: 'qr' }),
      ...people(3, { channel: 'paper' }),
    ]);
    const [whole, factors] = [await channelsFile(round, 'kenh'), await channelsFile(round, 'kenh-linh-vuc')];
    const texts = await channelsPicture(round);
    for (const name of ['Mã QR', 'Phiếu giấy']) {
      const { Nhóm: _name, 'Số phiếu': _responses, 'Ghi chú': note, ...figures } = whole.get(name) ?? {};
      expect(note).toMatch(/^ẩn/);
      expect(Object.keys(figures).length).toBeGreaterThan(15);
      expect(new Set(Object.values(figures))).toEqual(new Set(['']));
      const { Nhóm: _group, ...ofFactors } = factors.get(name) ?? {};
      expect(Object.keys(ofFactors)).toHaveLength(10);
      expect(new Set(Object.values(ofFactors))).toEqual(new Set(['']));
    }
    expect(whole.get('Đường dẫn')?.['Tỷ lệ hài lòng (%)']).toBe('100.0');
    expect(factors.get('Đường dẫn')?.['Lĩnh vực A: tỷ lệ hài lòng (%)']).toBe('100.0');
    expect(texts.filter((text) => text === 'Ẩn: quá ít người trả lời')).toHaveLength(2);
    expect(texts.filter((text) => /^n = /.test(text))).toHaveLength(2);
  });

  it('because few answered one factor: its total stays, its factors go, and those of another group with it', async () => {
    const blank = { levels: Object.fromEntries(['E'].map((code) => [code, undefined])) };
    const round = await roundOf([
      ...people(12, { channel: 'link' }),
      ...people(9, { channel: 'qr' }),
      ...people(3, { channel: 'paper' }),
      ...people(6, { channel: 'paper', ...blank }),
    ]);
    const rows = await channels(round);
    expect(rows.map((row) => [row[0], row[2]?.slice(0, 7), row.slice(5, 10).join(' ')])).toEqual([
      ['Đường dẫn', '100,0 %', Array(5).fill('100,0 %').join(' ')],
      ['Phiếu giấy', '100,0 %', Array(5).fill('–').join(' ')],
      ['Mã QR', '100,0 %', Array(5).fill('–').join(' ')],
    ]);
  });

  it('because few told their expectation: that alone is hidden, with another one', async () => {
    const round = await roundOf([
      ...people(12, { channel: 'link', expectation: 90 }),
      ...people(8, { channel: 'qr', expectation: 70 }),
      ...people(6, { channel: 'paper', expectation: -1 }),
      ...people(2, { channel: 'paper', expectation: 50 }),
    ]);
    const rows = await channels(round);
    expect(rows.map((row) => [row[0], row[2]?.slice(0, 7), row[11]])).toEqual([
      ['Đường dẫn', '100,0 %', '90,0 %'],
      ['Phiếu giấy', '100,0 %', '–'],
      ['Mã QR', '100,0 %', '–'],
    ]);
  });
});

describe('groups', () => {
  it('have the n of every share beside it', async () => {
    const round = await roundOf([
      ...people(6, { channel: 'link', levels: { A: 5, G: undefined } }),
      ...people(8, { channel: 'link', expectation: -1 }),
    ]);
    const sizes = (product.context.surveys.get(SURVEY)?.sections ?? []).flatMap(({ role, items }) =>
      role === 'factor' ? [items.length] : [],
    );
    const { text } = await office.get(`/van-phong/dot/${round}/nhom`).expect(200);
    const [, first = ''] = /<tr data-group="link">(.*?)<\/tr>/s.exec(text) ?? [];
    const [, second = ''] = /<tr data-factors-of="link">(.*?)<\/tr>/s.exec(text) ?? [];
    const n = (row: string) =>
      (rowsOf(`<tr>${row}</tr>`)[0] ?? [])
        .slice(1)
        .map((cell) => / n = ([\d.]+)$/.exec(cell)?.[1]?.replace('.', ''));
    const all = sizes.reduce((sum, each) => sum + each, 0);
    expect(n(second)).toEqual(sizes.map((size) => String(14 * size)));
    // Responses, mean and levels have none of their own; overall, expectation, people, and twice the questions put.
    expect(n(first)).toEqual([
      ...[undefined, String(14 * all), undefined, undefined],
      ...['8', '6', '14', String(14 * all), String(14 * all)],
    ]);
  });

  it('have the figures of their people, on the page and in the file alike', async () => {
    const round = await roundOf([
      ...people(6, { channel: 'link', levels: { A: 5, B: 2, G: 3 }, expectation: 60 }),
      ...people(6, { channel: 'link', levels: { B: 0, C: undefined } }),
      ...people(8, { channel: 'qr', levels: { D: 3 } }),
    ]);
    const asked = product.context.surveys.get(SURVEY);
    const sizes = new Map(
      (asked?.sections ?? []).flatMap(({ role, code, items }) =>
        role === 'factor' ? [[code, items.length] as const] : [],
      ),
    );
    const size = (code: string) => sizes.get(code) ?? 0;
    const all = [...sizes.values()].reduce((sum, each) => sum + each, 0);
    const percent = (share: number) => `${(share * 100).toFixed(1).replace('.', ',')} %`;
    const [link = [], qr = []] = await channels(round);
    expect(link.slice(5)).toEqual([
      '100,0 %',
      '0,0 %',
      '100,0 %',
      '100,0 %',
      '100,0 %',
      '50,0 %',
      '70,0 %',
      '50,0 %',
      percent((6 * size('B')) / (12 * all)),
      percent((6 * size('C')) / (12 * all)),
    ]);
    expect(qr.slice(5, 11)).toEqual(['100,0 %', '100,0 %', '100,0 %', '0,0 %', '100,0 %', '100,0 %']);
    expect(qr[12]).toBe('0,0 %');
    const { text } = await office.get(`/van-phong/dot/${round}/nhom.csv?dang=viet`).expect(200);
    const rows = parse(text, {
      bom: true,
      columns: true,
      delimiter: ';',
      relax_column_count: true,
    }) as Record<string, string>[];
    const row = rows.find((each) => each.Nhóm === 'Đường dẫn') ?? {};
    const cell = (value = '') => value.replace(' %', '');
    for (const [at, code] of [...sizes.keys()].entries())
      expect(row[`Lĩnh vực ${code}: tỷ lệ hài lòng (%)`]).toBe(cell(link[5 + at]));
    expect(row['Hài lòng chung (%)']).toBe(cell(link[10]));
    expect(row['Đáp ứng mong đợi (%)']).toBe(cell(link[11]));
    expect(row['Người có mọi câu mức 4–5 (%)']).toBe(cell(link[12]));
    expect(row['Không có ý kiến (%)']).toBe(cell(link[13]));
    expect(row['Bỏ trống (%)']).toBe(cell(link[14]));
  });
});

let rounds = 0;

function people(count: number, person: Person): Person[] {
  return Array.from({ length: count }, () => person);
}

/** A closed round at a school of its own that these people answered. */
async function roundOf(answering: readonly Person[]): Promise<string> {
  rounds += 1;
  const unit = `T${rounds}`;
  const { round } = await openedRound(product, [unitRow(unit, ['thcs'])], {
    surveys: [SURVEY],
    units: [unit],
    label: `Đợt nhóm ${rounds}`,
  });
  const asked = product.context.surveys.get(SURVEY);
  if (!asked) throw new Error('no survey');
  await addResponses(
    answering.map(({ channel, levels = {}, expectation = 80 }) => {
      const answers: Record<string, Answer> = {};
      for (const { code, kind } of itemsOf(asked)) {
        const letter = code.slice(0, 1);
        const level = letter in levels ? levels[letter] : 4;
        if (kind === 'likert' && level !== undefined) answers[code] = level;
        if (kind === 'percentage' && expectation >= 0) answers[code] = expectation;
      }
      return {
        _id: randomBytes(16).toString('base64url'),
        ...{ round, unit, survey: SURVEY, service: 'thcs', version: asked.version },
        ...{ channel, answers, language: 'vi', day: '2026-10-15' as Day, flags: [] },
      };
    }),
  );
  return round;
}

/**
 * Rows of the two tables of channels beside each other: name, responses, rate, mean, levels, factors, then the separate
 * questions and silence. Shares stand without their n.
 */
async function channels(round: string): Promise<string[][]> {
  const { text } = await office.get(`/van-phong/dot/${round}/nhom`).expect(200);
  const [whole = [], factors = []] = ['Kênh trả lời', 'Kênh trả lời – Theo lĩnh vực'].map((caption) => {
    const table = new RegExp(`<div class="table"[^>]*aria-label="${caption}">(.*?)</table>`, 's').exec(
      text,
    )?.[1];
    return rowsOf(table ?? '').slice(1);
  });
  return whole.map(([name = '', responses = '', rate = '', mean = '', levels = '', ...rest], at) => {
    expect(factors[at]?.[0]).toBe(name);
    const alone = [...(factors[at]?.slice(1) ?? []), ...rest].map((cell) => cell.replace(/ n = [\d.]+$/, ''));
    return [name, responses, rate, mean, levels, ...alone];
  });
}

/** A table of channels as a file, by name of the group. */
async function channelsFile(round: string, name: string): Promise<Map<string, Record<string, string>>> {
  const { text } = await office.get(`/van-phong/dot/${round}/nhom/bang/${name}.csv`).expect(200);
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  return new Map(rows.map((row) => [row.Nhóm ?? '', row]));
}

/** The texts of the picture of channels. */
async function channelsPicture(round: string): Promise<string[]> {
  const answer = await office.get(`/van-phong/dot/${round}/nhom/hinh/kenh.svg`).buffer(true).expect(200);
  return textsOf(answer.text ?? String(answer.body)).map((text) => text.replace(/[\s\u00a0]+/g, ' '));
}
