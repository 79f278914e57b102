/** What is shown of a round can be taken along: the same figures, in the same order, from an address that shows them again. */
import { parse } from 'csv-parse/sync';
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { textsOf } from '../charts/figures.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { rowsOf } from './page.js';
import { allGiving, atRandom, storeResponses } from './responses.js';

let product: TestApp;
let office: TestAgent;
let root: string;

const LABELS = [
  'Trường An Bình',
  'Trường Đức Phổ',
  'Trường Bình Sơn',
  'Trường Ít người',
  'Trường Chưa ai',
  'Trường Ít nữa',
];

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  const units = LABELS.map((name, at) => ({
    ...unitRow(`T${at + 1}`, ['thcs'], name),
    area: at < 2 ? 'K1' : 'K2',
  }));
  const { round } = await openedRound(product, units, {
    surveys: ['parents-thcs'],
    targets: [{ indicator: 'satisfaction-rate', atLeast: 80, unit: '%' }],
  });
  const store = (unit: string, people: number, answering = atRandom(people)) =>
    storeResponses(
      product.context,
      { round, unit, survey: 'parents-thcs', service: 'thcs' },
      people,
      answering,
    );
  await store('T1', 60);
  await store('T2', 35, allGiving(5));
  await store('T3', 24);
  // Two that few answered at, so that no third one is hidden for their sake.
  await store('T4', 3);
  await store('T6', 4);
  root = `/van-phong/dot/${round}`;
});
afterAll(dropDatabase);

const page = async (address: string) => (await office.get(root + address).expect(200)).text;
const csv = async (address: string): Promise<Record<string, string>[]> => {
  const { text } = await office.get(root + address).expect(200);
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  // A last line that tells the number of rows is none of them.
  return rows.filter((row) => Object.values(row)[0] !== '#');
};
const svg = async (address: string) => {
  const answer = await office
    .get(root + address)
    .buffer(true)
    .expect(200)
    .expect('Content-Type', /svg/);
  return textsOf(answer.text ?? String(answer.body)).map(plain);
};
/** Names of units in the order of a page's table. */
const unitsOn = (html: string) => [...html.matchAll(/<tr data-unit="(\w+)"/g)].map(([, unit]) => unit);
const plain = (text: string) => text.replace(/[\s\u00a0]+/g, ' ');

describe('nothing is taken along', () => {
  it.each([
    '/hinh/khong-co.svg',
    '/hinh/muc-do.gif',
    '/hinh/muc-do',
    '/bang/khong-co.csv',
    '/bang/don-vi.xlsx',
    '/tieu-chi/Z99/hinh/muc-do.svg',
    '/dich-vu/thcs/khong-co/hinh/muc-do.svg',
    '/don-vi/khong-co/bang/tieu-chi.csv',
    '/dau-hieu/hinh/muc-do.svg',
  ])('of %s', async (address) => {
    await office.get(root + address).expect(404);
  });

  it('by who is not logged in', async () => {
    const { agent } = await import('supertest');
    await agent(product.app).get(`${root}/hinh/muc-do.svg`).expect(303);
    await agent(product.app).get(`${root}/don-vi/bang/don-vi.csv`).expect(303);
  });

  it('of a unit that too few answered at, nor of one where nobody did: words stand for the figures', async () => {
    const texts = await svg('/don-vi/hinh/don-vi.svg');
    const after = (label: string) => texts.slice(texts.findIndex((text) => text.startsWith(label)));
    expect(texts).toContain('Ẩn: quá ít người trả lời');
    expect(texts).toContain('Chưa có câu trả lời');
    expect(after('Trường Chưa ai').length).toBeGreaterThan(0);
    expect(texts.join(' ')).not.toMatch(/NaN|(^| )0,0 %/);
    const rows = await csv('/don-vi/bang/don-vi.csv');
    const hidden = rows.find((row) => row['Mã đơn vị'] === 'T4');
    expect(hidden).toMatchObject({ 'Tỷ lệ hài lòng (%)': '', 'Số câu trả lời (n)': '' });
    expect(hidden?.['Ghi chú']).toMatch(/^ẩn/);
    expect(rows.find((row) => row['Mã đơn vị'] === 'T5')).toMatchObject({
      'Tỷ lệ hài lòng (%)': '',
      'Ghi chú': '',
    });
  });
});

describe('the long table of units', () => {
  it('sorts by a rate in either direction, what has none last', async () => {
    const up = unitsOn(await page('/don-vi?xep=ty-le'));
    const down = unitsOn(await page('/don-vi?xep=-ty-le'));
    expect(down.slice(0, 1)).toEqual(['T2']);
    expect(up.slice(0, 3)).toEqual(down.slice(0, 3).reverse());
    expect(new Set(up.slice(3))).toEqual(new Set(['T4', 'T5', 'T6']));
    expect(new Set(down.slice(3))).toEqual(new Set(['T4', 'T5', 'T6']));
  });

  it('says what it is sorted by', async () => {
    expect(await page('/don-vi?xep=-ty-le')).toMatch(/aria-sort="descending"><a href="[^"]*xep=ty-le#bang"/);
    expect(await page('/don-vi')).not.toContain('aria-sort');
    expect(await page('/don-vi?xep=constructor')).not.toContain('aria-sort');
  });

  it('is narrowed by words without diacritics and by area', async () => {
    expect(unitsOn(await page('/don-vi?tim=duc+pho'))).toEqual(['T2']);
    expect(unitsOn(await page('/don-vi?dia-ban=K1'))).toEqual(['T1', 'T2']);
    expect(unitsOn(await page('/don-vi?dia-ban=K2&tim=binh'))).toEqual(['T3']);
    const nothing = await page('/don-vi?tim=kh%C3%B4ng+c%C3%B3');
    expect(nothing).toContain('Không có dòng nào phù hợp');
    expect(nothing).toContain('Xem tất cả');
  });

  it('takes what its address cannot mean for nothing, and never fails', async () => {
    for (const query of [
      'xep=-',
      'xep[]=1',
      'trang=-5',
      'trang=abc',
      'trang=99999999999',
      'tim=%00%ff',
      'duoi=__proto__',
    ])
      await office.get(`${root}/don-vi?${query}`).expect(200);
  });

  it('is there alone for the script of its page', async () => {
    const part = await page('/don-vi?tim=binh&phan=bang');
    expect(unitsOn(part)).toEqual(['T1', 'T3']);
    expect(part).not.toContain('<html');
    expect(part).toMatch(/data-found>2 dòng/);
    expect(part).not.toContain('phan=bang');
  });
});

