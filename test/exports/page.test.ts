/** The page of a round's files, the codebook, and the forms in which CSV files are written. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { createRound } from '../../server/rounds/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { storeMade } from './made.js';
import { wholeFile } from './wholeFile.js';

const CSV_FILES = ['ty-le.csv', 'tieu-chi.csv', 'muc-do.csv', 'nhom.csv', 'giai-thich.csv'];

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(product, [unitRow('U1', ['thcs']), unitRow('U2', ['thcs'])], {
    surveys: ['parents-thcs'],
  }));
  for (const [unit, seed] of [
    ['U1', 1],
    ['U2', 2],
  ] as const)
    await storeMade(product.context, { round, unit, survey: 'parents-thcs', service: 'thcs' }, 20, seed);
});
afterAll(dropDatabase);

describe('the page of files', () => {
  it('is not there for a round that is not', async () => {
    await office.get('/van-phong/dot/khong-co/tai-ve').expect(404);
  });

  it('of a draft says what to do first', async () => {
    const code = await createRound(product.context, draft(product.context, { label: 'Nháp' }));
    const { text } = await office.get(`/van-phong/dot/${code}/tai-ve`).expect(200);
    expect(text).toContain('Đợt chưa mở nên chưa có số liệu.');
    expect(text).not.toContain('.csv');
  });

  it('links to every file, says how many rows each has, and leads nowhere else', async () => {
    const { text } = await page();
    const links = linksIn(text);
    expect(links).toEqual(
      expect.arrayContaining(['ty-le.xlsx', ...CSV_FILES].map((name) => `/van-phong/dot/${round}/${name}`)),
    );
    for (const link of links) await office.get(link).expect(200);
    for (const name of CSV_FILES.slice(0, 4)) {
      const { rows } = wholeFile((await office.get(`/van-phong/dot/${round}/${name}`)).text);
      expect(text).toContain(`${rows.length} dòng`);
    }
    expect(text).toContain('Chưa có đợt nào trước đó để so sánh.');
  });

  it('offers single responses once the round is closed', async () => {
    expect((await page()).text).toContain('Tải được khi đợt đã đóng');
    await office.post(`/van-phong/dot/${round}/dong`).expect(303);
    const { text } = await page();
    expect(linksIn(text)).toContain(`/van-phong/dot/${round}/phieu/parents-thcs.csv`);
    expect(text).toContain('40 phiếu');
  });

  it('keeps how CSV files are to be written, each sign on its own', async () => {
    const asked = await page('?cach=cham-phay&thap-phan=cham');
    expect(linksIn(asked.text)).toContain(`/van-phong/dot/${round}/ty-le.csv?cach=cham-phay`);
    expect(linksIn((await page()).text)).toContain(`/van-phong/dot/${round}/ty-le.csv?cach=cham-phay`);
    expect(linksIn((await page('?dang=viet')).text)).toContain(
      `/van-phong/dot/${round}/ty-le.csv?cach=cham-phay&thap-phan=phay`,
    );
    const usual = await page('?cach=phay&thap-phan=cham');
    expect(linksIn(usual.text)).toContain(`/van-phong/dot/${round}/ty-le.csv`);
    expect(usual.text).toMatch(/name="cach" value="phay" checked/);
  });

  it('reads in English where it was asked to', async () => {
    const { text } = await page('?lang=en');
    expect(text).toContain('Single anonymous responses');
    expect(linksIn(text)).toContain(`/van-phong/dot/${round}/ty-le.csv?lang=en`);
  });
});

describe('a CSV file', () => {
  it.each([
    ['', ',', '.'],
    ['?cach=phay&thap-phan=cham', ',', '.'],
    ['?cach=cham-phay', ';', '.'],
    ['?thap-phan=phay', ',', ','],
    ['?cach=cham-phay&thap-phan=phay', ';', ','],
    ['?dang=viet', ';', ','],
    ['?dang=viet&thap-phan=cham', ';', '.'],
    ['?cach=khac&thap-phan=khac', ',', '.'],
  ])(
    'asked for with %s has %s between cells and %s in numbers, and the same figures',
    async (query, separator, decimal) => {
      for (const name of CSV_FILES) {
        const usual = wholeFile((await office.get(`/van-phong/dot/${round}/${name}`).expect(200)).text);
        const answer = await office.get(`/van-phong/dot/${round}/${name}${query}`).expect(200);
        const asked = wholeFile(answer.text, separator);
        const figure = /^-?\d+\.\d+$/;
        expect(asked.rows).toEqual(
          usual.rows.map((row) => row.map((cell) => (figure.test(cell) ? cell.replace('.', decimal) : cell))),
        );
      }
    },
  );

  it('is in the log before and after: who took it, and that it was whole', async () => {
    const { text } = await office.get(`/van-phong/dot/${round}/muc-do.csv`).expect(200);
    const [exported] = await entriesOf('levels-exported', 1);
    expect(exported).toMatchObject({ account: 'vanphong', subject: round });
    await expect
      .poll(async () => (await entriesOf('export-whole', 1))[0])
      .toMatchObject({ details: { entry: exported?.number, rows: wholeFile(text).rows.length } });
  });
});

describe('the codebook', () => {
  it('explains every column of every other file, in both languages', async () => {
    const names = new Set((await codebook()).filter((line) => line.Phần === 'Cột').map(nameOf));
    for (const name of CSV_FILES.slice(0, 4)) {
      const { headings } = wholeFile((await office.get(`/van-phong/dot/${round}/${name}`)).text);
      for (const heading of headings)
        expect([name, heading, names.has(heading)]).toEqual([name, heading, true]);
      const english = wholeFile((await office.get(`/van-phong/dot/${round}/${name}?lang=en`)).text).headings;
      const inEnglish = new Set((await codebook()).map((line) => line['Nội dung (tiếng Anh)']));
      for (const heading of english) expect([heading, inEnglish.has(heading)]).toEqual([heading, true]);
    }
  });

  it('has every item of the survey with its text, its factor and its options in both languages', async () => {
    const lines = await codebook();
    const survey = product.context.surveys.get('parents-thcs');
    if (!survey) throw new Error('no survey');
    const items = lines.filter((line) => line.Phần === 'Câu hỏi');
    expect(items.map((line) => [line.Mã, nameOf(line), line['Nội dung (tiếng Anh)']])).toEqual(
      itemsOf(survey).map(({ code, text }) => [code, text.vi, text.en]),
    );
    for (const line of items) {
      expect([line['Mã phiếu'], line['Phiên bản phiếu']]).toEqual(['parents-thcs', '1']);
      const section = survey.sections.find(({ code }) => code === line['Mã lĩnh vực']);
      expect(line['Lĩnh vực (tiếng Việt)']).toBe(section?.title.vi);
    }
    const options = itemsOf(survey).flatMap((item) =>
      'options' in item ? item.options.map(({ code }) => `${item.code}=${code}`) : [],
    );
    expect(lines.filter((line) => line.Phần === 'Phương án').map((line) => line.Mã)).toEqual(options);
  });

  it('says what blanks, 0, what is hidden and the last line mean', async () => {
    const lines = await codebook();
    const rules = lines
      .filter((line) => line.Phần === 'Quy ước')
      .map((line) => line['Giải thích (tiếng Việt)']);
    for (const words of ['Ô trống', 'Số 0', '(ẩn)', 'Ô đầu là #', 'nháy đơn'])
      expect([words, rules.some((rule) => rule?.includes(words))]).toEqual([words, true]);
    for (const line of lines) expect(line['Nội dung (tiếng Anh)']).not.toBe('');
  });
});

type Line = Readonly<Record<string, string>>;

async function codebook(): Promise<readonly Line[]> {
  return wholeFile((await office.get(`/van-phong/dot/${round}/giai-thich.csv`).expect(200)).text).records;
}

function nameOf(line: Line): string {
  return line['Nội dung (tiếng Việt)'] ?? '';
}

function page(query = '') {
  return office.get(`/van-phong/dot/${round}/tai-ve${query}`).expect(200);
}

/** Addresses of files on a page. */
function linksIn(html: string): string[] {
  return [...html.matchAll(/href="([^"]*\.(?:csv|xlsx)[^"]*)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'),
  );
}
