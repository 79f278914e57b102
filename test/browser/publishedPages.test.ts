/** Published results as a citizen meets them: every page on a phone and a desk, light and dark, and without JavaScript. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, type Overheard, overhear } from './inspection.js';
import { logIn, narrowPage, PHONE, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
let root: string;

beforeAll(async () => {
  product = await startProduct();
  const round = await product.database.collection('rounds').findOne({ state: 'published' });
  root = `/ket-qua/${round?._id}`;
  page = await narrowPage(product);
  context = page.context();
  overheard = overhear(page);
});
afterAll(() => product?.stop());

describe('nothing is wrong with', () => {
  test.each([
    ['the list', '/ket-qua'],
    ['the round', ''],
    ['the round in English', '?lang=en'],
    ['the units', '/don-vi'],
    ['units that are looked for', '/don-vi?tim=thpt&dich-vu=thpt&trang=1'],
    ['no unit', '/don-vi?tim=kh%C3%B4ng%20c%C3%B3'],
    ['one unit', '/don-vi/QN002'],
    ['the department', '/don-vi/SO'],
    ['the comparison', '/so-sanh'],
    ['the data', '/du-lieu'],
  ])('%s', async (_name, path) => {
    const answer = await page.goto(product.url + (path.startsWith('/ket-qua') ? path : root + path));
    if (path !== '/don-vi/SO') expect(answer?.status()).toBe(200);
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    expect(await findings(page, 24)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
    // One style sheet, nothing else, nothing from elsewhere.
    expect(
      overheard.requests.splice(0).filter((url) => !/\/assets\/published-[0-9a-f]+\.css$/.test(url)),
    ).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  });
});

test('a citizen finds their school on a phone without JavaScript', async () => {
  const phone = await product.browser.newContext(PHONE);
  const view = await phone.newPage();
  await view.goto(product.url);
  await view.getByRole('link', { name: 'Kết quả các đợt khảo sát đã công bố' }).click();
  await view.locator('h3 a').first().click();
  expect(await view.locator('.big').first().textContent()).toMatch(/^\s*\d\d,\d\s%/);
  await view.getByLabel('Tên trường hoặc cơ quan').fill('Trần Kỳ Phong');
  await view.getByRole('button', { name: 'Tìm' }).click();
  await view.getByRole('link', { name: /Trần Kỳ Phong/ }).click();
  expect(await view.locator('h1').textContent()).toMatch(/Trần Kỳ Phong/);
  expect(await view.getByText('khoảng tin cậy 95').first().isVisible()).toBe(true);
  await phone.close();
});

test('the office begins a correction, sees what stands against it, and drops it again', async () => {
  const office = await product.browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'vi-VN' });
  const view = await office.newPage();
  const heard = overhear(view);
  await logIn(view, product);
  await view.goto(`${product.url}/van-phong/dot/${root.split('/').at(-1)}/cong-bo`);
  expect(await findings(view, 24)).toEqual([]);
  await view.getByText('Lập bản đính chính', { exact: true }).click();
  await view.getByRole('button', { name: 'Bắt đầu đính chính' }).click();
  await view.locator('.problems').waitFor();
  expect(await findings(view, 24)).toEqual([]);
  await view.getByLabel('Vì sao cần đính chính').fill('Ba trường nộp phiếu giấy muộn');
  await view.getByRole('button', { name: 'Bắt đầu đính chính' }).click();
  await view.getByText('Chưa có phiếu nào bổ sung').waitFor();
  expect(await view.getByLabel(/Lý do đính chính/).inputValue()).toBe('Ba trường nộp phiếu giấy muộn');
  expect(await findings(view, 24)).toEqual([]);
  await view.getByRole('link', { name: 'Xem trước trang công khai' }).click();
  await view.getByText('Chưa có gì được công bố').waitFor();
  expect(await findings(view, 24)).toEqual([]);
  await view.goBack();
  await view.getByText('Không đính chính nữa').click();
  await view.getByRole('button', { name: 'Giữ nguyên bản đã công bố' }).click();
  await view.getByText('Kết quả của đợt đã công bố.').waitFor();
  expect(heard.complaints).toEqual([]);
  await office.close();
});
