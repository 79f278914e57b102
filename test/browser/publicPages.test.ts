/** Every page and state that people without an account see. */
import { readdirSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSurveys } from '../../surveys/read.js';
import { findings, type Overheard, overhear } from './inspection.js';
import { choose, type Product, send, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;
let overheard: Overheard;
const links = new Map<string, string>();
const surveys = readSurveys('surveys');

beforeAll(async () => {
  product = await startProduct();
  const units = product.database.collection<{ _id: string; linkCode: string }>('units');
  for await (const { _id, linkCode } of units.find()) links.set(_id, linkCode);
});
afterAll(() => product?.stop());
beforeEach(async () => {
  context = await product.browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'vi-VN' });
  page = await context.newPage();
  context.setDefaultTimeout(10_000);
  overheard = overhear(page);
});
afterEach(() => context.close());

/** Opens an address of the product. */
const open = (path: string) => page.goto(product.url + path);
const openForm = () => page.goto(`${product.schoolLink}/students-thpt`);

/** Answers every question that is shown with its first choice. */
async function fill(): Promise<void> {
  for (const question of await page.locator('fieldset.q').all())
    if (await question.isVisible()) await question.locator('label').first().click();
}

async function sendComplete(): Promise<void> {
  await openForm();
  await fill();
  await send(page);
  await page.waitForURL(/da-nhan/);
  // The form's own post is the one request there is beside the pages.
  expect(overheard.requests.splice(0).map((url) => new URL(url).pathname)).toEqual([
    expect.stringMatching(/\/students-thpt\/thpt$/),
  ]);
}

/** Sends the form as a browser without a script does: the server's own page answers. */
async function sendPlainly(key: string): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate((khoa) => {
      (document.getElementById('khoa') as HTMLInputElement).value = khoa;
      (document.getElementById('phieu') as HTMLFormElement).submit();
    }, key),
  ]);
}

/** A unit of the demonstration that offers a survey. */
async function unitWith(survey: string): Promise<{ linkCode: string; service: string }> {
  const unit = await product.database.collection('roundUnits').findOne({ 'offers.survey': survey });
  const offer = unit?.offers.find((offer: { survey: string }) => offer.survey === survey);
  return { linkCode: unit?.linkCode, service: offer?.service };
}

const states: Record<string, () => Promise<unknown>> = {
  'the start page': () => open('/'),
  'who are you': () => page.goto(product.schoolLink),
  'which procedure': () => page.goto(product.deskLink),
  'the form with missing answers': async () => {
    await openForm();
    await choose(page, 'A01', 2);
    await send(page);
    await page.locator('.q.wrong').first().waitFor();
  },
  'the form after a send without answers': async () => {
    await openForm();
    await sendPlainly('A'.repeat(22));
    await page.locator('#loi').waitFor();
  },
  'the form of procedures, late, after a mistake': async () => {
    await page.goto(product.deskLink);
    await page.locator('.choices a').first().click();
    await fill();
    await choose(page, 'F05', 'late');
    await sendPlainly('A'.repeat(22));
    await page.locator('#loi').waitFor();
  },
  'the form with changed answers under a used key': async () => {
    for (const level of [2, 3]) {
      await openForm();
      await fill();
      await choose(page, 'B01', level);
      await sendPlainly('B'.repeat(22));
    }
    await page.locator('.problems').getByText('đã được nhận').waitFor();
  },
  'a form that offers answers kept from before': async () => {
    await openForm();
    await choose(page, 'A01', 2);
    const again = await context.newPage();
    await page.close();
    page = again;
    overheard = overhear(page);
    await openForm();
    await page.locator('#con-giu').waitFor();
  },
  'a form that waits for a network': async () => {
    await openForm();
    await fill();
    await page.route('**/students-thpt/**', (route) => route.abort());
    await send(page);
    await page.locator('#cho-gui').waitFor();
    overheard.complaints.length = 0;
    overheard.requests.length = 0;
  },
  'the start page while a form waits': async () => {
    await openForm();
    await fill();
    await page.route('**/students-thpt/**', (route) => route.abort());
    await send(page);
    await page.locator('#cho-gui').waitFor();
    await open('/');
    await page.getByText('sẽ tự gửi').waitFor();
    overheard.complaints.length = 0;
    overheard.requests.length = 0;
  },
  'a form with larger letters': async () => {
    await openForm();
    await page.getByText('Chữ to').click();
  },
  'thank you': sendComplete,
  'a wrong code': () => open('/k/234567'),
  'a unit without a round': () => open(`/k/${links.get('VP-QN')}`),
  'a page that does not exist': () => open('/khong-co'),
  'a thank-you page for nothing': () => open(`/k/${product.schoolLink.slice(-6)}/da-nhan/${'A'.repeat(22)}`),
  'a survey in English': () => page.goto(`${product.schoolLink}/students-thpt?lang=en`),
};

