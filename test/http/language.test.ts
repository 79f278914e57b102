/** A language that somebody adds: the product as it ships, with one more file. */
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Day } from '../../models/day.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { type RunningProduct, startProduct } from '../product.js';
import { openedRound, startTestApp, unitRow } from './testApp.js';

const KHMER = {
  'likert.2': 'មិនពេញចិត្ត',
  'likert.4': 'ពេញចិត្ត',
  'page.language.km': 'ភាសាខ្មែរ',
  'respond.minutes': 'ប្រហែល {minutes} នាទី',
  'respond.optional': '(ស្រេចចិត្ត)',
  'respond.part': 'ផ្នែក {number}/{count}',
  'respond.problem.title-prefix': 'កំហុស៖',
  'respond.send.button': 'ផ្ញើ',
};
const IN_SURVEY = { title: 'ការស្ទង់មតិ', item: 'ការចុះឈ្មោះចូលរៀន', service: 'មធ្យមសិក្សាបឋមភូមិ' };
/** The same in every language. */
const NAMES = [
  'Sở Giáo dục và Đào tạo',
  'Trường Một',
  '(vanphong)',
  'Đợt 2 năm 2026',
  'Tiếng Việt',
  'English',
];

const root = await mkdtemp(path.join(tmpdir(), 'product-'));
let settings: Record<string, string>;
let product: RunningProduct;
let password: string;
let form: string;
let round: string;

beforeAll(async () => {
  for (const part of ['dist', 'server', 'surveys', 'views', 'package.json'])
    await cp(part, path.join(root, part), { recursive: true });
  await symlink(path.resolve('node_modules'), path.join(root, 'node_modules'));
  await writeTexts('km.json', KHMER);
  form = await openForm();
  settings = {
    MONGODB_URI: freshDatabaseUri().replace(/test-\w+/, mongoose.connection.name),
    SESSION_SECRET: 'a secret of the language test, long enough',
    LOG_LEVEL: 'silent',
  };
  product = await startProduct('main', settings, root);
});
afterAll(async () => {
  await product?.end('SIGTERM');
  await dropDatabase();
  await rm(root, { recursive: true, force: true });
});

function writeTexts(file: string, texts: object): Promise<void> {
  return writeFile(path.join(root, 'views', 'texts', file), JSON.stringify(texts));
}

/** Opens a round whose survey and service have a few texts in Khmer. @returns the address of its form */
async function openForm(): Promise<string> {
  const app = await startTestApp();
  ({ password } = app);
  const survey = app.context.surveys.get('parents-thcs');
  const service = app.context.services.get('thcs');
  const item = survey?.sections[0]?.items[0];
  if (!survey || !service || !item) throw new Error('the survey of this test is gone');
  survey.version = 99;
  survey.title.km = IN_SURVEY.title;
  item.text.km = IN_SURVEY.item;
  service.name.km = IN_SURVEY.service;
  const opened = await openedRound(app, [unitRow('S1', ['thcs'], 'Trường Một')], {
    opens: '2020-01-01' as Day,
    closes: '2099-12-31' as Day,
    surveys: ['parents-thcs'],
  });
  ({ round } = opened);
  return `/k/${opened.links.get('S1')}/parents-thcs/thcs?phieu=${'A'.repeat(22)}`;
}

async function page(address: string, request: RequestInit = {}): Promise<string> {
  const answer = await fetch(product.url + address, request);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return answer.text();
}

/** A browser's cookie of the office. */
async function logIn(): Promise<string> {
  const answer = await fetch(`${product.url}/van-phong/dang-nhap`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name: 'vanphong', password }),
  });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** The words of a page that are spoken, each with the language it is spoken in. */
function spoken(html: string): { words: string; lang: string }[] {
  const parts =
    /<!.*?>|<(script|style|title|option)\b.*?<\/\1>|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>|[^<]+/gs;
  const around: { tag: string; lang: string }[] = [];
  const found: { words: string; lang: string }[] = [];
  for (const [part, , end, tag, attributes = ''] of html.matchAll(parts)) {
    const lang = / lang="([^"]*)"/.exec(attributes)?.[1] ?? around.at(-1)?.lang ?? '';
    if (tag && end) expect(around.pop()?.tag).toBe(tag);
    else if (tag && !/^(meta|link|input|br)$/.test(tag) && !attributes.endsWith('/'))
      around.push({ tag, lang });
    else if (!tag && !part.startsWith('<') && /[\p{Ll}\p{Lo}]/u.test(part))
      found.push({ words: part.trim(), lang });
  }
  expect(around).toEqual([]);
  return found.filter(({ words }) => !NAMES.includes(words));
}

/** What is wrong with the languages of a page in Khmer. */
function wronglySpoken(html: string): { words: string; lang: string }[] {
  return spoken(html).filter(({ words, lang }) => lang !== (/\p{Script=Khmer}/u.test(words) ? 'km' : 'vi'));
}

