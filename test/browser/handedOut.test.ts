/** What is handed out on paper: read back by a reader that has nothing to do with what drew it, and followed by a phone. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings } from './inspection.js';
import { choose, logIn, PHONE, type Product, send, startProduct } from './product.js';

/** A4 at 96 dots an inch, as a browser lays it out for print. */
const A4 = { width: 794, height: 1123 };

let product: Product;
let office: BrowserContext;
let page: Page;
let folder: string;
/** An open round that answers by link, and one by invitation. */
let round: string;
const SAMPLED = 'khao-sat-chon-mau';
/** Addresses read from the slips. */
let slips: string[];

beforeAll(async () => {
  product = await startProduct();
  folder = await mkdtemp(path.join(tmpdir(), 'handed-out-'));
  office = await product.browser.newContext({ viewport: A4, deviceScaleFactor: 2, locale: 'vi-VN' });
  page = await office.newPage();
  await logIn(page, product);
  round = String(
    (await product.database.collection('rounds').findOne({ state: 'open', subject: 'education' }))?._id,
  );
  const post = async (address: string, form: Record<string, string>) => {
    const answer = await office.request.post(`${product.url}/van-phong${address}`, { form, maxRedirects: 0 });
    expect(answer.status(), await answer.text()).toBe(303);
  };
  await post('/dot-moi', {
    label: 'Khảo sát chọn mẫu',
    subject: 'procedure',
    numbering: 'calendar-year',
    opens: '2020-01-01',
    closes: '2099-12-31',
    surveys: 'citizens-tthc',
    desks: 'VP-QN',
  });
  await post(`/dot/${SAMPLED}/ma-moi/cach-tra-loi`, { access: 'invitation' });
  // What is to be looked at before a round opens was seen.
  const checks = await (await office.request.get(`${product.url}/van-phong/dot/${SAMPLED}/quan-ly`)).text();
  await post(`/dot/${SAMPLED}/mo`, { 'da-xem': /name="da-xem" value="([^"]+)"/.exec(checks)?.[1] ?? '' });
  await post(`/co-so/VP-QN/dot/${SAMPLED}/ma-moi/tao`, { number: '10' });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await product?.stop();
});