/** Nothing to find, one request, the mark of the demonstration, one heading. */
async function expectFlawless(target: 24 | 48): Promise<void> {
  expect(await page.locator('.demo').isVisible()).toBe(true);
  expect(await page.locator('h1').count()).toBe(1);
  expect(await findings(page, target)).toEqual([]);
  expect(overheard).toEqual({ complaints: [], requests: [] });
}

describe('nothing is wrong with', () => {
  test.each(Object.keys(states))('%s', async (state) => {
    await states[state]?.();
    await expectFlawless(48);
  });

  test('the page of a round that is over', async () => {
    const rounds = product.database.collection<{ _id: string; opens: string; closes: string }>('rounds');
    const round = await rounds.findOne({ state: 'open', subject: 'education' });
    if (!round) throw new Error('no round is open');
    const { _id, opens, closes } = round;
    await rounds.updateOne({ _id }, { $set: { opens: '2020-03-01', closes: '2020-04-30' } });
    await page.goto(product.schoolLink);
    await rounds.updateOne({ _id }, { $set: { opens, closes } });
    expect(await page.locator('h1').textContent()).toBe('Đợt khảo sát đã kết thúc');
    expect(await page.locator('main').textContent()).toContain('30/04/20');
    await expectFlawless(48);
  });
});

describe('the form', () => {
  test('is looked at for every survey file', () => {
    const files = readdirSync('surveys').filter((name) => /^[a-z-]+\.json$/.test(name));
    expect(files.map((name) => name.replace('.json', '')).sort()).toEqual([...surveys.keys()].sort());
  });

  test.each([...surveys.keys()])(
    'of %s has nothing wrong, few nodes and 14 000 bytes at most',
    async (id) => {
      const { linkCode, service } = await unitWith(id);
      const answer = await open(`/k/${linkCode}/${id}/${service}`);
      const wire = await answer?.request().sizes();
      expect(answer?.request().redirectedFrom()).toBeNull();
      expect(await answer?.headerValue('content-encoding')).toBe('br');
      expect((wire?.responseHeadersSize ?? 0) + (wire?.responseBodySize ?? 14_000)).toBeLessThanOrEqual(
        14_000,
      );
      const items = surveys.get(id)?.sections.flatMap((section) => section.items).length ?? 0;
      expect(await page.locator('*').count()).toBeLessThan(items * 30);
      await expectFlawless(48);
    },
  );

  test('stays usable in forced colours, at twice the text size and without colour', async () => {
    await context.close();
    context = await product.browser.newContext({
      forcedColors: 'active',
      viewport: { width: 640, height: 740 },
    });
    page = await context.newPage();
    await openForm();
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(640);
    await choose(page, 'A01', 4);
    const chosen = await page.locator('input[name="A01"]:checked + span').evaluate((span) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(span);
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(chosen).toBe('solid 3px');
    // Each level has a shape of its own.
    const shapes = await page
      .locator('#c-A01 label:not(.none) span')
      .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, '::before').webkitMaskImage));
    expect(new Set(shapes).size).toBe(5);
  });
});
