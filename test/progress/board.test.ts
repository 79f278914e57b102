import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { setQuotas } from '../../models/roundUnits.js';
import { storeUnits } from '../../models/units.js';
import { readList } from '../../server/lists/readList.js';
import { closeRound, createRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { figureOf, rowsOf } from '../results/page.js';
import { storeOnDay } from './answered.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let links: Map<string, string>;

// Twenty days after the opening, of sixty-one.
beforeAll(async () => {
  product = await startTestApp('2026-10-21');
  office = await officeAgent(product);
  ({ round, links } = await openedRound(product, [
    unitRow('SO', [], 'Sở Giáo dục và Đào tạo'),
    { ...unitRow('XA1', [], 'Xã Bình Sơn'), parent: 'SO' },
    { ...unitRow('XA2', [], 'Phường Trà Câu'), parent: 'SO' },
    { ...unitRow('A', ['thcs'], 'Trường THCS Hoa Sen'), parent: 'XA1', enrolment: 200 },
    { ...unitRow('B', ['thcs'], 'Trường THCS Đại Lộc'), parent: 'XA1', enrolment: 300 },
    { ...unitRow('C', ['thcs'], 'Trường THCS Núi Thành'), parent: 'XA1' },
    { ...unitRow('D', ['thcs'], 'Trường THCS Sông Vệ'), parent: 'XA2', enrolment: 100 },
    { ...unitRow('E', ['thpt'], 'Trường THPT Năm'), parent: 'SO', enrolment: 900 },
  ]));
  await setQuotas(round, [
    { unit: 'A', quota: 20, forms: 40 },
    { unit: 'B', quota: 100, forms: 200 },
    { unit: 'D', quota: 30, forms: 60 },
    { unit: 'E', quota: 50, forms: null },
  ]);
  // A is done, B comes at one a day, C has no quota, nothing came from D, E comes at two a day.
  await add('A', '2026-10-05', 25);
  for (let day = 11; day <= 20; day++) await add('B', `2026-10-${day}`, 1);
  await add('C', '2026-10-07', 3);
  for (let day = 14; day <= 20; day++) await add('E', `2026-10-${day}`, 2);
  await add('E', '2026-10-21', 1);
});
afterAll(dropDatabase);

describe('the progress board is refused', () => {
  it('for a round that does not exist, and for a place that the round has not', async () => {
    for (const path of ['', '.csv', '.xlsx', '/nhac'])
      await office.get(`/van-phong/dot/khong-co/tien-do${path}`).expect(404);
    for (const place of ['XA9', '__proto__', '$ne', 'x'.repeat(500)])
      await office.get(board(`?duoi=${encodeURIComponent(place)}`)).expect(404);
  });

  it('with nothing that is asked for oddly', async () => {
    for (const query of [
      '?sap=-',
      '?sap=toString',
      '?xem[]=don-vi',
      '?loc=%00',
      '?tim=(',
      '?duoi[$ne]=1',
      '?trang=-1',
    ])
      await office.get(board(query)).expect(200);
  });
});

describe('the progress board', () => {
  it('says of a draft what to do first', async () => {
    const code = await createRound(product.context, draft(product.context, { label: 'Nháp' }));
    const page = await office.get(`/van-phong/dot/${code}/tien-do`).expect(200);
    expect(page.text).toContain('Đợt chưa mở nên chưa có phiếu');
  });

  it('sums over places, and a unit that has too many helps no other', async () => {
    const page = await office.get(board()).expect(200);
    expect(figureOf(page.text, 'Số phiếu đã nhận')).toEqual({ value: '53', note: 'Chỉ tiêu 200 phiếu' });
    // 25 + 10 + 0 + 15 of 200; B still lacks 90, D 30, E 35.
    expect(figureOf(page.text, 'So với chỉ tiêu')).toEqual({ value: '25,0 %', note: 'Còn thiếu 155 phiếu' });
    // 50 of 1500 learners; C has no enrolment and does not count.
    expect(figureOf(page.text, 'Tỷ lệ trả lời')).toMatchObject({ value: '3,3 %' });
    expect(figureOf(page.text, 'Đơn vị chậm')).toMatchObject({ value: '2' });
    // 35 of 120 for the commune: what C collects without a quota does not count there.
    const rows = rowsOf(page.text).slice(1);
    expect(rows.map(([, received]) => received)).toEqual(['0 / 30', '38 / 120', '15 / 50']);
    expect(rows.map(([name]) => name)).toEqual([
      expect.stringMatching(/^Phường Trà Câu 1 đơn vị .*1 đơn vị chậm$/),
      expect.stringMatching(/^Xã Bình Sơn 3 đơn vị/),
      expect.stringMatching(/^Trường THPT Năm/),
    ]);
  });

  it('tells of each unit how it stands, its pace and what is expected at the close', async () => {
    const page = await office.get(board('?xem=don-vi&sap=ten')).expect(200);
    const rowOf = (unit: string) =>
      rowsOf(new RegExp(`<tr data-unit="${unit}".*?</tr>`, 's').exec(page.text)?.[0] ?? '')[0] ?? [];
    const [, received, quota, share, rate, pace, expected, latest, standing] = rowOf('B');
    expect([received, quota, share, rate]).toEqual(['10 / 100', '100', '10,0 %', '3,3 % 5,0 % phiếu phát']);
    expect(pace).toBe('1');
    // Forty days after today, and today: 10 + 41; Poisson: 1.44 √(41 (1 + 41/7)) = 24.1.
    expect(expected).toBe('51 26–76');
    expect([latest, standing]).toEqual(['20/10/2026', 'Chậm']);
    expect(rowOf('A').at(-1)).toBe('Đã đủ');
    expect(rowOf('C').at(-1)).toBe('Không chỉ tiêu');
    expect(rowOf('D').slice(-2)).toEqual(['–', 'Chưa có phiếu']);
    expect(rowOf('E').slice(-4)).toEqual(['2 hôm nay 1', '96 62–130', '21/10/2026', 'Đúng tiến độ']);
  });

  it('opens a place, and says where one is', async () => {
    const page = await office.get(board('?duoi=XA1')).expect(200);
    expect(page.text).toMatch(/<span aria-current="page">Xã Bình Sơn<\/span>/);
    expect(rowsOf(page.text)).toHaveLength(4);
    expect(figureOf(page.text, 'Số phiếu đã nhận')?.value).toBe('38');
  });

  it('finds without diacritics, shows only what lags, and sorts either way', async () => {
    const codes = async (query: string) =>
      [
        ...(await office.get(board(`?xem=don-vi&${query}`)).expect(200)).text.matchAll(
          /<tr data-unit="(\w+)"/g,
        ),
      ].map(([, code]) => code);
    expect(await codes('tim=dai%20loc')).toEqual(['B']);
    expect(await codes('tim=binh+son&sap=ten')).toEqual(['B', 'A', 'C']);
    expect(await codes('loc=cham')).toEqual(['D', 'B']);
    expect(await codes('sap=-phieu')).toEqual(['A', 'E', 'B', 'C', 'D']);
    // What has no quota comes last either way.
    expect(await codes('sap=ty-le')).toEqual(['D', 'B', 'E', 'A', 'C']);
    expect(await codes('sap=-ty-le')).toEqual(['A', 'E', 'B', 'D', 'C']);
  });

  it('is given without the page around it to the script that renews it', async () => {
    const part = await office.get(board('?xem=don-vi&phan=bang')).expect(200);
    expect(part.text).not.toContain('<html');
    expect(part.text).toContain('data-unit="A"');
    expect(part.text).toContain('action="/van-phong/dot/');
    expect(part.text).not.toContain('value="bang"');
  });

  it('counts an answer of this minute', async () => {
    await add('D', '2026-10-21', 1);
    const page = await office.get(board('?duoi=XA2')).expect(200);
    expect(figureOf(page.text, 'Số phiếu đã nhận')?.value).toBe('1');
  });
});

describe('the board as a file', () => {
  it('has every unit with numbers that can be added up, and is in the log', async () => {
    const csv = await office.get(board('.csv?duoi=XA1&sap=ten')).expect(200);
    const lines = csv.text.trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(
      '"B","Trường THCS Đại Lộc","Sở Giáo dục và Đào tạo › Xã Bình Sơn",100,10,10,90,300,3.3,200,5,1,51,26,76,"2026-10-20","Chậm"',
    );
    expect((await entriesOf('progress-exported', 1))[0]).toMatchObject({
      subject: round,
      details: { rows: 3 },
    });
    const xlsx = await office.get(board('.xlsx')).responseType('blob').expect(200);
    expect((await readList(xlsx.body as Buffer)).lines).toHaveLength(6);
  });
});

describe('a reminder', () => {
  it('names the units of one place that lag, with what they have, what they lack and their link', async () => {
    const page = await office.get(board('/nhac?duoi=XA1')).expect(200);
    const text = /<textarea[^>]*>(.*?)<\/textarea>/s.exec(page.text)?.[1] ?? '';
    expect(text).toContain('Kính gửi các đơn vị thuộc Xã Bình Sơn,');
    expect(text).toContain('nhận phiếu đến hết ngày 30/11/2026');
    expect(text).toMatch(
      new RegExp(
        `1\\. Trường THCS Đại Lộc: 10/100 phiếu, còn thiếu 90\\. Đường dẫn: http://[^/]+/k/${links.get('B')}`,
      ),
    );
    expect(text).not.toMatch(/Hoa Sen|Núi Thành|Sông Vệ|THPT Năm/);
  });

  it('is offered for each place where somebody lags, and for no other', async () => {
    const page = await office.get(board('/nhac')).expect(200);
    expect(page.text).not.toContain('<textarea');
    expect([...page.text.matchAll(/data-place="(\w*)"/g)].map(([, code]) => code)).toEqual(['XA2', 'XA1']);
    const other = await office.get(board('/nhac?duoi=SO')).expect(200);
    expect(other.text).not.toContain('<textarea');
  });

  it('is in Vietnamese whatever language the page is in', async () => {
    const page = await office.get(board('/nhac?duoi=XA1&lang=en')).expect(200);
    expect(page.text).toContain('Kính gửi các đơn vị thuộc');
  });
});

describe('a round that is over', () => {
  it('expects nothing any more, and says who missed the quota', async () => {
    await closeRound(round, '2026-10-21' as Day);
    await storeUnits([{ ...unitRow('XA1', [], 'Xã Đổi Tên'), parent: 'SO' }]);
    const page = await office.get(board('?xem=don-vi')).expect(200);
    expect(figureOf(page.text, 'Dự kiến khi đóng đợt')).toBeUndefined();
    expect(page.text).toContain('đã hết ngày nhận phiếu');
    expect(rowsOf(page.text).filter((row) => row.at(-1) === 'Không đủ')).toHaveLength(3);
    // The tree is that of the round.
    expect(page.text).toContain('Xã Bình Sơn');
    expect(page.text).not.toContain('Xã Đổi Tên');
  });
});

function board(more = ''): string {
  return `/van-phong/dot/${round}/tien-do${more}`;
}

function add(unit: string, day: string, count: number): Promise<void> {
  const level = unit === 'E' ? 'thpt' : 'thcs';
  return storeOnDay({ round, unit, survey: `parents-${level}`, service: level }, day, count);
}
