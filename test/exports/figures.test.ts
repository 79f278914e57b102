/** Every column of every file of figures, counted again from the responses as they are stored. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { storeMade } from './made.js';
import {
  factorItems,
  overallItem,
  type PlainFigure,
  plainExpectation,
  plainFigure,
  plainPeople,
  type Stored,
  share,
} from './plainFigures.js';
import { wholeFile } from './wholeFile.js';

type Line = Readonly<Record<string, string>>;

const HIDDEN_NOTE = 'ẩn: quá ít người, hoặc sẽ làm lộ số liệu của quá ít người';

let product: TestApp;
let office: TestAgent;
let now: string;
let before: string;
let later: string;
let stored: Stored[];
let storedBefore: Stored[];
let storedLater: Stored[];

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  const area = (code: string, levels: string[], of: string, parent: string | null = null) => ({
    ...unitRow(code, levels),
    area: of,
    parent,
  });
  const units = [
    unitRow('P1', []),
    unitRow('P2', []),
    area('C1', ['thcs'], 'Đô thị', 'P1'),
    area('C2', ['thcs', 'thpt'], 'Nông thôn', 'P1'),
    area('C3', ['thpt'], 'Nông thôn', 'P2'),
    area('C4', ['thcs'], 'Miền núi', 'P2'),
  ];
  const surveys = ['parents-thcs', 'parents-thpt', 'students-thpt'];
  const fill = async (round: string, seed: number, small: number) => {
    const at = (unit: string, survey: string, service: string, people: number, plus: number) =>
      storeMade(product.context, { round, unit, survey, service }, people, seed + plus);
    await at('C1', 'parents-thcs', 'thcs', 41, 1);
    await at('C2', 'parents-thcs', 'thcs', 23, 2);
    await at('C2', 'parents-thpt', 'thpt', 37, 3);
    await at('C2', 'students-thpt', 'thpt', 52, 4);
    await at('C3', 'parents-thpt', 'thpt', 29, 5);
    await at('C3', 'students-thpt', 'thpt', 31, 6);
    await at('C4', 'parents-thcs', 'thcs', small, 7);
  };
  ({ round: before } = await openedRound(product, units, { surveys, label: 'Đợt 1 năm 2026' }));
  await fill(before, 100, 33);
  await office.post(`/van-phong/dot/${before}/dong`).expect(303);
  product.setToday('2027-01-15');
  ({ round: now } = await openedRound(product, units, {
    surveys,
    label: 'Đợt 2 năm 2026',
    opens: '2027-01-01' as Day,
    closes: '2027-01-31' as Day,
  }));
  // Too few to be shown, and with them whatever would give them away.
  await fill(now, 200, 3);
  await office.post(`/van-phong/dot/${now}/dong`).expect(303);
  product.setToday('2027-04-15');
  ({ round: later } = await openedRound(product, units, {
    surveys,
    label: 'Đợt 1 năm 2027',
    opens: '2027-04-01' as Day,
    closes: '2027-04-30' as Day,
  }));
  await fill(later, 300, 19);
  stored = await allOf(now);
  storedLater = await allOf(later);
  storedBefore = await allOf(before);
}, 60_000);
afterAll(dropDatabase);

describe('the file of rates', () => {
  it('has every figure of every service of every unit', async () => {
    const { records } = await file('ty-le.csv');
    let shown = 0;
    for (const line of records) {
      const of = stored.filter(
        ({ unit, service }) => unit === line['Mã đơn vị'] && service === line['Mã dịch vụ'],
      );
      expect(line['Số phiếu']).toBe(String(of.length));
      if (line['Ghi chú'] === HIDDEN_NOTE) continue;
      shown += 1;
      expectSummary(line, of);
    }
    expect(records).toHaveLength(5);
    expect(shown).toBe(3);
  });
});

describe('the file of items', () => {
  it('has every figure of every factor and item, over all units and at each', async () => {
    const { records } = await file('tieu-chi.csv');
    let shown = 0;
    for (const line of records) {
      const survey = surveyOf(line);
      const of = stored.filter(
        ({ unit, service, survey: asked }) =>
          asked === survey.id &&
          service === line['Mã dịch vụ'] &&
          ['', unit].includes(line['Mã đơn vị'] ?? '?'),
      );
      if (line['Ghi chú'] === HIDDEN_NOTE) {
        expect(figureCells(line)).toEqual(['', '', '', '', '']);
        continue;
      }
      shown += 1;
      const code = line['Mã tiêu chí'] ?? '';
      const items: Record<string, string[]> = {
        Chung: factorItems(survey),
        'Hài lòng chung': [overallItem(survey, 'likert')],
        'Lĩnh vực': factorItems(survey, code),
        'Tiêu chí': [code],
      };
      const figure = plainFigure(of, () => items[line.Loại ?? ''] ?? []);
      expectFigure(line, figure);
      expect(levelShares(figure)).toEqual([1, 2, 3, 4, 5].map((level) => line[`Mức ${level} (%)`]));
      expect(silence(figure)).toEqual([line['Không có ý kiến (%)'], line['Bỏ trống (%)']]);
      expect(line['Nội dung']).toBe(wordsOf(survey, line.Loại ?? '', code));
    }
    expect(shown).toBeGreaterThan(200);
  });
});

describe('the long form', () => {
  it('has count and share of every level of every item at every unit, which add up', async () => {
    const { records } = await file('muc-do.csv');
    const places = new Map<string, Line[]>();
    for (const line of records) {
      const key = `${line['Mã đơn vị']} ${line['Người trả lời']} ${line['Mã tiêu chí']}`;
      places.set(key, [...(places.get(key) ?? []), line]);
    }
    let shown = 0;
    for (const lines of places.values()) {
      expect(lines.map((line) => line.Mức)).toEqual(['1', '2', '3', '4', '5', '0', 'blank']);
      const [line = {}] = lines;
      const counts = lines.map((each) => each['Số câu trả lời ở mức']);
      const shares = lines.map((each) => each['Tỷ trọng (%)']);
      if (line['Ghi chú'] === HIDDEN_NOTE) {
        expect([...counts, ...shares].join('')).toBe('');
        continue;
      }
      shown += 1;
      const survey = surveyOf(line);
      const of = stored.filter(
        ({ unit, survey: asked }) => unit === line['Mã đơn vị'] && asked === survey.id,
      );
      const figure = plainFigure(of, () => [line['Mã tiêu chí'] ?? '']);
      expect(counts).toEqual(figure.counts.map(String));
      expect(shares).toEqual([...levelShares(figure), ...silence(figure)]);
    }
    expect(shown).toBeGreaterThan(100);
  });

  it('hides of a small unit what the pages hide, counts and shares alike', async () => {
    const { records } = await file('muc-do.csv');
    const small = records.filter((line) => line['Mã đơn vị'] === 'C4');
    expect(small.length).toBeGreaterThan(100);
    for (const line of small)
      expect([line['Số câu trả lời ở mức'], line['Tỷ trọng (%)'], line['Ghi chú']]).toEqual([
        '',
        '',
        HIDDEN_NOTE,
      ]);
  });
});

describe('the file of groups', () => {
  it('has every figure of every channel, area, upper unit and attribute', async () => {
    const { records } = await file('nhom.csv');
    const audiences = new Map(
      [...product.context.surveys.values()].map((survey) => [survey.audience.vi, survey]),
    );
    const channels: Record<string, string> = { 'Đường dẫn': 'link', 'Mã QR': 'qr', 'Phiếu giấy': 'paper' };
    const parents: Record<string, string[]> = { 'Trường P1': ['C1', 'C2'], 'Trường P2': ['C3', 'C4'] };
    const areas: Record<string, string[]> = {
      'Đô thị': ['C1'],
      'Nông thôn': ['C2', 'C3'],
      'Miền núi': ['C4'],
    };
    const kinds = new Set<string>();
    for (const line of records) {
      const [kind = '', name = ''] = [line['Loại nhóm'], line.Nhóm];
      if (kind === 'Cách tính chung') continue;
      const within = (response: Stored): boolean => {
        if (kind === 'Địa bàn') return areas[name]?.includes(response.unit) ?? false;
        if (kind === 'Khối đơn vị') return parents[name]?.includes(response.unit) ?? false;
        if (kind === 'Kênh trả lời') return channels[name] === response.channel;
        const [audience = '', ...text] = (line['Câu hỏi'] ?? '').split(': ');
        const survey = audiences.get(audience);
        const item = survey && itemsOf(survey).find((each) => each.text.vi === text.join(': '));
        if (item?.kind !== 'single') throw new Error(`no question ${line['Câu hỏi']}`);
        const option = item.options.find((each) => each.text.vi === name);
        return response.survey === survey?.id && response.answers[item.code] === option?.code;
      };
      const of = stored.filter(within);
      kinds.add(kind);
      expect([kind, name, line['Số phiếu']]).toEqual([kind, name, String(of.length)]);
      if (line['Ghi chú'] === HIDDEN_NOTE) continue;
      const figure = plainFigure(of, allItems);
      expectFigure(line, figure);
      expect(line['Số người có câu trả lời']).toBe(String(figure.people));
    }
    expect(kinds.size).toBe(4);
  });

  it('has the overall rate in each way of putting it together', async () => {
    const { text } = await office.get(`/van-phong/dot/${before}/nhom.csv`).expect(200);
    const ways = wholeFile(text).records.filter((line) => line['Loại nhóm'] === 'Cách tính chung');
    const all = storedBefore;
    const pooled = plainFigure(all, allItems);
    const mean = (figures: PlainFigure[]) => {
      const rates = figures.flatMap(({ exact }) => exact?.rate ?? []);
      return ((100 * rates.reduce((sum, rate) => sum + rate, 0)) / rates.length).toFixed(1);
    };
    const surveys = [...new Set(all.map(({ survey }) => survey))].map((id) => surveyById(id));
    const bySurvey = surveys.map(({ id }) =>
      plainFigure(
        all.filter(({ survey }) => survey === id),
        allItems,
      ),
    );
    const byKind = [...new Set(surveys.map(({ respondent }) => respondent))].map((respondent) =>
      plainFigure(
        all.filter(({ survey }) => surveyById(survey).respondent === respondent),
        allItems,
      ),
    );
    const byFactor = ['A', 'B', 'C', 'D', 'E'].map((factor) =>
      plainFigure(all, (survey) => factorItems(surveyById(survey), factor)),
    );
    expect(ways.map((line) => [line.Nhóm, line['Tỷ lệ hài lòng (%)']])).toEqual([
      ['Gộp mọi câu trả lời', pooled.rate],
      ['Trung bình cộng các nhóm dịch vụ – người trả lời', mean(bySurvey)],
      ['Trung bình cộng các loại người trả lời', mean(byKind)],
      ['Trung bình cộng các lĩnh vực', mean(byFactor)],
    ]);
    expect(ways[0]).toMatchObject({
      'Khoảng tin cậy 95 %, cận dưới (%)': pooled.low,
      'Khoảng tin cậy 95 %, cận trên (%)': pooled.high,
    });
  });
});

describe('the file of a comparison', () => {
  it('has rates of both rounds, their difference with Newcombe’s interval, and what may be said of it', async () => {
    const { text } = await office.get(`/van-phong/dot/${later}/so-sanh.csv?so-voi=${before}`).expect(200);
    const { records } = wholeFile(text);
    const seen = new Map<string, number>();
    for (const line of records) {
      const [kind = '', code = '', name = ''] = [line.Loại, line.Mã, line.Tên];
      const [of, earlier] = [storedLater, storedBefore].map((responses) =>
        comparedOf(responses, kind, code, name),
      ) as [PlainFigure, PlainFigure];
      const cells = [
        'Tỷ lệ hài lòng (%)',
        'Tỷ lệ đợt trước (%)',
        'Chênh lệch (điểm %)',
        'Chênh lệch, cận dưới',
        'Chênh lệch, cận trên',
        'Nhận định',
      ].map((each) => line[each]);
      expect(line['Đợt so sánh']).toBe('Đợt 1 năm 2026');
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      expect([name, ...cells]).toEqual([name, of.rate, earlier.rate, ...newcombe(of, earlier)]);
    }
    expect(Object.fromEntries(seen)).toMatchObject({ Chung: 4, 'Lĩnh vực': 15 });
    expect(seen.get('Tiêu chí')).toBeGreaterThan(60);
    expect(seen.get('Đơn vị')).toBe(4);
  });
});

/** What a line of the comparison is of. */
function comparedOf(responses: readonly Stored[], kind: string, code: string, name: string): PlainFigure {
  if (kind === 'Đơn vị')
    return plainFigure(
      responses.filter(({ unit }) => unit === code),
      allItems,
    );
  if (code === '') return plainFigure(responses, allItems);
  const survey = surveyById(
    [...product.context.surveys.keys()].find((id) => {
      const { audience } = surveyById(id);
      return name.split(': ')[0]?.endsWith(` – ${audience.vi}`);
    }) ?? '',
  );
  const of = responses.filter((response) => response.survey === survey.id);
  if (kind === 'Chung') return plainFigure(of, allItems);
  return plainFigure(of, () => (kind === 'Lĩnh vực' ? factorItems(survey, code) : [code]));
}

