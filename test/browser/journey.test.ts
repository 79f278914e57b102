import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSurvey } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { wholeFile } from '../exports/wholeFile.js';
import { choose, logIn, PHONE, type Product, send, startProduct } from './product.js';
import { recountOf } from './recount.js';

let product: Product;
let context: BrowserContext;
let page: Page;
const surveys = new Map<string, Survey>();

beforeAll(async () => {
  product = await startProduct();
  for (const id of ['parents-thcs', 'parents-thpt', 'citizens-tthc'])
    surveys.set(id, parseSurvey(await readFile(`surveys/${id}.json`, 'utf8'), id));
});
afterAll(() => product?.stop());
beforeEach(async () => {
  context = await product.browser.newContext(PHONE);
  page = await context.newPage();
});
afterEach(() => context.close());

const stored = () => product.database.collection('responses').countDocuments();
const heading = () => page.getByRole('heading', { level: 1 }).textContent();
const receipt = () => page.locator('.receipt strong').textContent();

/** Opens the school's link and says who is answering. */
async function openForm(survey: string): Promise<void> {
  await page.goto(product.schoolLink);
  await page.locator(`a[href*="${survey}"]`).click();
  await onForm();
}

/** Without a script a phone goes on by itself to an address with a submission key. */
function onForm(): Promise<void> {
  return page.waitForURL(/phieu=[\w-]{22}/);
}

/** Questions a person sees first: those without a condition. */
function questions(survey: string): Item[] {
  const all = surveys.get(survey)?.sections.flatMap((section) => section.items) ?? [];
  return all.filter(({ showIf }) => !showIf);
}

/** Answers every question that asks for a choice, the Likert items with the level given. */
async function answerAll(survey: string, level: number): Promise<void> {
  for (const item of questions(survey))
    if (item.kind === 'likert') await choose(page, item.code, level);
    else if (item.kind === 'percentage') await choose(page, item.code, 90);
    else if (item.kind !== 'text') await choose(page, item.code, item.options[1]?.code ?? '');
}

