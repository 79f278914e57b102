/** Pages of accounts that are seen only after something was done: invitations, slips, mistakes, the second factor. */
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findings, type Overheard, overhear } from './inspection.js';
import { logIn, officePage, PHONE, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;

beforeAll(async () => {
  product = await startProduct();
  page = await officePage(product);
  context = page.context();
});
afterAll(() => product?.stop());
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
});

const open = (path: string) => page.goto(`${product.url}/van-phong/${path}`);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

async function expectFlawless(): Promise<void> {
  expect(await page.locator('h1').count()).toBe(1);
  expect(await findings(page, 24)).toEqual([]);
  expect(overheard.complaints).toEqual([]);
}

/** Invites somebody. @returns the link that is shown */
async function invite(name: string): Promise<string> {
  await open('tai-khoan-moi');
  await page.getByLabel('Tên đăng nhập').fill(name);
  await page.getByLabel('Lãnh đạo (chỉ xem)').check();
  await press('Tạo và lấy lời mời');
  return page.locator('#duong').inputValue();
}

test('a new account with mistakes, and one that is invited', async () => {
  await open('tai-khoan-moi');
  await press('Tạo và lấy lời mời');
  expect(await page.title()).toMatch(/^Lỗi:/);
  await expectFlawless();
  await invite('pho.giam.doc');
  await expectFlawless();
});

test('slips for many units, from the choice to the paper', async () => {
  await open('tai-khoan-loat');
  await page.getByLabel('Chỉ các đơn vị thuộc').fill('khong-co');
  await press('Xem trước');
  await expectFlawless();
  await page.getByLabel('Chỉ các đơn vị thuộc').fill('');
  await page.getByLabel('Giáo dục trung học phổ thông').check();
  await press('Xem trước');
  await expectFlawless();
  await page.getByRole('button', { name: /^Tạo \d+ phiếu để in$/ }).click();
  expect(await page.locator('.account-slip').count()).toBeGreaterThan(10);
  await expectFlawless();
  await page.emulateMedia({ media: 'print' });
  const [first, second] = [page.locator('.account-slip').nth(0), page.locator('.account-slip').nth(1)];
  expect((await first.boundingBox())?.y).toBe((await second.boundingBox())?.y);
  expect(
    await page.locator('.once, .tools').evaluateAll((all) => all.filter((one) => one.clientHeight).length),
  ).toBe(0);
  await page.emulateMedia({ media: 'screen' });
});

test('an invitation on a phone without JavaScript, and the same one again', async () => {
  const link = await invite('truong.phong');
  const phone = await product.browser.newContext(PHONE);
  const screen = await phone.newPage();
  await screen.goto(link);
  await screen.locator('#password').fill('quảng ngãi 2026');
  await screen.getByRole('button', { name: 'Đặt mật khẩu và vào' }).click();
  expect(await screen.title()).toMatch(/^Lỗi:/);
  await screen.locator('#password').fill('sáng nay trời mát');
  await screen.locator('#repeat').fill('sáng nay trời mát');
  await screen.getByRole('button', { name: 'Đặt mật khẩu và vào' }).click();
  expect(await screen.locator('h1').textContent()).toBe('Các đợt khảo sát');
  await phone.close();
  await page.goto(link);
  expect(await page.locator('h1').textContent()).toBe('Lời mời này đã được dùng');
  await expectFlawless();
  await open('moi/khong-co-that');
  await expectFlawless();
});

test('the own account with mistakes', async () => {
  await open('cua-toi');
  await press('Đổi mật khẩu');
  expect(await page.title()).toMatch(/^Lỗi:/);
  await expectFlawless();
});

test('two-step verification: set up, its codes, logging in with it, turned off', async () => {
  await open('cua-toi/xac-thuc');
  const typed = (await page.locator('strong.plain-text').textContent()) ?? '';
  const totp = new TOTP({ secret: Secret.fromBase32(typed.replaceAll(' ', '')) });
  await page.getByLabel('Mã 6 số').fill('000000');
  await press('Bật');
  await expectFlawless();
  await page.getByLabel('Mã 6 số').fill(totp.generate());
  await page.getByLabel('Mật khẩu hiện tại').fill(product.office.password);
  await press('Bật');
  expect(await page.locator('.recovery li').count()).toBe(10);
  const recovery = (await page.locator('.recovery li').first().textContent()) ?? '';
  await expectFlawless();
  await open('cua-toi/xac-thuc');
  await expectFlawless();
  await page.context().clearCookies();
  await logIn(page, product);
  expect(await page.locator('h1').textContent()).toBe('Xác thực hai bước');
  await expectFlawless();
  await page.getByText('Không có điện thoại bên mình?').click();
  await page.locator('#recovery').fill(recovery);
  await page.getByRole('button', { name: 'Tiếp tục' }).nth(1).click();
  expect(await page.locator('h1').textContent()).toBe('Các đợt khảo sát');
  await open('cua-toi/xac-thuc');
  await page.locator('#password-off').fill(product.office.password);
  await press('Tắt xác thực hai bước');
  expect(await page.locator('h1').textContent()).toBe('Tài khoản của Quý vị');
});

test('a form whose session was over keeps what was typed', async () => {
  await open('dot-moi');
  await page.locator('#label').fill('Đợt gõ dở');
  await context.clearCookies();
  await press('Lưu bản nháp');
  expect(await page.locator('h1').textContent()).toBe('Quý vị cần đăng nhập lại');
  await page.getByText('Xem nội dung đã nhập').click();
  await expectFlawless();
  await page.getByLabel('Tên đăng nhập').fill(product.office.name);
  await page.getByLabel('Mật khẩu').fill(product.office.password);
  await press('Đăng nhập');
  expect(await page.locator('h1').textContent()).toBe('Đã đăng nhập lại');
  await expectFlawless();
  await press('Gửi lại');
  expect(await page.title()).toMatch(/^Lỗi:/);
  expect(await page.locator('#label').inputValue()).toBe('Đợt gõ dở');
});

test('a search of the log that cannot be understood, and a log that was tampered with', async () => {
  await open('nhat-ky?tu=2026-02-02&den=2026-02-01');
  await expectFlawless();
  await product.database.collection('auditEntries').updateOne({ number: 2 }, { $set: { subject: 'x' } });
  await open('nhat-ky/kiem-tra?so=1&dau=abcdefabcdef');
  expect(await page.locator('h2').first().textContent()).toContain('đã bị can thiệp');
  await expectFlawless();
});
