/**
 * Pages of figures where there is little to show: a round nobody has answered, one that one person answered, units that
 * are hidden, names that are longer than any table is wide. And a long table by keyboard alone.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Day } from '../../models/day.js';
import { OFFICE_ACCOUNT } from '../../server/accounts/passwords.js';
import { existingRound } from '../../server/http/existingRound.js';
import { translator } from '../../server/http/language.js';
import { publish } from '../../server/publishing/publish.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { atRandom, storeResponses } from '../results/responses.js';
import { findings, type Overheard, overhear } from './inspection.js';
import { startChromium } from './product.js';

const t = translator('vi');
const LONG =
  'Trường Tiểu học và Trung học cơ sở bán trú dành cho học sinh dân tộc thiểu số vùng đặc biệt khó khăn ' +
  'Nguyễn Thị Minh Khai – Phân hiệu Trà Bồng Thượng (điểm trường thôn Nước Nia)';
const UNITS = [
  { ...unitRow('SO', []), name: 'Sở' },
  { ...unitRow('DAI', ['thcs'], LONG), parent: 'SO', area: 'Miền núi' },
  {
    ...unitRow('LIEN', ['thcs'], `Trường${'PhổThôngDânTộcNộiTrú'.repeat(4)}`),
    parent: 'SO',
    area: 'Hải đảo',
  },
  { ...unitRow('VUA', ['thcs']), parent: 'SO', area: 'Đồng bằng' },
  { ...unitRow('IT', ['thcs']), parent: 'SO', area: 'Đồng bằng' },
  { ...unitRow('ITNUA', ['thcs']), parent: 'SO', area: 'Đồng bằng' },
];

let product: TestApp;
let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
let url: string;
let few: string;

beforeAll(async () => {
  product = await startTestApp();
  const opened = async (label: string, opens: string, people: Readonly<Record<string, number>>) => {
    const { round } = await openedRound(product, UNITS, {
      label,
      opens: opens as Day,
      surveys: ['parents-thcs'],
      units: ['DAI', 'LIEN', 'VUA', 'IT', 'ITNUA'],
      targets: [{ indicator: 'satisfaction-rate', atLeast: 85, unit: '%' }],
    });
    for (const [unit, number] of Object.entries(people))
      await storeResponses(
        product.context,
        { round, unit, survey: 'parents-thcs', service: 'thcs' },
        number,
        atRandom(number),
      );
    return round;
  };
  const people = { DAI: 30, LIEN: 20, VUA: 40, IT: 3, ITNUA: 4 };
  for (const [label, opens] of [
    ['Đợt trước', '2026-09-01'],
    ['Đợt ít người', '2026-09-20'],
  ] as const) {
    few = await opened(label, opens, people);
    await closeRound(few, '2026-10-14' as Day);
    await publish(product.context, await existingRound(few), { account: OFFICE_ACCOUNT, reason: '' });
  }
  await closeRound(await opened('Đợt chỉ một phiếu', '2026-10-01', { VUA: 1 }), '2026-10-14' as Day);
  await opened('Đợt chưa có phiếu', '2026-10-02', {});
  server = createServer(product.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startChromium();
  context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'vi-VN' });
  page = await context.newPage();
  await page.goto(`${url}/van-phong/dang-nhap`);
  await page.getByLabel(t('accounts.login.name')).fill(OFFICE_ACCOUNT);
  await page.getByLabel(t('accounts.login.password')).fill(product.password);
  await page.getByRole('button', { name: t('accounts.login.button'), exact: true }).click();
});
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
  await dropDatabase();
});
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
});

const OFFICE = [
  '',
  '/don-vi',
  '/nhom',
  '/so-sanh',
  '/dau-hieu',
  '/tieu-chi/A01',
  '/dich-vu/thcs/parents-thcs',
];

test.each([
  ...['dot-chua-co-phieu', 'dot-chi-mot-phieu'].flatMap((round) =>
    [...OFFICE, '/don-vi/VUA', '/don-vi/SO', '/cong-bo'].map((path) => `/van-phong/dot/${round}${path}`),
  ),
  ...[...OFFICE, '/don-vi/DAI', '/don-vi/LIEN', '/don-vi/IT', '/cong-bo'].map(
    (path) => `/van-phong/dot/dot-it-nguoi${path}`,
  ),
  ...['', '/don-vi', '/don-vi/DAI', '/don-vi/IT', '/don-vi/SO', '/so-sanh', '/du-lieu'].map(
    (path) => `/ket-qua/dot-it-nguoi${path}`,
  ),
  '/van-phong/co-so/DAI/ket-qua/dot-it-nguoi',
  '/van-phong/co-so/IT/ket-qua/dot-it-nguoi',
])('%s has nothing wrong', async (address) => {
  const answer = await page.goto(url + address);
  expect(answer?.status()).toBe(200);
  for (const details of await page.locator('details').all())
    await details.evaluate((element) => element.setAttribute('open', ''));
  expect(await findings(page, 24)).toEqual([]);
  expect(overheard.complaints).toEqual([]);
  // Nothing that cannot be known is said in figures.
  expect(await page.locator('main').innerText()).not.toMatch(/NaN|undefined|Infinity/);
  // On a desk no name makes a table wider than its frame.
  await page.setViewportSize({ width: 1280, height: 800 });
  const wide = await page
    .locator('.table')
    .evaluateAll((tables) => tables.filter((table) => table.scrollWidth > table.clientWidth + 1).length);
  expect(wide).toBe(0);
});

test('on paper nothing is folded away that has a heading, and no sheet is empty', async () => {
  for (const address of ['/van-phong/dot/dot-it-nguoi/so-sanh', '/ket-qua/dot-it-nguoi']) {
    await page.goto(url + address);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.wide-card:not([open])').first().isVisible()).toBe(false);
    for (const folded of await page.locator('.folded').all()) expect(await folded.isVisible()).toBe(false);
    await page
      .locator('.folded .wide-card')
      .first()
      .evaluate((element) => element.setAttribute('open', ''));
    expect(await page.locator('.folded h2').first().isVisible()).toBe(true);
    expect(await page.locator('.folded table').first().isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
  }
});

test('a long table is narrowed and sorted by keyboard alone, and one goes on where one was', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${url}/van-phong/dot/dot-it-nguoi/don-vi`);
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element?.id || element?.closest('tr[data-unit], th')?.textContent?.trim() || '';
    });
  const tabTo = async (wanted: string | RegExp) => {
    for (let pressed = 0; pressed < 60; pressed += 1) {
      await page.keyboard.press('Tab');
      const at = await focused();
      if (typeof wanted === 'string' ? at === wanted : wanted.test(at)) return pressed;
    }
    throw new Error(`no way to ${wanted} by keyboard`);
  };
  await tabTo('tim');
  await page.keyboard.type('trung hoc');
  await page.waitForURL(/tim=trung\+hoc/);
  expect(await focused()).toBe('tim');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.waitForURL(/don-vi$/);
  await tabTo(/^Tỷ lệ hài lòng/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/xep=ty-le/);
  expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('Tỷ lệ hài lòng');
  // The next key leads on in the table, not through the whole page again.
  expect(await tabTo(/^Tỷ lệ hài lòng/)).toBeLessThan(6);
  await page.keyboard.press('Enter');
  await page.waitForURL(/xep=-ty-le/);
  expect(await page.locator('th[aria-sort="descending"]').textContent()).toContain('Tỷ lệ hài lòng');
  expect(await tabTo(/^Trường/)).toBeLessThan(10);
});
