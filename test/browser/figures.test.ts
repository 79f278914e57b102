/** Pages of figures as the office works with them: with and without scripts, on paper, and in every state. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findings, type Overheard, overhear } from './inspection.js';
import { officePage, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
let root: string;

beforeAll(async () => {
  product = await startProduct();
  page = await officePage(product);
  context = page.context();
  const round = await product.database.collection('rounds').findOne({ state: 'open', subject: 'education' });
  root = `${product.url}/van-phong/dot/${round?._id}`;
});
afterAll(() => product?.stop());
beforeEach(() => {
  page.removeAllListeners();
  overheard = overhear(page);
});

const unitsOn = (on: Page) =>
  on.locator('#bang tr[data-unit]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-unit')));

describe('nothing is wrong with', () => {
  test.each([
    ['a table of units sorted and narrowed', '/don-vi?xep=-ty-le&tim=thpt'],
    ['a table in which nothing is found', '/don-vi?tim=khong+co+ai'],
    ['a table in English', '/don-vi?lang=en&xep=ten'],
    ['an item at some units', '/tieu-chi/B09?xep=ty-le&tim=quang'],
    ['the uppermost unit', '/don-vi/SO'],
    ['a comparison of some units', '/so-sanh?tim=thpt&xep=-chenh-lech'],
    ['the overview in English', '?lang=en'],
  ])('%s', async (_, address) => {
    const answer = await page.goto(root + address);
    // The demonstration's tree may begin elsewhere; then there is nothing to look at.
    if (address.endsWith('/SO') && answer?.status() === 404) return;
    for (const details of await page.locator('details.wide-card summary').all()) await details.click();
    expect(await findings(page, 24)).toEqual([]);
    expect(overheard.complaints).toEqual([]);
  });
});

describe('a long table', () => {
  test('is narrowed as one types, keeps the field, and its address shows the same again', async () => {
    await page.goto(`${root}/don-vi?xep=-ty-le`);
    const all = await unitsOn(page);
    await page.locator('#tim').pressSequentially('ba to');
    await page.waitForURL(/tim=ba\+to/);
    const some = await unitsOn(page);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(await page.locator('#tim').evaluate((field) => document.activeElement === field)).toBe(true);
    expect(await page.locator('#da-thay').textContent()).toBe(`${some.length} dòng`);
    expect(page.url()).toContain('xep=-ty-le');
    await page.reload();
    expect(await unitsOn(page)).toEqual(some);
    expect(await page.locator('#bang a[href*="/bang/don-vi.csv"]').first().getAttribute('href')).toContain(
      'tim=ba+to',
    );
    expect(overheard.complaints).toEqual([]);
  });

  test('sorts and is narrowed without scripts', async () => {
    const plain = await product.browser.newContext({
      javaScriptEnabled: false,
      storageState: await context.storageState(),
    });
    const bare = await plain.newPage();
    await bare.goto(`${root}/don-vi`);
    await bare.locator('#tim').fill('thpt');
    await bare.locator('#loc-bang button').click();
    await bare.locator('thead a', { hasText: 'Tỷ lệ hài lòng' }).click();
    expect(new URL(bare.url()).searchParams.get('tim')).toBe('thpt');
    expect(await bare.locator('th[aria-sort="ascending"]').textContent()).toContain('Tỷ lệ hài lòng');
    const rates = await bare
      .locator('#bang td.rate strong')
      .evaluateAll((cells) =>
        cells.map((cell) => Number.parseFloat((cell.textContent ?? '').replace(',', '.'))),
      );
    expect(rates.length).toBeGreaterThan(5);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(await bare.locator('[data-copy-address]').isVisible()).toBe(false);
    await plain.close();
  });
});

describe('pictures', () => {
  test('fit a phone and a desk, with letters that can be read', async () => {
    for (const [width, shown] of [
      [360, '.narrow-picture'],
      [768, '.broad-picture'],
      [1280, '.broad-picture'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(root);
      const pictures = page.locator(`${shown} svg`);
      expect(await pictures.count()).toBe(3);
      for (const picture of await pictures.all()) {
        const box = await picture.boundingBox();
        expect(box?.width).toBeLessThanOrEqual(width);
        const letters = await picture
          .locator('text')
          .evaluateAll((texts) =>
            Math.min(...texts.map((text) => (text as SVGTextElement).getBoundingClientRect().height)),
          );
        expect(letters).toBeGreaterThan(10);
        // Nothing is drawn beyond the edges.
        const overhang = await picture.evaluate((svg) => {
          const edge = svg.getBoundingClientRect();
          return Math.max(
            ...[...svg.querySelectorAll('text')].map(
              (text) => text.getBoundingClientRect().right - edge.right,
            ),
          );
        });
        expect(overhang).toBeLessThan(2);
      }
    }
  });

  test('are on paper with what they show, and without what one presses', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(root);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.broad-picture svg').first().isVisible()).toBe(true);
    for (const pressed of ['.taking', '.tabs', '.back'])
      expect(await page.locator(pressed).first().isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
  });
});