describe('a file holds what its page shows', () => {
  it('the same rows in the same order, with the same figures', async () => {
    for (const query of ['', '?xep=-ty-le', '?xep=ten&dia-ban=K1', '?tim=binh&xep=-phieu']) {
      const html = await page(`/don-vi${query}`);
      const rows = await csv(`/don-vi/bang/don-vi.csv${query}`);
      expect(rows.map((row) => row['Mã đơn vị'])).toEqual(unitsOn(html));
      const shown = rowsOf(html).filter((cells) => cells[0]?.startsWith('Trường'));
      expect(rows.map((row) => row['Tỷ lệ hài lòng (%)'])).toEqual(
        shown.map((cells) => /^([\d,]+) %/.exec(cells[3] ?? '')?.[1]?.replace(',', '.') ?? ''),
      );
      expect(html).toContain(`/don-vi/bang/don-vi.csv${query.replaceAll('&', '&amp;')}`);
    }
  });

  it('in Vietnamese form where it is asked for', async () => {
    const text = (await office.get(`${root}/bang/linh-vuc.csv?dang=viet`).expect(200)).text;
    expect(text.split('\r\n')[1]).toMatch(/;\d+,\d;/);
  });

  it('pictures of factors have the figures of the table', async () => {
    const html = await page('');
    const table = rowsOf(html).filter(
      (cells) => /[A-E]( 5:.*)?$/.test(cells[0] ?? '') && /^[\d,]+ %/.test(cells[1] ?? ''),
    );
    expect(table.length).toBeGreaterThanOrEqual(5);
    const levels = await svg('/hinh/muc-do.svg');
    const rates = await svg('/hinh/linh-vuc.svg');
    for (const cells of table.slice(0, 5)) {
      const [, rate, n] = /^([\d,]+ %).*(n = [\d.]+)$/.exec(plain(cells[1] ?? '')) ?? [];
      expect(levels).toContain(rate);
      expect(levels).toContain(n);
      expect(rates).toContain(rate);
      expect(rates).toContain(n);
    }
    expect(rates).toContain('Chỉ tiêu: ≥ 80 %');
  });

  it('a picture on a page is the one in the file, without style attributes', async () => {
    const html = await page('');
    const answer = await office.get(`${root}/hinh/muc-do.svg`).buffer(true).expect(200);
    const file = answer.text ?? String(answer.body);
    expect(html).toContain(file);
    expect(html).not.toMatch(/\sstyle=/);
    const png = await office
      .get(`${root}/hinh/muc-do.png`)
      .buffer(true)
      .expect(200)
      .expect('Content-Type', /png/);
    expect((png.body as Buffer).subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  it.each(['/tieu-chi/A01', '/don-vi/T1', '/dich-vu/thcs/parents-thcs'])(
    'every picture and table that %s offers is there',
    async (address) => {
      const html = await page(address);
      const files = [...html.matchAll(/href="[^"]*\/((?:hinh|bang)\/[a-z0-9-]+\.\w+)(?:\?[^"]*)?"/g)].map(
        ([, file]) => file,
      );
      expect(files.length).toBeGreaterThanOrEqual(4);
      for (const file of new Set(files)) await office.get(`${root}${address}/${file}`).expect(200);
    },
  );

  it('who takes one away is in the audit log, with its address', async () => {
    await office.get(`${root}/hinh/dich-vu.svg`).expect(200);
    await office.get(`${root}/don-vi/bang/don-vi.csv?xep=ten`).expect(200);
    const entries = await vi.waitFor(async () => {
      const found = await mongoose.connection
        .collection('auditEntries')
        .find({ subject: root.split('/').at(-1) })
        .sort({ _id: -1 })
        .limit(3)
        .toArray();
      // That all of it was sent is known after it was.
      expect(found.map(({ action }) => action)).toEqual([
        'export-whole',
        'table-exported',
        'picture-exported',
      ]);
      return found;
    });
    expect(entries[0]?.details).toMatchObject({ rows: 6 });
    expect(entries[1]?.details).toEqual({ address: `${root}/don-vi/bang/don-vi.csv?xep=ten` });
  });
});

describe('the overview', () => {
  it('ranks no item that is hidden, and none twice', async () => {
    const html = await page('');
    const [best = [], lowest = []] = ['best', 'lowest'].map((end) => {
      const list = new RegExp(`data-ranks="${end}">(.*?)</ol>`, 's').exec(html)?.[1] ?? '';
      return [...list.matchAll(/tieu-chi\/(\w+)"/g)].map(([, code]) => code);
    });
    expect(best).toHaveLength(5);
    expect(lowest).toHaveLength(5);
    expect(new Set([...best, ...lowest]).size).toBe(10);
  });
});
