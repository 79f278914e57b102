/**
 * Every page of figures, the office's, the public ones and a unit's own: each table and each picture on it can be taken
 * along as it stands, each picture has its figures in a table, and no share stands without its n.
 */
import { parse } from 'csv-parse/sync';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { textsOf } from '../charts/figures.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { closedRound, publishByPage } from '../publishing/rounds.js';
import { rowsOf } from './page.js';

let product: TestApp;
let office: TestAgent;
let everybody: TestAgent;
let round: string;

const OFFICE = [
  '',
  '/don-vi',
  '/don-vi?xep=-ty-le&tim=q',
  '/don-vi/Q1',
  '/don-vi/Q3',
  '/don-vi/XA1',
  '/don-vi/SO?xep=ten',
  '/tieu-chi/A01',
  '/dich-vu/thcs/parents-thcs',
  '/dich-vu/thpt/students-thpt',
  '/so-sanh',
  '/nhom',
];
const PUBLIC = [
  '',
  '?ban=1',
  '/don-vi',
  '/don-vi?tim=q&dich-vu=thcs',
  '/don-vi/Q1',
  '/don-vi/SO',
  '/so-sanh',
];

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  everybody = supertest.agent(product.app);
  const earlier = await closedRound(product, { label: 'Đợt 1 năm 2026', opens: '2026-09-01' as Day });
  expect((await publishByPage(office, earlier)).status).toBe(303);
  round = await closedRound(product, {
    targets: [{ indicator: 'satisfaction-rate', atLeast: 60, unit: '%' }],
  });
  expect((await publishByPage(office, round)).status).toBe(303);
});
afterAll(dropDatabase);

const PAGES = [
  ...OFFICE.map((path) => `/van-phong/dot/:round${path}`),
  ...PUBLIC.map((path) => `/ket-qua/:round${path}`),
  '/van-phong/co-so/Q1/ket-qua/:round',
  '/van-phong/co-so/XA1/ket-qua/:round',
];

async function opened(page: string): Promise<{ agent: TestAgent; html: string }> {
  const agent = page.startsWith('/ket-qua') ? everybody : office;
  return { agent, html: (await agent.get(page.replace(':round', round)).expect(200)).text };
}

interface TableOnPage {
  readonly caption: string;
  readonly html: string;
  /** Address of its file; undefined where none stands below it. */
  readonly file: string | undefined;
}

function tablesOf(html: string): TableOnPage[] {
  return html
    .split('<div class="table')
    .slice(1)
    .map((part) => {
      const end = part.indexOf('</table>');
      const file = /href="([^"]*\/bang\/[a-z0-9-]+\.csv[^"]*)"/.exec(part.slice(end))?.[1];
      return {
        caption: /aria-label="([^"]*)"/.exec(part)?.[1] ?? '',
        html: part.slice(0, end),
        file: file?.replaceAll('&amp;', '&'),
      };
    });
}

const plain = (text: string) => text.replace(/[\s\u00a0\u2009\u202f]+/g, ' ');

