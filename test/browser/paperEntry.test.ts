/** Typing paper forms with real keys: how fast it goes, what happens to wrong ones, and the pages around it. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { paperSerial } from '../../models/paperSerial.js';
import type { PaperSheet } from '../../models/paperSheets.js';
import type { Round } from '../../models/rounds.js';
import { projectPath } from '../../server/paths.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { findings, type Overheard, overhear } from './inspection.js';
import { outcomeAt } from './outcome.js';
import { logIn, type Product, startProduct } from './product.js';

const SCHOOL = 'QN001';
const surveys = readSurveys(projectPath('surveys'));
const parents = surveys.get('parents-thpt') as Survey;

/** Between two keys: 6 000 an hour, half of what people who do it every day type on number keys. */
const KEY_MS = 600;

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
let round: Round;
let number = 0;

beforeAll(async () => {
  product = await startProduct();
  context = await product.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'vi-VN' });
  page = await context.newPage();
  await logIn(page, product);
  round = (await product.database
    .collection<Round>('rounds')
    .findOne({ state: 'open', subject: 'education' })) as Round;
  await product.database.collection<{ _id: string }>('paperPrints').insertOne({
    _id: 'browser',
    ...{
      round: round._id,
      unit: SCHOOL,
      survey: parents.id,
      first: 1,
      last: 9999,
      day: round.opens,
      run: null,
    },
  });
});
afterAll(() => product?.stop());
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
  number += 1;
});

const serial = (sheet = number) =>
  paperSerial(
    { round: round._id, unit: SCHOOL },
    { survey: round.surveys.findIndex(({ id }) => id === parents.id) + 1, number: sheet },
  );

/** Opens a batch as a person does. @returns its address */
async function openBatch(change: Record<string, string> = {}): Promise<string> {
  await page.goto(`${product.url}/van-phong/co-so/${SCHOOL}/phieu-giay/moi`);
  await page.locator('#tap').selectOption(`${round._id}/${parents.id}/thpt`);
  for (const [name, value] of Object.entries(change))
    if (name === 'nguon' || name === 'so-phieu')
      await page.locator(`[name="${name}"][value="${value}"]`).check();
  await page.locator('#so-luong').fill(change['so-luong'] ?? '30');
  await page.locator('#thu-den').fill(String(round.opens));
  await page.locator('#nhap-lai').selectOption(change['nhap-lai'] ?? '0');
  if (change['cung-nguoi']) await page.locator('[name="cung-nguoi"]').check();
  await page.getByRole('button', { name: 'Mở tập phiếu', exact: true }).click();
  await page.waitForURL(/phieu-giay\/[\w-]{12}$/);
  return page.url();
}

const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
const sheets = () =>
  product.database.collection<PaperSheet>('paperSheets').find({ phase: 'staged' }).toArray();
const stored = async (sheet: number) => (await sheets()).find((one) => one.number === sheet)?.staged?.answers;

/** The keys of a form whose every level is `level`, as the sheet says from top to bottom. */
function keysOf(survey: Survey, level: (place: number) => string): string[] {
  return itemsOf(survey).flatMap(({ kind }, place) => {
    if (kind === 'likert') return [level(place)];
    if (kind === 'percentage') return ['8', '0'];
    return kind === 'text' ? ['Enter'] : ['2'];
  });
}

async function press(keys: readonly string[], delay = 0): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    if (delay > 0) await page.waitForTimeout(delay);
  }
}

