import { parse } from 'csv-parse/sync';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { createRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { allGiving, storeResponses } from '../results/responses.js';
import { SUMMARY_HEADINGS } from './headings.js';
import { textOf, wholeFile } from './wholeFile.js';

const HEADER = [
  'Mã đợt',
  'Đợt',
  'Mã đơn vị',
  'Tên đơn vị',
  'Mã dịch vụ',
  'Tên dịch vụ',
  ...SUMMARY_HEADINGS,
  'Ghi chú',
];

/** Names that a spreadsheet would run, each by another first character. */
const FORMULAS = [
  '=1+1',
  '+84',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠A',
  '=HYPERLINK("http://x";"y")',
];
const HARMLESS = [
  'Trường "A", cơ sở 2; phố B',
  'Trường\nhai dòng',
  'Trường\r\nWindows',
  "Trường 'B'",
  'a=1',
  '1-2',
  '"',
  ',',
  'Ngữ ẩm ướt Ưu ĐẶC',
];

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  const names = [...FORMULAS, ...HARMLESS];
  ({ round } = await openedRound(
    product,
    names.map((name, index) => unitRow(`N${String(index).padStart(2, '0')}`, ['thcs'], name)),
    { label: '=Đợt "một"; hai, ba' },
  ));
  await storeResponses(
    product.context,
    { round, unit: 'N00', survey: 'parents-thcs', service: 'thcs' },
    7,
    allGiving(4),
  );
});
afterAll(dropDatabase);

describe('the file of rates', () => {
  it('begins with a byte order mark and a header, and ends every row with CRLF', async () => {
    const { text } = await csv();
    expect(text.startsWith('\ufeff"Mã đợt","Đợt",')).toBe(true);
    const { headings, rows } = wholeFile(text);
    expect(headings).toEqual(HEADER);
    expect(rows).toHaveLength(FORMULAS.length + HARMLESS.length);
    for (const row of rows) expect(row).toHaveLength(HEADER.length);
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it('has no cell that a spreadsheet runs: formulas stand behind an apostrophe', async () => {
    const cells = parse((await csv()).text, { bom: true }).flat() as string[];
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    for (const formula of FORMULAS) expect(cells).toContain(`'${formula}`);
    expect(cells).toContain('\'=Đợt "một"; hai, ba');
  });

  it('keeps every other name to the letter, with quotes, commas and line breaks', async () => {
    for (const form of ['', '?dang=viet']) {
      const { rows } = wholeFile((await csv(form)).text, form ? ';' : ',');
      expect(rows.slice(FORMULAS.length).map((row) => textOf(row[3] ?? ''))).toEqual(HARMLESS);
    }
  });

  it('has figures as numbers with a point, without quotes', async () => {
    const { text } = await csv();
    const [row = ''] = text.split('\r\n').filter((line) => line.includes('"N00"'));
    expect(row).toMatch(
      /"Giáo dục trung học cơ sở",7,7,203,100\.0,64\.6,100\.0,4\.00,80\.0,100\.0,100\.0,100\.0,""$/,
    );
    expect(text).toMatch(/"N01","'\+84","thcs",[^,]*,0,0,,,,,,,,,,""\r\n/);
  });

  it('for Excel in Vietnamese has semicolons and decimal commas', async () => {
    const { text } = await csv('?dang=viet');
    expect(text.startsWith('\ufeff"Mã đợt";"Đợt";')).toBe(true);
    expect(text).toContain(
      '"Giáo dục trung học cơ sở";7;7;203;100,0;64,6;100,0;4,00;80,0;100,0;100,0;100,0;""\r\n',
    );
    const { headings, rows } = wholeFile(text, ';');
    expect(headings).toEqual(HEADER);
    expect(rows).toHaveLength(FORMULAS.length + HARMLESS.length);
  });

  it('reads in English where the page did', async () => {
    const rows = parse((await csv('?lang=en')).text, { bom: true, columns: true }) as Record<
      string,
      string
    >[];
    expect(rows[0]).toMatchObject({ 'Satisfaction rate (%)': '100.0', Service: 'Lower secondary education' });
    expect(Object.keys(rows[0] ?? {}).join()).not.toMatch(
      /[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ]/i,
    );
  });

  it.each(['?dang=khac', '?dang=viet&dang=viet', '?dang[a]=viet'])(
    'is the usual one with %s',
    async (query) => {
      expect((await csv(query)).text).toBe((await csv()).text);
    },
  );

  it('is offered under a name that tells what it is', async () => {
    const { headers } = await csv();
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename=ty-le-hai-long-dot-mot-hai-ba.csv');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is in the log each time somebody takes it away', async () => {
    const before = await entriesOf('rates-exported', 1000);
    await csv();
    await csv('?dang=viet');
    const entries = await entriesOf('rates-exported', 1000);
    expect(entries).toHaveLength(before.length + 2);
    expect(entries[0]).toMatchObject({
      account: 'vanphong',
      subject: round,
      details: { rows: FORMULAS.length + HARMLESS.length },
    });
  });

  it('of a draft is a header and the line that says that it is whole', async () => {
    const code = await createRound(product.context, draft(product.context, { label: 'Bản nháp' }));
    const { text } = await office.get(`/van-phong/dot/${code}/ty-le.csv`).expect(200);
    expect(wholeFile(text)).toMatchObject({ headings: HEADER, rows: [], end: 'Hết tệp: 0 dòng dữ liệu' });
  });
});

function csv(query = '') {
  return office.get(`/van-phong/dot/${round}/ty-le.csv${query}`).expect(200);
}