describe.each(PAGES)('%s', (name) => {
  it('offers each of its tables as a file with the same rows and rates', async () => {
    const { agent, html } = await opened(name);
    const tables = tablesOf(html);
    expect(tables.length).toBeGreaterThan(0);
    const files = new Set<string>();
    for (const { caption, html: table, file } of tables) {
      expect(file, `${name}: ${caption} has no file`).toBeDefined();
      expect(files.has(file ?? ''), `${name}: ${caption} has no file of its own`).toBe(false);
      files.add(file ?? '');
      const { text } = await agent
        .get(file ?? '')
        .expect(200)
        .expect('Content-Type', /csv/);
      const csv: Record<string, string>[] = parse(text, { bom: true, columns: true });
      expect(Object.values(csv.at(-1) ?? {})[0]).toBe('#');
      const rows = rowsOf(table.slice(table.indexOf('<tbody>')));
      expect(csv.length - 1, `${name}: ${caption}`).toBe(rows.length);
      const firstRate = (cells: string[]) =>
        cells
          .slice(1)
          .map((cell) => /^([\d,]+) %/.exec(plain(cell))?.[1])
          .find((rate) => rate !== undefined);
      rows.forEach((cells, at) => {
        const rate = csv[at]?.['Tỷ lệ hài lòng (%)'];
        const shown = firstRate(cells)?.replace(',', '.');
        if (rate !== undefined) expect(rate, `${name}: ${caption}, ${cells[0]}`).toBe(shown ?? '');
        else if (shown !== undefined) expect(Object.values(csv[at] ?? {})).toContain(shown);
      });
    }
  });

  it('offers each of its pictures, with the same figures in a table beside it', async () => {
    const { agent, html } = await opened(name);
    const drawn = html.match(/<div class="broad-picture"><svg/g)?.length ?? 0;
    expect(html.match(/class="chart" role="img"/g)?.length ?? 0).toBe(2 * drawn);
    const files = [...html.matchAll(/href="([^"]*\/hinh\/[a-z0-9-]+\.(svg|png)[^"]*)"/g)].map(
      ([, file = '', kind]) => ({ file: file.replaceAll('&amp;', '&'), kind }),
    );
    expect(files.filter(({ kind }) => kind === 'svg')).toHaveLength(drawn);
    expect(files.filter(({ kind }) => kind === 'png')).toHaveLength(drawn);
    const inTables = plain(
      tablesOf(html)
        .flatMap((table) => rowsOf(table.html).flat())
        .join(' | '),
    );
    for (const { file, kind } of files) {
      const answer = await agent
        .get(file)
        .buffer(true)
        .expect(200)
        .expect('Content-Type', new RegExp(kind ?? ''));
      if (kind === 'png') continue;
      const svg = answer.text ?? String(answer.body);
      expect(html).toContain(svg);
      for (const text of textsOf(svg).map(plain))
        if (/^(n = [\d.]+|[\d,]+ %)$/.test(text) && !/^\d+ %$/.test(text)) expect(inTables).toContain(text);
    }
  });

  it('shows no share without its n, and no number that is none', async () => {
    const { html } = await opened(name);
    expect(html).not.toMatch(/NaN|undefined|Infinity|>null/);
    for (const { caption, html: table } of tablesOf(html))
      for (const cells of rowsOf(table.slice(table.indexOf('<tbody>'))))
        if (cells.slice(1).some((cell) => /\d %/.test(cell)))
          expect(cells.join(' '), `${name}: ${caption}`).toMatch(
            /n = \d|\d (người|nhóm|loại|lĩnh vực)|học sinh/,
          );
    for (const [, tile = ''] of html.matchAll(/<li><span>[^<]*<\/span><strong>([^<]*%<\/strong>.*?)<\/li>/gs))
      if (/^\s*[\d,]+\s*%/.test(tile)) expect(tile).toMatch(/n = \d|\d[\d.]*\s+(người|câu trả lời)/);
  });
});

it('a public page has a link that shows the same for ever', async () => {
  for (const path of ['', '/don-vi?tim=q&dich-vu=thcs', '/don-vi/Q1', '/so-sanh']) {
    const { text } = await everybody.get(`/ket-qua/${round}${path}`).expect(200);
    const [, link = ''] = /href="([^"]+)">Đường dẫn cố định/.exec(text) ?? [];
    expect(link).toContain('ban=1');
    const again = (await everybody.get(link.replaceAll('&amp;', '&')).expect(200)).text;
    const tables = (html: string) => tablesOf(html).map(({ html: table }) => rowsOf(table));
    expect(tables(again)).toEqual(tables(text));
  }
});

it('a page in another language keeps what is looked at', async () => {
  const { text } = await office.get(`/van-phong/dot/${round}/don-vi?xep=-ty-le&tim=q`).expect(200);
  const [, link = ''] = /hreflang="en" href="([^"]+)"/.exec(text) ?? [];
  expect(Object.fromEntries(new URLSearchParams(link.replaceAll('&amp;', '&').slice(1)))).toEqual({
    xep: '-ty-le',
    tim: 'q',
    lang: 'en',
  });
});

it('what is not published, or not there, is not to be had as a file either', async () => {
  for (const path of [
    '/bang/khong-co.csv',
    '/bang/kenh.csv',
    '/hinh/khoi-don-vi.svg',
    '/hinh/muc-do.gif',
    '/don-vi/khong-co/bang/tieu-chi.csv',
    '/don-vi/Q4/bang/tieu-chi.csv',
    '/don-vi/Q4/hinh/muc-do.svg',
    '/so-sanh/bang/dich-vu.csv?voi=khong-co',
    '/bang/linh-vuc.csv?ban=2',
  ])
    await everybody.get(`/ket-qua/${round}${path}`).expect(404);
  await everybody.get('/ket-qua/khong-co/bang/linh-vuc.csv').expect(404);
  await everybody.get(`/van-phong/co-so/Q1/ket-qua/${round}/bang/tieu-chi.csv`).expect(303);
});