describe('a form', () => {
  test('takes less than 40 seconds at an ordinary pace, one key for each answer', async () => {
    const batch = await openBatch();
    await page.goto(`${batch}/nhap`);
    let seconds = 0;
    let keys = 0;
    for (const sheet of [1001, 1002]) {
      const typed = [...serial(sheet), ...keysOf(parents, (place) => String((place + sheet) % 6))];
      const begun = Date.now();
      await press(typed, sheet === 1001 ? KEY_MS : 0);
      await page.getByText(`Đã lưu phiếu ${serial(sheet).slice(0, 4)}-${serial(sheet).slice(4)}`).waitFor();
      if (sheet === 1001) seconds = (Date.now() - begun) / 1000;
      keys = typed.length;
      expect(await focused()).toBe('so');
      const answers = await stored(sheet);
      itemsOf(parents).forEach(({ code, kind }, place) => {
        if (kind === 'likert') expect([code, answers?.[code]]).toEqual([code, (place + sheet) % 6]);
      });
      expect(answers).toMatchObject({ G02: 80 });
    }
    expect(await page.locator('#tien-do').textContent()).toBe('2 / 30 phiếu');
    const questions = itemsOf(parents).length;
    console.log(`${questions} questions: ${keys} keys, ${seconds.toFixed(1)} s a form at ${KEY_MS} ms a key`);
    // Eight for the serial, one for each answer, one more for a percentage.
    expect(keys).toBe(8 + questions + 1);
    expect(seconds).toBeLessThan(40);
    expect(overheard.complaints).toEqual([]);
  });

  test('says at once what is wrong, and takes the next key in its place', async () => {
    await page.goto(`${await openBatch()}/nhap`);
    const wrong = serial().replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    await page.keyboard.type(wrong);
    expect(await page.locator('#so-loi').textContent()).toContain('Số phiếu không đúng');
    expect(await focused()).toBe('so');
    await page.keyboard.type(serial());
    expect(await focused()).toBe('A01');
    await press(['7']);
    expect(await page.locator('#A01-loi').isVisible()).toBe(true);
    expect(await page.locator('#A01').getAttribute('aria-invalid')).toBe('true');
    expect(await focused()).toBe('A01');
    await press(['4']);
    expect(await page.locator('#A01-loi').isVisible()).toBe(false);
    expect(await page.locator('#A01').inputValue()).toBe('4');
    expect(await focused()).toBe('A03');
  });

  test('has blanks by Enter and the space bar, and goes back by Backspace', async () => {
    await page.goto(`${await openBatch()}/nhap`);
    await page.keyboard.type(serial());
    await press(['Enter', ' ', '0', 'Backspace']);
    const values = () =>
      page
        .locator('#A01, #A03, #A04')
        .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    expect(await values()).toEqual(['-', '-', '0']);
    expect(await focused()).toBe('A04');
    await press(['2']);
    expect(await values()).toEqual(['-', '-', '2']);
    expect(await focused()).toBe('A05');
  });

  test('is refused at its serial where another sheet has it', async () => {
    const batch = await openBatch();
    await page.goto(`${batch}/nhap`);
    const typed = [...serial(), ...keysOf(parents, () => '4')];
    await press(typed);
    await page.getByText('1 / 30 phiếu').waitFor();
    await page.keyboard.type(serial());
    await page.getByText('Số phiếu này đã được nhập trong tập này.').waitFor();
    expect(await focused()).toBe('so');
  });

  test('keeps what is typed ahead while the one before is stored', async () => {
    await page.goto(`${await openBatch()}/nhap`);
    await page.route('**/nhap', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    const next = serial(number + 5000);
    await press([...serial(), ...keysOf(parents, () => '4'), ...next, '5', '3']);
    expect(await page.locator('#trang-thai').textContent()).toBe('');
    await page.getByText('1 / 30 phiếu').waitFor();
    expect(await page.locator('#so').inputValue()).toBe(next);
    expect(await page.locator('#A01').inputValue()).toBe('5');
    expect(await page.locator('#A03').inputValue()).toBe('3');
    expect(await focused()).toBe('A04');
    await page.unrouteAll();
  });

  test('stays on the screen where the network is gone, and is stored once when it is back', async () => {
    await page.goto(`${await openBatch()}/nhap`);
    await context.setOffline(true);
    await press([...serial(), ...keysOf(parents, () => '4')]);
    await page.getByText('Chưa lưu được phiếu này').waitFor();
    expect(await page.locator('#E05').inputValue()).toBe('4');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Lưu phiếu' }).click();
    await page.getByText('1 / 30 phiếu').waitFor();
    expect((await sheets()).filter((one) => one.number === number)).toHaveLength(1);
  });

  test('is typed without a script as well, and what is skipped is asked for', async () => {
    const address = `${await openBatch()}/nhap`;
    const plain = await product.browser.newContext({
      javaScriptEnabled: false,
      storageState: await context.storageState(),
    });
    const form = await plain.newPage();
    await form.goto(address);
    await form.locator('#so').fill(serial());
    for (const item of itemsOf(parents))
      if (item.kind !== 'text' && item.code !== 'B01')
        await form.locator(`#${item.code}`).fill(item.kind === 'percentage' ? '80' : '2');
    await form.getByRole('button', { name: 'Lưu phiếu' }).click();
    expect(await form.title()).toMatch(/^Lỗi:/);
    await form.getByRole('link', { name: /gõ dấu “-”/ }).click();
    expect(await form.evaluate(() => document.activeElement?.id)).toBe('B01');
    await form.locator('#B01').fill('-');
    await form.getByRole('button', { name: 'Lưu phiếu' }).click();
    await form.getByText('1 / 30 phiếu').waitFor();
    expect(await form.locator('#so').inputValue()).toBe('');
    await plain.close();
  });
});

test('a question that only follows from another is passed over where it was not asked', async () => {
  const desk = (await product.database
    .collection<Round>('rounds')
    .findOne({ state: 'open', subject: 'procedure', continuous: true })) as Round;
  const survey = surveys.get('citizens-tthc') as Survey;
  const part = await product.database.collection('roundUnits').findOne({ round: desk._id });
  const address = `${product.url}/van-phong/co-so/${part?.unit}/phieu-giay/moi`;
  await page.goto(address);
  const choice = await page.locator(`#tap option[value^="${desk._id}/"]`).first().getAttribute('value');
  await page.locator('#tap').selectOption(choice ?? '');
  await page.locator('[name="so-phieu"][value="written"]').check();
  await page.locator('#so-luong').fill('5');
  await page.locator('#thu-den').fill(String(desk.opens));
  await page.locator('#nhap-lai').selectOption('0');
  await page.getByRole('button', { name: 'Mở tập phiếu', exact: true }).click();
  await page.waitForURL(/phieu-giay\/[\w-]{12}$/);
  const batch = page.url();
  await page.goto(`${batch}/nhap`);
  // The number to be written on the sheet is proposed.
  expect(await page.locator('#so').inputValue()).toBe('1');
  await press(['Enter']);
  if (await page.locator('#dich-vu').count()) await press(['2', 'Enter']);
  const levels = itemsOf(survey).filter(({ kind, code }) => kind === 'likert' && code !== 'G01');
  await press(levels.map(() => '5'));
  await press(['1', '3', 'Enter', '1', '1', '1', '1']);
  // In time: nothing about an apology.
  expect(await focused()).toBe('G01');
  await press(['Backspace']);
  expect(await focused()).toBe('F05');
  const late = survey.sections.flatMap(({ items }) => items).find(({ code }) => code === 'F06')?.showIf
    ?.in[0];
  const f05 = itemsOf(survey).find(({ code }) => code === 'F05');
  const place = f05 && 'options' in f05 ? f05.options.findIndex(({ code }) => code === late) + 1 : 0;
  await press([String(place)]);
  expect(await focused()).toBe('F06');
  expect(await findings(page, 24)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
});

describe('nothing is wrong with', () => {
  test('the overview, the form of a new batch and its mistakes', async () => {
    for (const path of ['', '/moi']) {
      await page.goto(`${product.url}/van-phong/co-so/${SCHOOL}/phieu-giay${path}`);
      expect(await findings(page, 24)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Mở tập phiếu', exact: true }).click();
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await findings(page, 24)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
  });

  test('a batch from its first sheet to its handing over', async () => {
    const batch = await openBatch({ 'nhap-lai': '1', 'cung-nguoi': 'yes', 'so-luong': '2' });
    await page.goto(`${batch}/nhap`);
    expect(await findings(page, 24)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${batch}/nhap`);
    await press([...serial(), ...keysOf(parents, () => '4')]);
    await page.getByText('1 / 2 phiếu').waitFor();
    await page.locator('#so').fill(serial(number + 6000));
    await page.getByText('Phiếu không hợp lệ').click();
    await page.getByRole('button', { name: 'Phiếu trắng' }).click();
    await page.waitForURL(/da=/);
    await page.goto(`${batch}/lan-hai`);
    expect(await findings(page, 24)).toEqual([]);
    await page.goto(`${batch}/lan-hai`);
    const second = keysOf(parents, (at) => (at < 3 ? '5' : '4')).slice(0, -1);
    await press([...serial(), ...second]);
    await page.getByText('1 / 1 phiếu').waitFor();
    await page.goto(batch);
    expect(await findings(page, 24)).toEqual([]);
    await page.locator('.sheet-links a').click();
    expect(await page.locator('table input').count()).toBe(3);
    expect(await findings(page, 24)).toEqual([]);
    await page.getByRole('button', { name: 'Lưu quyết định' }).click();
    expect(await findings(page, 24)).toEqual([]);
    for (const input of await page.locator('table input').all()) await input.fill('5');
    await page.getByRole('button', { name: 'Lưu quyết định' }).click();
    await page.getByRole('button', { name: 'Chốt tập phiếu' }).click();
    await page.getByText('1 phiếu đã được tính vào kết quả').waitFor();
    expect(await findings(page, 24)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
  });

  test('mending a sheet, and a form with mistakes', async () => {
    const batch = await openBatch();
    await page.goto(`${batch}/nhap`);
    await press([...serial(), ...keysOf(parents, () => '4')]);
    await page.getByText('1 / 30 phiếu').waitFor();
    await page.goto(`${batch}/phieu/${number}`);
    expect(await findings(page, 24)).toEqual([]);
    await page.locator('#A01').fill('9');
    await page.getByRole('button', { name: 'Lưu lại' }).click();
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await findings(page, 24)).toEqual([]);
  });

  test('a file: where to give it, its problems and its dry run', async () => {
    const batch = await openBatch({ nguon: 'file', 'so-phieu': 'written' });
    await page.goto(`${batch}/tep`);
    expect(await findings(page, 24)).toEqual([]);
    const codes = itemsOf(parents).map(({ code }) => code);
    const give = async (cell: string) => {
      await page
        .locator('#list')
        .fill(
          `${codes.join(',')}\n${codes.map((code) => (/^[A-EG]/.test(code) && code !== 'G02' ? cell : '')).join(',')}`,
        );
      await page.getByRole('button', { name: 'Kiểm tra' }).click();
    };
    await give('8');
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await findings(page, 24)).toEqual([]);
    await give('4');
    await page.getByText('1 phiếu').first().waitFor();
    expect(await findings(page, 24)).toEqual([]);
    await page.getByRole('button', { name: 'Lưu tất cả vào tập' }).click();
    await outcomeAt(page, new RegExp(`${new URL(batch).pathname}$`));
    expect(overheard.complaints).toEqual([]);
  });
});
