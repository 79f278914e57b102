/** The sampling plan and the progress board in their states, and the board that renews itself. */
import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findings, type Overheard, overhear } from './inspection.js';
import { officePage, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
let round: string;

beforeAll(async () => {
  product = await startProduct();
  page = await officePage(product);
  context = page.context();
  round = String(
    (await product.database.collection('rounds').findOne({ state: 'open', subject: 'education' }))?._id,
  );
  // Half the schools know how many learners they have; all have a quota.
  await product.database
    .collection('units')
    .updateMany({ levels: 'thpt' }, { $set: { enrolment: 800, area: 'Đô thị' } });
  await product.database
    .collection('roundUnits')
    .updateMany({ round }, { $set: { quota: 400, forms: 700, enrolment: 800 } });
});
afterAll(() => product?.stop());
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
});

const open = (path: string) => page.goto(product.url + path);

async function newDraft(label: string): Promise<string> {
  await open('/van-phong/dot-moi');
  await page.locator('#label').fill(label);
  await page.locator('#opens').fill('2098-01-01');
  await page.locator('#closes').fill('2098-12-31');
  for (const box of await page.locator('input[name="surveys"]').all())
    if ((await box.getAttribute('value'))?.startsWith('parents-')) await box.check();
  await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
  const stored = await product.database.collection('rounds').findOne({ label });
  return `/van-phong/dot/${String(stored?._id)}`;
}

describe('a page with nothing wrong', () => {
  const states: Record<string, () => Promise<unknown>> = {
    'a plan with mistakes': async () => {
      await open(`${await newDraft('Đợt có lỗi')}/mau`);
      await page.locator('#margin').fill('năm');
      await page.locator('#drawn').fill('x');
      await page.getByRole('button', { name: 'Tính và lưu phương án' }).click();
      expect(await page.title()).toMatch(/^Lỗi:/);
    },
    'a plan that draws schools, with units that have no enrolment': async () => {
      await product.database
        .collection('units')
        .updateMany({ levels: 'thpt' }, { $set: { enrolment: null } });
      await open(`${await newDraft('Đợt bốc thăm')}/mau`);
      await page.locator('#drawn').fill('3');
      await page.getByRole('button', { name: 'Tính và lưu phương án' }).click();
      await page.getByText('chưa có số học sinh nên chưa tính được').waitFor();
      await page.getByText('Sửa phương án').click();
    },
    'quotas with a mistake': async () => {
      await open(`/van-phong/dot/${round}/mau`);
      await page.locator('td.quota input[inputmode]').first().fill('nhiều');
      await page.getByRole('button', { name: 'Lưu chỉ tiêu' }).click();
      expect(await page.title()).toMatch(/^Lỗi:/);
    },
    'a dry run of quotas': async () => {
      await open(`/van-phong/dot/${round}/mau/nhap`);
      await page.locator('#list').fill('code,quota\nQN001,12');
      await page.getByRole('button', { name: 'Kiểm tra' }).click();
      await page.getByText('Sẽ đổi chỉ tiêu của 1 đơn vị').waitFor();
    },
    'the board unit by unit': () => open(`/van-phong/dot/${round}/tien-do?xem=don-vi`),
    'the board where nothing is found': () => open(`/van-phong/dot/${round}/tien-do?tim=kh%C3%B4ng+c%C3%B3`),
    'the board in English': () => open(`/van-phong/dot/${round}/tien-do?lang=en`),
    'a reminder': async () => {
      await open(`/van-phong/dot/${round}/tien-do/nhac`);
      await page.locator('[data-place] a').first().click();
      await page.locator('#loi-nhac').waitFor();
    },
  };

  test.each(Object.entries(states))('%s', async (_name, reach) => {
    await reach();
    expect(await findings(page, 24)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
  });
});

describe('the board', () => {
  test('filters as one types, with or without diacritics', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(`/van-phong/dot/${round}/tien-do?xem=don-vi`);
    const all = await page.locator('tbody tr').count();
    await page.locator('#tim').pressSequentially('binh son');
    const shown = page.locator('tbody tr:not([hidden])');
    expect(await shown.count()).toBeGreaterThan(0);
    expect(await shown.count()).toBeLessThan(all);
    for (const name of await shown.locator('th').allTextContents()) expect(name).toMatch(/Bình Sơn/);
    expect(await page.locator('[data-found]').textContent()).toBe(`${await shown.count()} dòng`);
    await page.locator('#tim').fill('');
    expect(await shown.count()).toBe(all);
  });

  test('renews itself, and loses neither the place nor what is typed', async () => {
    await page.clock.install();
    await open(`/van-phong/dot/${round}/tien-do?xem=don-vi&sap=ten`);
    const unit = await page.locator('tbody tr').nth(30).getAttribute('data-unit');
    const received = () => page.locator(`tr[data-unit="${unit}"] td`).first().textContent();
    const before = Number.parseInt((await received()) ?? '', 10);
    await page.locator('#tim').pressSequentially('thpt');
    await page.locator('.table').evaluate((table) => {
      table.scrollTop = 300;
    });
    await answer(String(unit));
    const renewed = page.waitForResponse(/phan=bang/);
    await page.clock.fastForward(30_000);
    await renewed;
    await expect.poll(async () => Number.parseInt((await received()) ?? '', 10)).toBe(before + 1);
    expect(await page.locator('#tim').inputValue()).toBe('thpt');
    expect(await page.locator('#tim').evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.locator('.table').evaluate((table) => table.scrollTop)).toBe(300);
    expect(await page.locator('tbody tr:not([hidden]) th', { hasNotText: 'THPT' }).count()).toBe(0);
    expect(overheard.complaints).toEqual([]);
  });

  test('says so while it cannot be renewed, and goes on trying', async () => {
    await open(`/van-phong/dot/${round}/tien-do`);
    await context.setOffline(true);
    await page.clock.fastForward(30_000);
    await page.getByText('chưa làm mới được; sẽ thử lại').waitFor();
    await context.setOffline(false);
    await page.clock.fastForward(30_000);
    await page.getByText('tự làm mới mỗi nửa phút').waitFor();
  });

  test('prints without what is only for pressing', async () => {
    await open(`/van-phong/dot/${round}/tien-do`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.filter').isVisible()).toBe(false);
    expect(await page.locator('.board').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });

  test('copies a reminder', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(`/van-phong/dot/${round}/tien-do/nhac`);
    await page.locator('[data-place] a').first().click();
    await page.getByRole('button', { name: 'Chép lời nhắc' }).click();
    await page.getByText('Đã chép').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^Kính gửi các đơn vị/);
    expect(copied).toContain('/k/');
  });
});

/** One more answer of a unit, as the form stores it. */
async function answer(unit: string): Promise<void> {
  const responses = product.database.collection('responses');
  const one = await responses.findOne({ round, unit });
  if (!one) throw new Error(`no answer of ${unit} to copy`);
  const { counted: _counted, ...content } = one;
  await responses.insertOne({ ...content, _id: randomBytes(16).toString('base64url') as never });
}