/** Newcombe (1998), method 10, in percentage points. */
function newcombe(one: PlainFigure, other: PlainFigure): string[] {
  if (!one.exact || !other.exact) return ['', '', '', ''];
  const [p, q] = [one.exact, other.exact];
  const difference = p.rate - q.rate;
  const low = difference - Math.hypot(p.rate - p.low, q.high - q.rate);
  const high = difference + Math.hypot(p.high - p.rate, q.rate - q.low);
  const points = (value: number) => (Math.round(1000 * value) / 10 + 0).toFixed(1).replace('-0.0', '0.0');
  return [
    points(difference),
    points(low),
    points(high),
    low > 0 ? 'Tăng' : high < 0 ? 'Giảm' : 'Chưa đủ cơ sở kết luận',
  ];
}

function expectSummary(line: Line, of: readonly Stored[]): void {
  const figure = plainFigure(of, allItems);
  expectFigure(line, figure);
  const people = plainPeople(of, allItems);
  expect(line).toMatchObject({
    'Số người có câu trả lời': String(figure.people),
    'Đáp ứng mong đợi (%)': plainExpectation(of, (id) => overallItem(surveyById(id), 'percentage')),
    'Hài lòng chung (%)': plainFigure(of, (id) => [overallItem(surveyById(id), 'likert')]).rate,
    'Người có mọi câu mức 4–5 (%)': people.allFavourable,
    'Người có điểm trung bình từ 4 (%)': people.meanAtLeastFour,
  });
}