describe('a parent with a phone and no JavaScript', () => {
  test('goes from the link to a receipt, and the office sees the answer in figures that agree', async () => {
    const before = await stored();
    await page.goto(product.schoolLink);
    expect(await heading()).toBe('Quý vị trả lời với tư cách nào?');
    await page.getByRole('link', { name: /THCS/ }).click();
    await onForm();
    expect(await heading()).toContain('trung học cơ sở');

    // Send with answers missing.
    const asked = questions('parents-thcs');
    const required = asked.filter((item) => item.required);
    await choose(page, 'A01', 5);
    await choose(page, 'B02', 'none');
    await choose(page, 'G02', 70);
    await page.locator('#K01').fill('Xin sửa nhà vệ sinh tầng 2.\nCảm ơn!');
    const [refused] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      send(page),
    ]);
    expect(refused.status()).toBe(422);
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await stored()).toBe(before);
    const links = page.locator('.problems a');
    expect(await links.count()).toBe(required.length - 2);
    for (const link of await links.all()) {
      const target = (await link.getAttribute('href')) ?? '';
      const field = page.locator(target);
      expect(await field.getAttribute('type'), target).toBe('radio');
      expect(await field.getAttribute('name'), target).toBe(target.slice(1));
      expect(
        await page
          .locator(`input[name="${target.slice(1)}"]`)
          .first()
          .getAttribute('id'),
      ).toBe(target.slice(1));
    }
    await links.nth(7).click();
    const landed = new URL(page.url()).hash;
    expect(landed).toBe(await links.nth(7).getAttribute('href'));
    expect(await isInView(landed)).toBe(true);
    expect(await isInView(`fieldset:has(${landed}) legend`)).toBe(true);

    // Everything entered is kept.
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('5');
    expect(await page.locator('input[name="B02"]:checked').inputValue()).toBe('none');
    expect(await page.locator('input[name="G02"]:checked').inputValue()).toBe('70');
    expect(await page.locator('#K01').inputValue()).toBe('Xin sửa nhà vệ sinh tầng 2.\nCảm ơn!');
    expect(await page.locator('input:checked').count()).toBe(3);

    // Complete.
    for (const item of required)
      if (item.kind === 'likert' && !['A01', 'B02'].includes(item.code)) await choose(page, item.code, 4);
    await send(page);
    expect(await heading()).toBe('Đã nhận phiếu');
    const code = await receipt();
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    await page.reload();
    expect(await receipt()).toBe(code);
    expect(await stored()).toBe(before + 1);

    // The office.
    await logIn(page, product);
    const round = await product.database
      .collection('rounds')
      .findOne({ state: 'open', subject: 'education' });
    await page.locator(`a[href$="/dot/${round?._id}"]`).click();
    const recount = await recountOf(String(round?._id), product);
    const total = recount.get('total');
    const figures = await page.locator('.figures').textContent();
    expect(figures).toContain(`${total?.rate.replace('.', ',')}\u00a0%`);
    expect(figures).toContain(total?.responses.toLocaleString('vi-VN'));

    await page.locator('.pages a[href$="/don-vi"]').click();
    await page.waitForURL(/\/don-vi$/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Tải bảng CSV: Kết quả theo đơn vị' }).click(),
    ]);
    const file = await readFile(await download.path(), 'utf8');
    expect(file.startsWith('\uFEFF')).toBe(true);
    const rows = wholeFile(file).records;
    expect(rows.length).toBe(await page.locator('tr[data-unit]').count());
    const shown = await page
      .locator('tr[data-unit]')
      .evaluateAll((trs) =>
        trs
          .map((tr) => [
            `${tr.getAttribute('data-unit')} ${tr.getAttribute('data-service')}`,
            ...[...tr.querySelectorAll('td.n')].slice(0, 2).map((td) => td.querySelector('strong') ?? td),
          ])
          .map(([key, ...cells]) => [
            key,
            ...cells.map((cell) => (cell as Element).textContent?.trim() ?? ''),
          ]),
      );
    for (const [index, row] of rows.entries()) {
      const key = `${row['Mã đơn vị']} ${row['Mã dịch vụ']}`;
      const counted = recount.get(key);
      // Too few people, or too much told of those who are too few elsewhere.
      const hidden = row['Ghi chú'] !== '';
      if (Number(row['Số phiếu']) < 5 && row['Số phiếu'] !== '0') expect([key, hidden]).toEqual([key, true]);
      const rate = hidden ? '' : counted?.rate;
      expect([key, row['Số phiếu'], row['Tỷ lệ hài lòng (%)']]).toEqual([key, `${counted?.responses}`, rate]);
      expect(shown[index]).toEqual([
        key,
        counted?.responses.toLocaleString('vi-VN'),
        hidden ? 'ẩn' : `${rate?.replace('.', ',')}\u00a0%`,
      ]);
    }
  });

  test('who goes back after sending and sends the same again gets the same receipt and is counted once', async () => {
    await openForm('parents-thpt');
    await answerAll('parents-thpt', 4);
    await send(page);
    const code = await receipt();
    const before = await stored();
    await page.goBack();
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    await send(page);
    expect(await receipt()).toBe(code);
    expect(await stored()).toBe(before);
  });

  test('who goes back and changes an answer is asked, keeps everything, and may send it as a new response', async () => {
    await openForm('parents-thpt');
    await answerAll('parents-thpt', 4);
    await send(page);
    const code = await receipt();
    const before = await stored();
    await page.goBack();
    await choose(page, 'B01', 1);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      send(page),
    ]);
    expect(answer.status()).toBe(409);
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await page.locator('.problems').textContent()).toContain('đã được nhận');
    expect(await page.locator('input[name="B01"]:checked').inputValue()).toBe('1');
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    expect(await stored()).toBe(before);
    await send(page);
    expect(await heading()).toBe('Đã nhận phiếu');
    expect(await receipt()).not.toBe(code);
    expect(await stored()).toBe(before + 1);
  });

  test('who goes back after an error page and a thank-you still has the answers', async () => {
    await openForm('parents-thpt');
    await choose(page, 'A01', 2);
    await send(page);
    await answerAll('parents-thpt', 5);
    await send(page);
    const code = await receipt();
    await page.goBack();
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('5');
    await send(page);
    expect(await receipt()).toBe(code);
  });

  test('who mistypes the code is told so, and types it again', async () => {
    const right = product.schoolLink.slice(-6);
    await page.goto(product.url);
    await page.getByLabel('Mã khảo sát').fill(swapped(right));
    await page.getByRole('button', { name: 'Mở phiếu' }).click();
    expect(await heading()).toBe('Không tìm thấy mã này');
    expect(await page.getByLabel('Mã khảo sát').inputValue()).toBe(swapped(right));
    await page.getByLabel('Mã khảo sát').fill(`${right.slice(0, 3)}-${right.slice(3)}`.toLowerCase());
    await page.getByRole('button', { name: 'Mở phiếu' }).click();
    expect(await heading()).toBe('Quý vị trả lời với tư cách nào?');
  });

  test('reads everything in English by the link at the head of the page', async () => {
    await page.goto(product.schoolLink);
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.locator('a[href*="students-thpt"]').click();
    await onForm();
    expect(await page.getByText('Very dissatisfied').count()).toBeGreaterThan(20);
    await send(page, 'en');
    expect(await page.title()).toMatch(/^Error:/);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test('changes the language in the middle, keeps the answers, and sends under one key', async () => {
    await openForm('parents-thpt');
    const before = await stored();
    await answerAll('parents-thpt', 4);
    await page.locator('#K01').fill('Cảm ơn <nhà trường>');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.title()).not.toMatch(/^Error:/);
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    expect(await page.locator('#K01').inputValue()).toBe('Cảm ơn <nhà trường>');
    expect(await stored()).toBe(before);
    await choose(page, 'A01', 2);
    await page.getByRole('button', { name: 'Tiếng Việt' }).click();
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('2');
    await send(page);
    expect(await heading()).toBe('Đã nhận phiếu');
    expect(await stored()).toBe(before + 1);
  });

  test('reads and chooses with letters made larger', async () => {
    await openForm('parents-thpt');
    const size = () => page.evaluate(() => getComputedStyle(document.body).fontSize);
    expect(await size()).toBe('18px');
    await page.getByText('Chữ to').click();
    expect(await size()).toBe('24.3px');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test('answers a question and sends with the keyboard alone', async () => {
    await openForm('parents-thpt');
    await page.keyboard.press('Tab');
    expect(await focused('href')).toBe('#noi-dung');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused('name')).toBe('A01');
    await page.keyboard.press('Space');
    for (let level = 1; level < 4; level += 1) await page.keyboard.press('ArrowDown');
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    await page.keyboard.press('Tab');
    expect(await focused('name')).toBe(questions('parents-thpt')[1]?.code);
    await page.locator('#K01').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.hash === '#loi');
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await focused('id')).toBe('loi');
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
  });
});