describe('a language with few texts', () => {
  test('is offered on every page, by its own name and after the others', async () => {
    for (const lang of ['vi', 'en']) {
      const html = await page(`/?lang=${lang}`);
      expect(html).toContain('<a lang="km" hreflang="km" href="?lang=km">ភាសាខ្មែរ</a>');
      expect(html).not.toContain('<bdi');
    }
    const own = await page('/?lang=km');
    expect(own).toContain('hreflang="vi" href="?lang=vi">Tiếng Việt</a>');
    const links = [...own.matchAll(/hreflang="(\w+)"/g)].map(([, code]) => code);
    expect(links).toEqual(['vi', 'en']);
  });

  test('speaks its own texts, and Vietnamese what it lacks', async () => {
    const html = await page(`${form}&lang=km`);
    expect(html).toContain('<html lang="km">');
    expect(html).toContain('<span>ផ្ញើ</span>');
    expect(html).toContain(`<h1>${IN_SURVEY.title}</h1>`);
    expect(html).toMatch(/ផ្នែក 1\/\d/);
    const words = spoken(html);
    expect(words.filter(({ lang }) => lang === 'km').length).toBeGreaterThan(40);
    expect(words.filter(({ lang }) => lang === 'vi').length).toBeGreaterThan(40);
    expect(wronglySpoken(html)).toEqual([]);
    expect(html).not.toMatch(/\uE000/);
  });

  test('says the same as the Vietnamese page where it has no text of its own', async () => {
    const [own, vietnamese] = [await page(`${form}&lang=km`), await page(form)];
    const lacking = spoken(own).filter(({ lang }) => lang === 'vi');
    const known = spoken(vietnamese).map(({ words }) => words);
    const whole = lacking.filter(({ words }) => known.some((sentence) => sentence.includes(words)));
    expect(whole).toEqual(lacking);
  });

  test('keeps questions in their language within a sentence in another', async () => {
    const html = await page(`${form}&lang=km`, { method: 'POST', body: new URLSearchParams({ F01: '<b>' }) });
    expect(html).toMatch(/<title>កំហុស៖ ការស្ទង់មតិ – /);
    expect(html).toContain(`<bdi lang="vi">Câu 1: <bdi lang="km">${IN_SURVEY.item}</bdi></bdi>`);
    expect(wronglySpoken(html)).toEqual([]);
    expect(html).not.toMatch(/\uE000/);
  });

  test('shows what a person typed as it was typed', async () => {
    const typed = '\uE000d<bdi lang="en">';
    const html = await page(`/k?${new URLSearchParams({ ma: typed, lang: 'km' })}`);
    expect(html).toContain('value="\uE000d&lt;bdi lang=&#34;en&#34;&gt;"');
    expect(html).not.toContain('<bdi lang="en">');
  });

  test('takes answers', async () => {
    const filled = new URLSearchParams();
    for (const [, name = '', value = ''] of (await page(`${form}&lang=km`)).matchAll(
      /<input type="radio" id="\w+" name="(\w+)" value="([\w-]+)"/g,
    ))
      filled.set(name, value);
    const answer = await fetch(`${product.url}${form}&lang=km`, { method: 'POST', body: filled });
    expect([answer.status, answer.url]).toEqual([200, expect.stringMatching(/\/da-nhan\/A+\?lang=km$/)]);
    expect(wronglySpoken(await answer.text())).toEqual([]);
  });

  test('is spoken rightly on the office’s pages, with plain attributes and options', async () => {
    const headers = { cookie: await logIn() };
    for (const address of [
      '/van-phong',
      '/van-phong/dot-moi',
      '/van-phong/don-vi/nhap',
      `/van-phong/dot/${round}`,
    ]) {
      const html = await page(`${address}?lang=km`, { headers });
      expect(html).toContain('<nav id="muc-luc" popover aria-label="Mục lục">');
      expect(html).not.toMatch(/\uE000/);
    }
    expect(await page('/van-phong/dot-moi?lang=km', { headers })).toContain(
      '<option value="at-least">từ … trở lên</option>',
    );
    expect(wronglySpoken(await page('/van-phong?lang=km', { headers }))).toEqual([]);
    expect(await page(`/van-phong/dot/${round}?lang=km`, { headers })).toContain(IN_SURVEY.service);
  });

  test('leaves no marks in CSV and JSON', async () => {
    const headers = { cookie: await logIn() };
    const csv = await fetch(`${product.url}/van-phong/dot/${round}/ty-le.csv?lang=km`, { headers });
    const [names, row] = (await csv.text()).split('\r\n');
    expect(names).toMatch(/^\uFEFF?"Mã đợt","Đợt",/);
    expect(row).toContain(`"${IN_SURVEY.service}"`);
    const json = await fetch(`${product.url}/nothing?lang=km`, { headers: { accept: 'application/json' } });
    expect(await json.json()).toEqual({
      code: 'not-found',
      message: expect.stringMatching(/^Đường dẫn[^\uE000]+$/),
    });
  });
});

test('a file with a mistake ends the start with its name, the key and the reason', async () => {
  await writeTexts('rad.json', { 'page.language.rad': 'Êđê', 'respond.send.buton': '?' });
  const refusal = await startProduct('main', settings, root).catch((error: Error) => error.message);
  await rm(path.join(root, 'views', 'texts', 'rad.json'));
  expect(refusal).toBe(
    'ended with 1 before it listened:\nLanguageFileError: rad.json: respond.send.buton: is not known: vi.json has no such text\n',
  );
});