/** Every QR code that zbar finds in a picture. */
async function codesIn(picture: Buffer): Promise<string[]> {
  const file = path.join(folder, 'picture.png');
  await writeFile(file, picture);
  try {
    const read = execFileSync('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return read.trim().split('\n');
  } catch {
    return [];
  }
}

/** A printed page as a picture, at twice the dots of a screen. */
async function printed(address: string): Promise<Buffer> {
  await page.goto(product.url + address);
  await page.emulateMedia({ media: 'print' });
  return page.screenshot({ fullPage: true });
}

/** How many pages Chromium prints. */
async function pagesOf(address: string): Promise<number> {
  await page.goto(product.url + address);
  const file = await page.pdf({ preferCSSPageSize: true });
  return file.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/**
 * A picture as a bad copy of a copy: small, blurred, grey instead of black, with specks and a fold across.
 * @param width pixels that are left of the page's width
 */
async function copied(picture: Buffer, width: number): Promise<Buffer> {
  const blank = await office.newPage();
  const copy = await blank.evaluate(
    async ([source, size]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = Number(size);
      canvas.height = Math.round((Number(size) * image.height) / image.width);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.filter = 'blur(0.4px) contrast(55%) brightness(105%)';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      context.filter = 'none';
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
      // The same specks every time: a linear congruential generator.
      let seed = 7;
      for (let at = 0; at < pixels.data.length; at += 4) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        const noise = (seed / 2_147_483_648 - 0.5) * 30 + (seed % 999 === 0 ? -150 : 0);
        for (let colour = 0; colour < 3; colour += 1)
          pixels.data[at + colour] = (pixels.data[at + colour] ?? 0) + noise;
      }
      context.putImageData(pixels, 0, 0);
      context.fillStyle = '#777';
      context.fillRect(0, canvas.height * 0.42, canvas.width, 1);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [picture.toString('base64'), String(width)],
  );
  await blank.close();
  return Buffer.from(copy, 'base64');
}

async function linkOf(unit: string): Promise<string> {
  const found = await product.database.collection('units').findOne({ _id: unit as never });
  return `${product.url}/k/${found?.linkCode}?kenh=qr`;
}

describe('an independent reader reads', () => {
  test.each(['ap-phich', 'thu-ngo', 'thu-ngo?kho=a4'])('the code of %s', async (paper) => {
    const picture = await printed(`/van-phong/co-so/QN002/dot/${round}/${paper}`);
    expect(new Set(await codesIn(picture))).toEqual(new Set([await linkOf('QN002')]));
  });

  test('the poster’s after it was copied badly, and also where a thumb is on it', async () => {
    const picture = await printed(`/van-phong/co-so/QN002/dot/${round}/ap-phich`);
    expect(await codesIn(await copied(picture, 420))).toEqual([await linkOf('QN002')]);
    await page.locator('.poster .scan').evaluate((scan) => {
      const thumb = document.createElement('div');
      Object.assign(thumb.style, { position: 'absolute', width: '70px', height: '90px', background: '#c99' });
      const { left, top, width, height } = scan.getBoundingClientRect();
      Object.assign(thumb.style, {
        left: `${left + width * 0.55}px`,
        top: `${top + height * 0.5 + window.scrollY}px`,
      });
      document.body.append(thumb);
    });
    expect(await codesIn(await page.screenshot({ fullPage: true }))).toEqual([await linkOf('QN002')]);
  });

  test('the code on a unit’s page, as a picture for a message too', async () => {
    const png = await office.request.get(`${product.url}/van-phong/co-so/QN002/ma-qr.png`);
    expect(await codesIn(await png.body())).toEqual([await linkOf('QN002')]);
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.goto(`${product.url}/van-phong/co-so/QN002`);
    expect(await codesIn(await page.screenshot({ fullPage: true }))).toContain(await linkOf('QN002'));
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('every slip of a page, each another code', async () => {
    slips = await codesIn(await printed(`/van-phong/co-so/VP-QN/dot/${SAMPLED}/ma-moi/phieu`));
    expect(new Set(slips).size).toBe(10);
    for (const address of slips)
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/m\/[2-9CDHKMNPRTWX]{11}$/);
  });
});

describe('on paper', () => {
  test('a poster, a letter and two letters are one page each', async () => {
    for (const paper of ['ap-phich', 'thu-ngo', 'thu-ngo?kho=a4'])
      expect([paper, await pagesOf(`/van-phong/co-so/QN002/dot/${round}/${paper}`)]).toEqual([paper, 1]);
  });

  test('every paper form is one sheet, both sides', async () => {
    const continuous = await product.database
      .collection('rounds')
      .findOne({ subject: 'procedure', continuous: true });
    const forms = [
      ['QN002', round, 'parents-thcs'],
      ['QN002', round, 'parents-thpt'],
      ['QN002', round, 'students-thpt'],
      ['MC-QN', String(continuous?._id), 'citizens-tthc'],
    ] as const;
    for (const [unit, where, survey] of forms) {
      const address = `/van-phong/co-so/${unit}/dot/${where}/phieu-in`;
      const numbered = await office.request.post(product.url + address, {
        form: { survey, copies: '3' },
        maxRedirects: 0,
      });
      expect(numbered.status()).toBe(303);
      expect([survey, await pagesOf(numbered.headers().location ?? '')]).toEqual([survey, 6]);
    }
  });

  test('a print run has a page for every unit of the round after its index', async () => {
    const units = await product.database.collection('roundUnits').countDocuments({ round });
    const pages = await pagesOf(`/van-phong/dot/${round}/in/lan-in?in=ap-phich`);
    expect(pages - units).toBeGreaterThanOrEqual(1);
    expect(pages - units).toBeLessThanOrEqual(3);
  });
});

describe('a slip', () => {
  /** Answers the form that a page stands at, and sends it. */
  async function answer(phone: Page): Promise<void> {
    const questions = await phone.locator('fieldset.q:visible').evaluateAll((all) =>
      all.flatMap((question) => {
        const input = question.querySelector('input');
        return input ? [[input.name, input.value] as const] : [];
      }),
    );
    for (const [item, value] of questions) await choose(phone, item, value);
    await send(phone);
  }

  /** From the picture to the form: the first procedure of the desk. */
  async function openSlip(phone: Page, address: string): Promise<void> {
    await phone.goto(address);
    await phone.locator('.choices a').first().click();
    await phone.locator('#phieu').waitFor();
  }

  test.each([true, false])(
    'leads to the form and answers once, with a script: %s',
    async (javaScriptEnabled) => {
      const slip = slips.pop() ?? '';
      const context = await product.browser.newContext({ ...PHONE, javaScriptEnabled });
      const phone = await context.newPage();
      await openSlip(phone, slip);
      await answer(phone);
      await phone.locator('.receipt').waitFor();
      expect(phone.url()).not.toContain('/m/');
      await phone.goto(slip);
      expect(await phone.locator('h1').textContent()).toBe('Mã mời này đã được dùng');
      await context.close();
    },
  );

  test('keeps what was answered on the phone, and goes on in the other language under the same code', async () => {
    const slip = slips.pop() ?? '';
    const context = await product.browser.newContext({ ...PHONE, javaScriptEnabled: true });
    const phone = await context.newPage();
    await openSlip(phone, slip);
    await choose(phone, 'A01', 4);
    await phone.reload();
    expect(await phone.locator('input[name="A01"][value="4"]').isChecked()).toBe(true);
    await phone.getByRole('button', { name: 'English' }).click();
    await phone.waitForURL(/lang=en/);
    expect(phone.url()).toContain(new URL(slip).pathname);
    expect(await phone.locator('input[name="A01"][value="4"]').isChecked()).toBe(true);
    await context.close();
  });

  test('sends by itself once the network is back, under its own code', async () => {
    const slip = slips.pop() ?? '';
    const context = await product.browser.newContext({ ...PHONE, javaScriptEnabled: true });
    const phone = await context.newPage();
    await openSlip(phone, slip);
    await phone.route('**/*', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    );
    await answer(phone);
    await phone.locator('#cho-gui:visible').waitFor();
    await phone.unroute('**/*');
    await phone.locator('#cho-gui button').click();
    await phone.locator('.receipt').waitFor();
    await phone.goto(slip);
    expect(await phone.locator('h1').textContent()).toBe('Mã mời này đã được dùng');
    await context.close();
  });

  test('leads to a form of 14 000 bytes at most', async () => {
    const slip = slips.pop() ?? '';
    for (const lang of ['', '?lang=en']) {
      const context = await product.browser.newContext(PHONE);
      const phone = await context.newPage();
      await openSlip(phone, slip + lang);
      const form = await phone.goto(phone.url().replace(/[?&]phieu=[^&#]*/, ''));
      const wire = await form?.request().sizes();
      expect((wire?.responseHeadersSize ?? 0) + (wire?.responseBodySize ?? 14_000)).toBeLessThanOrEqual(
        14_000,
      );
      await context.close();
    }
  });

  test('is typed in where the link of the unit is opened; nothing is wrong with that page', async () => {
    const link = (await linkOf('VP-QN')).split('?')[0] ?? '';
    const context = await product.browser.newContext(PHONE);
    const phone = await context.newPage();
    await phone.goto(link);
    await phone.getByLabel('Mã mời').fill((slips.at(-1) ?? '').split('/').at(-1)?.toLowerCase() ?? '');
    await phone.getByRole('button', { name: 'Mở phiếu' }).click();
    expect(phone.url()).toContain('/m/');
    await context.close();
    const withScript = await product.browser.newContext({
      ...PHONE,
      javaScriptEnabled: true,
      bypassCSP: true,
    });
    const looked = await withScript.newPage();
    await looked.goto(link);
    expect(await findings(looked, 48)).toEqual([]);
    await withScript.close();
  });
});
