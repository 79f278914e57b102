/** The workbook of rates, read back by readers that have nothing to do with what wrote it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import readXlsxFile from 'read-excel-file/node';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { sheetNames } from '../../server/exports/sheetNames.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { SUMMARY_HEADINGS } from './headings.js';
import { storeMade } from './made.js';
import { textOf, type WholeFile, wholeFile } from './wholeFile.js';

const SOFFICE = process.env.SOFFICE_PATH ?? '/usr/bin/soffice';

let product: TestApp;
let office: TestAgent;
let round: string;
let bytes: Buffer;
let sheets: { sheet: string; data: unknown[][] }[];
let rates: WholeFile;
let items: WholeFile;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(
    product,
    [
      unitRow('0012', ['thcs'], 'Trường "Ngũ Hành Sơn" & Cộng sự'),
      unitRow('T2', ['thcs', 'thpt']),
      unitRow('T3', ['thpt']),
      unitRow('T4', ['thcs']),
      unitRow('T5', ['thcs']),
    ],
    { surveys: ['parents-thcs', 'parents-thpt', 'students-thpt'] },
  ));
  const store = (unit: string, survey: string, service: string, people: number, seed: number) =>
    storeMade(product.context, { round, unit, survey, service }, people, seed);
  await store('0012', 'parents-thcs', 'thcs', 35, 1);
  await store('T2', 'parents-thcs', 'thcs', 22, 2);
  await store('T2', 'parents-thpt', 'thpt', 28, 3);
  await store('T2', 'students-thpt', 'thpt', 31, 4);
  await store('T3', 'students-thpt', 'thpt', 26, 5);
  await store('T4', 'parents-thcs', 'thcs', 2, 6);
  await store('T5', 'parents-thcs', 'thcs', 24, 7);
  const answer = await office.get(`/van-phong/dot/${round}/ty-le.xlsx`).responseType('blob').expect(200);
  expect(answer.headers['content-type']).toMatch(/spreadsheetml/);
  bytes = answer.body;
  sheets = (await readXlsxFile(bytes)) as unknown as typeof sheets;
  rates = await file('ty-le.csv');
  items = await file('tieu-chi.csv');
}, 60_000);
afterAll(dropDatabase);

describe('the workbook of rates', () => {
  it('has a summary, a sheet for each service, and what the columns mean', () => {
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      'Tóm tắt',
      'Giáo dục trung học cơ sở',
      'Giáo dục trung học phổ thông',
      'Giải thích',
    ]);
  });

  it('has in each cell the figure of the CSV file, as a number, and "(ẩn)" where that one is hidden', () => {
    let compared = 0;
    for (const line of rates.records) {
      const sheet = sheets.find((each) => each.sheet === line['Tên dịch vụ']);
      const [headings = [], ...rows] = sheet?.data ?? [];
      const row = rows.find((each) => each[0] === textOf(line['Mã đơn vị'] ?? ''));
      expect(row?.[1]).toBe(line['Tên đơn vị']);
      for (const name of SUMMARY_HEADINGS) {
        const cell = row?.[headings.indexOf(name)];
        const hidden = line['Ghi chú'] !== '' && name !== 'Số phiếu';
        const wanted = hidden ? '(ẩn)' : line[name] === '' ? null : Number(line[name]);
        expect([line['Mã đơn vị'], name, cell]).toEqual([line['Mã đơn vị'], name, wanted]);
        compared += 1;
      }
    }
    expect(compared).toBe(6 * SUMMARY_HEADINGS.length);
    expect(rates.records.some((line) => line['Ghi chú'] !== '')).toBe(true);
  });

  it('has the rate of each factor of each survey, as in the file of items', () => {
    let compared = 0;
    for (const line of items.records) {
      if (line.Loại !== 'Lĩnh vực') continue;
      const sheet = sheets.find((each) => each.sheet === line['Tên dịch vụ']);
      const [headings = [], ...rows] = sheet?.data ?? [];
      const several = line['Mã dịch vụ'] === 'thpt' ? `${line['Người trả lời']} – ` : '';
      const column = headings.indexOf(`${several}${line['Nội dung']} (%)`);
      expect(column).toBeGreaterThan(0);
      const code = textOf(line['Mã đơn vị'] ?? '');
      const row = rows.find((each) => (code === '' ? each[1] === 'Mọi đơn vị' : each[0] === code));
      const rate = line['Tỷ lệ hài lòng (%)'];
      expect([code, line['Nội dung'], row?.[column]]).toEqual([
        code,
        line['Nội dung'],
        line['Ghi chú'] ? '(ẩn)' : rate === '' ? null : Number(rate),
      ]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(30);
  });

  it('has in its summary the whole round and each survey, as in the file of items', () => {
    const [headings = [], ...rows] = sheets[0]?.data ?? [];
    for (const line of items.records.filter((each) => each['Mã đơn vị'] === '' && each.Loại === 'Chung')) {
      const row = rows.find((each) => each[0] === line['Tên dịch vụ'] && each[1] === line['Người trả lời']);
      const cell = row?.[headings.indexOf('Tỷ lệ hài lòng (%)')];
      expect(cell).toBe(line['Ghi chú'] ? '(ẩn)' : Number(line['Tỷ lệ hài lòng (%)']));
    }
    expect(rows[0]?.[0]).toBe('Mọi đơn vị');
    expect(rows[0]?.[2]).toBe(35 + 22 + 28 + 31 + 26 + 2 + 24);
  });

  it('is set up for print: across, one page wide, headings on each page, title and page numbers', () => {
    const parts = unzipSync(new Uint8Array(bytes));
    const xml = (name: string) => strFromU8(parts[name] ?? new Uint8Array());
    const sheet = xml('xl/worksheets/sheet2.xml');
    expect(sheet).toMatch(
      /<pageSetup[^>]*paperSize="9"[^>]*orientation="landscape"[^>]*fitToWidth="1"[^>]*fitToHeight="0"/,
    );
    expect(sheet).toContain('<pageSetUpPr fitToPage="1"/>');
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).toContain('&amp;P/&amp;N');
    expect(xml('xl/workbook.xml')).toContain(
      '<definedName name="_xlnm.Print_Titles" localSheetId="1">\'Giáo dục trung học cơ sở\'!$1:$1</definedName>',
    );
  });
});

describe.skipIf(!existsSync(SOFFICE))('LibreOffice', () => {
  it('opens the workbook with the same letters and numbers', async () => {
    const text = await converted(
      bytes,
      'xlsx',
      'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2',
    );
    const [headings = [], ...rows] = parse(text.toString('utf8'), {
      bom: true,
      relax_column_count: true,
    }) as string[][];
    const row = rows.find((each) => each[0] === '0012') ?? [];
    expect(row[1]).toBe('Trường "Ngũ Hành Sơn" & Cộng sự');
    const at = headings.indexOf('Tỷ lệ hài lòng (%)');
    for (const line of shownIn('thcs')) {
      const unit = rows.find((each) => each[0] === textOf(line['Mã đơn vị'] ?? ''));
      expect(Number(unit?.[at])).toBe(Number(line['Tỷ lệ hài lòng (%)']));
    }
  }, 120_000);

  it.each(['', '?dang=viet'])(
    'opens the CSV file%s with whole codes and numbers that are numbers',
    async (query) => {
      const { text } = await office.get(`/van-phong/dot/${round}/ty-le.csv${query}`).expect(200);
      // Separator, quotes, UTF-8, first row, no formats, language of the numbers, detect special numbers.
      const filter = query ? '59,34,76,1,,1066,false,true' : '44,34,76,1,,1033,false,true';
      const book = await readXlsxFile(await converted(Buffer.from(text), 'csv', 'xlsx', filter));
      const [sheet] = book as unknown as typeof sheets;
      const [headings = [], ...rows] = sheet?.data ?? [];
      const row = rows.find((each) => String(each[2]).endsWith('0012')) ?? [];
      expect(row[2]).toBe("'0012");
      const line = rates.records.find((each) => each['Mã đơn vị'] === "'0012");
      expect(row[headings.indexOf('Tỷ lệ hài lòng (%)')]).toBe(Number(line?.['Tỷ lệ hài lòng (%)']));
      expect(rows.at(-1)?.slice(0, 2)).toEqual(['#', rates.rows.length]);
    },
    120_000,
  );
});

test('names of sheets are such as Excel allows, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 40 }), (titles) => {
      const names = sheetNames(titles);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(titles.length);
      for (const name of names) {
        expect(name).toMatch(/^(?!')[^\\/?*[\]:]{1,31}(?<!')$/su);
        expect(name.toLowerCase()).not.toBe('history');
      }
    }),
  );
  expect(sheetNames(['2.002854 Chuyển trường và tiếp nhận học sinh', 'a/b', 'A B'])).toEqual([
    '2.002854 Chuyển trường và tiếp',
    'a b',
    'A B (2)',
  ]);
});

/** Lines of the file of rates with a rate to show. */
function shownIn(service: string): WholeFile['records'] {
  const lines = rates.records.filter(
    (line) => line['Mã dịch vụ'] === service && line['Ghi chú'] === '' && line['Tỷ lệ hài lòng (%)'] !== '',
  );
  expect(lines.length).toBeGreaterThan(0);
  return lines;
}

async function file(name: string): Promise<WholeFile> {
  return wholeFile((await office.get(`/van-phong/dot/${round}/${name}`).expect(200)).text);
}

/** A file as LibreOffice writes it after it has opened it. */
async function converted(content: Buffer, from: string, to: string, filter = ''): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'exports-soffice-'));
  try {
    await writeFile(path.join(folder, `in.${from}`), content);
    const args = [
      '--headless',
      `-env:UserInstallation=file://${folder}/profile`,
      '--convert-to',
      to,
      '--outdir',
      `${folder}/out`,
    ];
    if (filter) args.push(`--infilter=Text - txt - csv (StarCalc):${filter}`);
    await promisify(execFile)(SOFFICE, [...args, path.join(folder, `in.${from}`)], { timeout: 110_000 });
    const ending = to.split(':')[0];
    const names = [`in.${ending}`, `in-Giáo dục trung học cơ sở.${ending}`].map((name) =>
      path.join(folder, 'out', name),
    );
    const written = names.find((name) => existsSync(name)) ?? '';
    return await readFile(written);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
