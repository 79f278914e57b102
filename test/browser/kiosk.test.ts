/** The desk's tablet, and the phone that opens a form without a network. */
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findings, overhear } from './inspection.js';
import { choose, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());
beforeEach(async () => {
  context = await product.browser.newContext({ viewport: { width: 768, height: 1024 }, locale: 'vi-VN' });
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
});
afterEach(() => context.close());

const stored = () => product.database.collection('responses').countDocuments();

/** Answers every question that is shown with its second choice. */
async function fill(of: Page | Frame): Promise<void> {
  for (const question of await of.locator('fieldset.q').all())
    if (await question.isVisible()) await question.locator('label').nth(1).click();
}

describe.each([
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
])('the desk’s tablet of $width × $height', (viewport) => {
  const start = () => page.locator('#bat-dau');
  const warning = () => page.locator('#canh-bao');

  async function begin(): Promise<Frame> {
    await start().getByRole('button').click();
    const frame = await (await page.locator('#khung').elementHandle())?.contentFrame();
    if (!frame) throw new Error('no frame');
    await frame.locator('.choices a').first().click();
    await frame.locator('#phieu').waitFor();
    return frame;
  }

  beforeEach(async () => {
    await page.setViewportSize(viewport);
    await page.clock.install();
    await page.goto(product.deskLink.replace('/k/', '/quay/'));
  });

  test('has nothing wrong, at the start, with the form and with its warning', async () => {
    const overheard = overhear(page);
    expect(await findings(page, 48)).toEqual([]);
    const frame = await begin();
    await choose(frame, 'A01', 4);
    await page.clock.runFor(61_000);
    await warning().waitFor();
    expect(await findings(page, 48)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
  });

  test('goes back to the start by itself after sending, full screen all the while, and keeps nothing', async () => {
    const before = await stored();
    const frame = await begin();
    expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
    await fill(frame);
    await frame.locator('#gui').click();
    await frame.waitForURL(/da-nhan/);
    expect(await stored()).toBe(before + 1);
    const last = await product.database.collection('responses').findOne({ channel: 'kiosk' });
    expect(last).not.toBeNull();
    await page.clock.runFor(13_000);
    expect(await start().isVisible()).toBe(true);
    expect(await page.locator('#khung').isVisible()).toBe(false);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
    const next = await begin();
    expect(await next.locator('input:checked').count()).toBe(0);
  });

  test('starts in another language by a link of its start page', async () => {
    await start().getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('#khung').getAttribute('data-src')).toContain('lang=en');
  });

  test('says in words that it has no network, instead of the browser’s own page', async () => {
    await context.setOffline(true);
    await start().getByRole('button').click();
    await page.getByText('chưa kết nối được').waitFor();
    expect(await start().isVisible()).toBe(true);
    await context.setOffline(false);
    await begin();
  });

  test('after a minute of silence warns, and clears only when nobody answers', async () => {
    const frame = await begin();
    await choose(frame, 'A01', 4);
    await page.clock.runFor(55_000);
    expect(await warning().isVisible()).toBe(false);
    await choose(frame, 'B01', 5);
    await page.clock.runFor(55_000);
    expect(await warning().isVisible()).toBe(false);
    await page.clock.runFor(7_000);
    expect(await warning().isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Tôi vẫn đang trả lời');
    expect(Number(await page.locator('#con-lai').textContent())).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Tôi vẫn đang trả lời' }).click();
    expect(await warning().isVisible()).toBe(false);
    expect(await frame.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    await page.clock.runFor(61_000);
    await warning().waitFor();
    await page.keyboard.press('Escape');
    expect(await warning().isVisible()).toBe(false);
    expect(await frame.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    await page.clock.runFor(82_000);
    expect(await start().isVisible()).toBe(true);
    const next = await begin();
    expect(await next.locator('input:checked').count()).toBe(0);
    expect(await next.locator('#con-giu').isVisible()).toBe(false);
  });

  test('without a network keeps only what was sent, goes on to the next person, and sends it later', async () => {
    const before = await stored();
    const frame = await begin();
    await fill(frame);
    await context.setOffline(true);
    await frame.locator('#gui').click();
    await frame.locator('#cho-gui').waitFor();
    await page.clock.runFor(13_000);
    expect(await start().isVisible()).toBe(true);
    expect(await stored()).toBe(before);
    await context.setOffline(false);
    await begin();
    await expect.poll(stored).toBe(before + 1);
    await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
  });
});

describe('a phone with a service worker', () => {
  const form = () => `${product.schoolLink}/students-thpt`;

  test('asks for nothing beside the page until somebody answers', async () => {
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.goto(form());
    await page.waitForLoadState('networkidle');
    expect(asked).toEqual([form()]);
  });

  test('opens the form without a network, and sends it when the network is back', async () => {
    const before = await stored();
    await page.goto(form());
    await choose(page, 'A01', 4);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('trang')).keys()).length))
      .toBeGreaterThan(1);
    await context.setOffline(true);
    await page.reload();
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    const other = await context.newPage();
    await other.goto(form());
    expect(await other.locator('#con-giu').isVisible()).toBe(true);
    await other.close();
    await fill(page);
    await page.locator('#gui').click();
    await page.locator('#cho-gui').waitFor();
    expect(await page.evaluate(async () => (await (await caches.open('hop-gui')).keys()).length)).toBe(1);
    await context.setOffline(false);
    await page.waitForURL(/da-nhan/);
    expect(await stored()).toBe(before + 1);
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('hop-gui')).keys()).length))
      .toBe(0);
  });

  test('sends what waits when the network is back and no page is open', async () => {
    const before = await stored();
    await page.goto(form());
    await choose(page, 'A01', 4);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await fill(page);
    await context.setOffline(true);
    await page.locator('#gui').click();
    await page.locator('#cho-gui').waitFor();
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration('/k/');
          const { sync } = registration as unknown as { sync: { getTags(): Promise<string[]> } };
          return sync.getTags();
        }),
      )
      .toContain('hop-gui');
    // The browser wakes the worker at a moment of its own choosing; here it is told to.
    const session = await context.newCDPSession(await context.newPage());
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        for (const one of registrations) if (one.scopeURL.endsWith('/k/')) resolve(one.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    await page.close();
    expect(await stored()).toBe(before);
    await context.setOffline(false);
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: new URL(product.url).origin,
      registrationId,
      tag: 'hop-gui',
      lastChance: false,
    });
    await expect.poll(stored, { timeout: 20_000 }).toBe(before + 1);
    page = await context.newPage();
    await page.goto(product.url);
    await page.getByText('đã được gửi và đã được nhận').waitFor();
    expect(await stored()).toBe(before + 1);
  });

  test('never keeps the page that thanks, nor the office’s', async () => {
    await page.goto(form());
    await choose(page, 'A01', 4);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await fill(page);
    await page.locator('#gui').click();
    await page.waitForURL(/da-nhan/);
    await page.goto(product.office.login);
    await page.goto(product.schoolLink);
    const kept = await page.evaluate(async () =>
      (await (await caches.open('trang')).keys()).map(({ url }) => new URL(url).pathname),
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((path) => /da-nhan|van-phong/.test(path))).toEqual([]);
  });
});