function expectFigure(line: Line, { answered, rate, low, high, mean }: PlainFigure): void {
  expect(figureCells(line)).toEqual([answered, rate, low, high, mean]);
}

function figureCells(line: Line): (string | undefined)[] {
  return [
    'Số câu trả lời (n)',
    'Tỷ lệ hài lòng (%)',
    'Khoảng tin cậy 95 %, cận dưới (%)',
    'Khoảng tin cậy 95 %, cận trên (%)',
    'Điểm trung bình (1–5)',
  ].map((name) => line[name]);
}

function levelShares({ counts, answered }: PlainFigure): string[] {
  return counts.slice(0, 5).map((count) => share(count, Number(answered)));
}

function silence({ counts }: PlainFigure): string[] {
  const asked = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(5).map((count) => share(count, asked));
}

function wordsOf(survey: Survey, kind: string, code: string): string | undefined {
  if (kind === 'Tiêu chí') return itemsOf(survey).find((item) => item.code === code)?.text.vi;
  return kind === 'Lĩnh vực' ? survey.sections.find((section) => section.code === code)?.title.vi : kind;
}

function surveyOf(line: Line): Survey {
  const survey = [...product.context.surveys.values()].find(
    ({ audience }) => audience.vi === line['Người trả lời'],
  );
  if (!survey) throw new Error(`no survey for ${line['Người trả lời']}`);
  return survey;
}

function surveyById(id: string): Survey {
  const survey = product.context.surveys.get(id);
  if (!survey) throw new Error(`no survey ${id}`);
  return survey;
}

function allItems(survey: string): string[] {
  return factorItems(surveyById(survey));
}

async function allOf(round: string): Promise<Stored[]> {
  return (await mongoose.connection.collection('responses').find({ round }).toArray()) as unknown as Stored[];
}

async function file(name: string) {
  return wholeFile((await office.get(`/van-phong/dot/${now}/${name}`).expect(200)).text);
}
