/** Every page and state that the office sees. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findings, type Overheard, overhear } from './inspection.js';
import { logIn, officePage, type Product, startProduct } from './product.js';

let product: Product;
let page: Page;
let overheard: Overheard;

beforeAll(async () => {
  product = await startProduct();
  page = await officePage(product);
});
afterAll(() => product?.stop());
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
});

const open = (path: string) => page.goto(product.url + path);

async function openRound(filter: Record<string, string | boolean>): Promise<void> {
  const round = await product.database.collection('rounds').findOne(filter);
  await open(`/van-phong/dot/${round?._id}`);
}

async function createDraft(label: string): Promise<void> {
  await open('/van-phong/dot-moi');
  await page.getByRole('button', { name: 'Điền theo kế hoạch' }).click();
  await page.locator('#label').fill(label);
  await page.locator('#opens').fill('2026-01-01');
  await page.locator('#closes').fill('2099-12-31');
  await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
}

async function importList(list: string): Promise<void> {
  await open('/van-phong/don-vi/nhap');
  await page.locator('#list').fill(list);
  await page.getByRole('button', { name: 'Kiểm tra' }).click();
}

const states: Record<string, () => Promise<unknown>> = {
  'the rounds': () => open('/van-phong'),
  'an open round': () => openRound({ state: 'open', subject: 'education' }),
  'a closed round': () => openRound({ state: 'closed' }),
  'a round on procedures': () => openRound({ subject: 'procedure', continuous: true }),
  'a draft': () => createDraft('Đợt bổ sung ở các trường có tên rất dài của những xã miền núi, hải đảo'),
  'a draft that cannot be opened': async () => {
    await createDraft('Đợt trùng');
    await page.getByRole('link', { name: 'Kiểm tra và mở đợt' }).click();
    await page.getByText('Hãy sửa các lỗi trên').waitFor();
  },
  'an open round without responses': async () => {
    await open('/van-phong/dot-moi');
    await page.locator('#label').fill('Đợt chưa có phiếu');
    await page.locator('input[name="subject"][value="procedure"]').check();
    await page.locator('#opens').fill('2026-01-01');
    await page.locator('#closes').fill('2099-12-31');
    await page.locator('input[value="citizens-tthc"]').check();
    await page.locator('input[value="VP-QN"]').check();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await page.getByRole('link', { name: 'Kiểm tra và mở đợt' }).click();
    await page.locator('input[name="da-xem"]').check();
    await page.getByRole('button', { name: 'Mở đợt khảo sát' }).click();
    await page.getByText('Chưa có phiếu nào.').waitFor();
  },
  'a new round': () => open('/van-phong/dot-moi'),
  'a new round with mistakes': async () => {
    await open('/van-phong/dot-moi');
    await page.locator('#target').fill('chín mươi');
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
  },
  'the units': () => open('/van-phong/don-vi'),
  'units found while one types': async () => {
    await open('/van-phong/don-vi');
    await page.locator('#tim').pressSequentially('ba to');
    await page.getByText('3 đơn vị', { exact: true }).waitFor();
    expect(await page.locator('.unit:visible').allInnerTexts()).toEqual([
      expect.stringContaining('Sở GDĐT tỉnh Quảng Ngãi'),
      expect.stringContaining('Xã Ba Tơ'),
      expect.stringContaining('Trường THPT Ba Tơ'),
      expect.stringContaining('Trung tâm GDNN-GDTX khu vực Ba Tơ'),
    ]);
  },
  'units that nobody finds': async () => {
    await open('/van-phong/don-vi');
    await page.locator('#tim').fill('khong co dau');
    await page.getByText('Không có đơn vị nào khớp.').waitFor();
  },
  'what a merger would change': async () => {
    await open('/van-phong/don-vi/sap-xep?viec=gop&don-vi=QN034');
    await page.locator('#vao').fill('QN035');
    await page.locator('#ngay').fill('2099-01-01');
    await page.getByRole('button', { name: 'Xem trước thay đổi' }).click();
    await page.getByRole('button', { name: 'Thực hiện' }).waitFor();
  },
  'a split with mistakes': async () => {
    await open('/van-phong/don-vi/sap-xep?viec=tach');
    await page.getByRole('button', { name: 'Xem trước thay đổi' }).click();
  },
  'a unit with mistakes': async () => {
    await open('/van-phong/don-vi/ma/QN034/sua');
    await page.locator('#name').fill('');
    await page.locator('#parent').fill('khong-co');
    await page.getByRole('button', { name: 'Lưu' }).click();
  },
  'the dry run of services': async () => {
    await open('/van-phong/dich-vu/nhap');
    await page
      .locator('#list')
      .fill('code,name,until\n2.002854,Chuyển trường,30/06/2026\n1.000001,Thủ tục mới,\n');
    await page.getByRole('button', { name: 'Kiểm tra' }).click();
    await page.getByRole('button', { name: 'Lưu danh sách' }).waitFor();
  },
  'services with mistakes': async () => {
    await open('/van-phong/dich-vu/them');
    await page.locator('#code').fill('2.00285');
    await page.getByRole('button', { name: 'Lưu' }).click();
  },
  'the import': () => open('/van-phong/don-vi/nhap'),
  'the dry run of an import': () =>
    importList(
      'code,name,levels,parent\nQN001,Trường THPT Bình Sơn mới,thpt,SGD-QN\nT-99,Trường Hai,thcs|thpt,SGD-QN\n',
    ),
  'an import with problems': () =>
    importList('code,name,levels,parent\nT-99,,tieu-hocx,\nT-99,Hai,thcs,T-98\n'),
  'a round that does not exist': () => open('/van-phong/dot/khong-co'),
  'an open round in English': async () => {
    await openRound({ state: 'open', subject: 'education' });
    await page.getByRole('link', { name: 'English' }).click();
  },
};

async function expectFlawless(): Promise<void> {
  expect(await page.locator('.demo').isVisible()).toBe(true);
  expect(await page.locator('h1').count()).toBe(1);
  expect(await findings(page, 24)).toEqual([]);
  expect(overheard.complaints).toEqual([]);
  for (const request of overheard.requests) expect(request).toMatch(/\/assets\/office-[0-9a-f]+\.css$/);
}

describe('nothing is wrong with', () => {
  test.each(Object.keys(states))('%s', async (state) => {
    await states[state]?.();
    await expectFlawless();
  });

  test('the page of a round that has just been closed', async () => {
    await openRound({ state: 'open', subject: 'procedure', continuous: true });
    await page.getByRole('button', { name: 'Các phần của đợt' }).click();
    await expectFlawless();
    await page.getByRole('link', { name: 'Quản lý', exact: true }).click();
    await page.getByText('Đóng đợt khảo sát').click();
    await expectFlawless();
    await page.getByRole('button', { name: 'Đóng ngay' }).click();
    expect(await page.locator('.state').textContent()).toBe('Đã đóng');
    await expectFlawless();
    await page.goto(product.deskLink);
    expect(await page.locator('h1').textContent()).toBe('Đợt khảo sát đã kết thúc');
  });

  test('the log-in page, also after a wrong password', async () => {
    await open('/van-phong');
    await page.getByRole('button', { name: 'Mục lục' }).click();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    expect(await page.locator('h1').textContent()).toBe('Đăng nhập');
    await expectFlawless();
    await page.getByLabel('Tên đăng nhập').fill('vanphong');
    await page.getByLabel('Mật khẩu').fill('không phải mật khẩu này');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    expect(await page.title()).toMatch(/^Lỗi:/);
    expect(await page.getByLabel('Tên đăng nhập').inputValue()).toBe('vanphong');
    await expectFlawless();
  });
});

test('the page of a round prints whole, without what is only for pressing', async () => {
  await logIn(page, product);
  await openRound({ state: 'closed' });
  await page.emulateMedia({ media: 'print' });
  expect(
    await page
      .locator('nav, .button')
      .evaluateAll((all) => all.filter((one) => (one as HTMLElement).offsetParent).length),
  ).toBe(0);
  const cut = await page
    .locator('.table')
    .evaluateAll((all) => all.filter((table) => table.scrollHeight > table.clientHeight + 1).length);
  expect(cut).toBe(0);
  await page.emulateMedia({ media: 'screen' });
});