describe('a citizen at the one-stop desk', () => {
  test('chooses the procedure, and is asked about the delay only after saying that it was late', async () => {
    await page.goto(product.deskLink);
    expect(await heading()).toBe('Quý vị đã làm thủ tục nào?');
    await page.getByRole('link', { name: /2\.002854/ }).click();
    await onForm();
    expect(await page.locator('main').textContent()).toContain('2.002854');
    expect(await page.locator('#c-F06').isVisible()).toBe(false);
    await choose(page, 'F05', 'late');
    expect(await page.locator('#c-F06').isVisible()).toBe(true);
    expect(await page.locator('#c-F07').isVisible()).toBe(true);
    await choose(page, 'F05', 'on-time');
    expect(await page.locator('#c-F07').isVisible()).toBe(false);

    await answerAll('citizens-tthc', 3);
    await choose(page, 'F05', 'late');
    await send(page);
    expect(
      await page.locator('.problems a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))),
    ).toEqual(['#F06', '#F07']);
    await choose(page, 'F06', 'yes');
    await choose(page, 'F07', 'no');
    await send(page);
    expect(await heading()).toBe('Đã nhận phiếu');
    const last = await product.database
      .collection('responses')
      .findOne({ 'answers.F07': 'no', 'answers.A01': 3, 'answers.C06': 3, 'answers.E04': 3 });
    expect(last).toMatchObject({ service: '2.002854', answers: { F05: 'late', F06: 'yes', F07: 'no' } });
  });
});

/** The code with two unlike neighbours swapped: the slip a person makes. */
function swapped(code: string): string {
  const at = [...code].findIndex((character, index) => character !== code[index + 1]);
  return `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`;
}

function focused(attribute: string): Promise<string | null> {
  return page.evaluate((name) => document.activeElement?.getAttribute(name) ?? null, attribute);
}

function isInView(selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}
