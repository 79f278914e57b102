/** What the form's script does for a person: progress, kept answers, a bad network, other people on the same phone. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { choose, PHONE, type Product, startProduct } from './product.js';

let product: Product;
let context: BrowserContext;
let page: Page;

const SIZES = [
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
];

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());
afterEach(() => context?.close());

const form = () => `${product.schoolLink}/students-thpt`;
const stored = () => product.database.collection('responses').countDocuments();
const heading = () => page.getByRole('heading', { level: 1 }).textContent();
const progress = () => page.locator('#tien-do > span').textContent();
const checked = () =>
  page.locator('input[type=radio]:checked, .options input[type=checkbox]:checked').count();
const press = () => page.locator('#gui').click();
const received = () => page.locator('.receipt strong').textContent();
const kept = (of: Page = page) =>
  of.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('phieu:')).length);

async function open(viewport = { width: 360, height: 740 }, options = {}): Promise<void> {
  context = await product.browser.newContext({
    ...PHONE,
    javaScriptEnabled: true,
    viewport,
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
  await page.goto(form());
}

/** Answers every question that is shown, but for some. */
async function fill(of: Page = page, except: readonly string[] = []): Promise<void> {
  for (const question of await of.locator('fieldset.q').all()) {
    const code = (await question.getAttribute('id'))?.slice(2) ?? '';
    if (!except.includes(code) && (await question.isVisible()))
      await question.locator('label').nth(1).click();
  }
}

describe.each(SIZES)('on a screen of $width × $height', (viewport) => {
  beforeEach(() => open(viewport));

  test('progress is told, and a missing answer is gone to and named', async () => {
    const before = await stored();
    const all = Number((await progress())?.split('/')[1]);
    expect(await progress()).toBe(`0/${all}`);
    await fill(page, ['B01', 'G01']);
    expect(await progress()).toBe(`${all - 2}/${all}`);
    await press();
    expect(await page.locator('#tien-do [role=alert]').textContent()).toMatch(/^Còn 2 câu .*: \d+\. /);
    expect(await focusedName()).toBe('B01');
    expect(await isWhollyInView('#c-B01 legend')).toBe(true);
    expect(await page.locator('#c-B01 .error').textContent()).toContain('Hãy chọn một mức');
    const described = await page.locator('#c-B01').getAttribute('aria-describedby');
    expect(described).toContain('B01-loi');

    await choose(page, 'B01', 5);
    expect(await page.locator('#c-B01 .error').count()).toBe(0);
    await page.locator('#tien-do button').click();
    expect(await focusedName()).toBe('G01');
    expect(await isWhollyInView('#c-G01 legend')).toBe(true);
    await choose(page, 'G01', 4);
    expect(await progress()).toBe(`${all}/${all}`);
    expect(await page.locator('#tien-do [role=alert]').textContent()).toBe('');
    expect(await page.locator('#tien-do button').isVisible()).toBe(false);
    expect(await stored()).toBe(before);
  });

  test('a reload keeps the answers', async () => {
    await choose(page, 'A01', 4);
    await choose(page, 'B01', 2);
    await page.locator('#K01').fill('Thầy cô tận tình');
    await page.reload();
    expect(await page.locator('input[name="B01"]:checked').inputValue()).toBe('2');
    expect(await page.locator('#K01').inputValue()).toBe('Thầy cô tận tình');
    expect(await checked()).toBe(2);
    expect(await page.locator('#con-giu').isVisible()).toBe(false);
  });

  test('larger letters fit, and stay for the next page', async () => {
    await page.getByText('Chữ to').click();
    const size = () =>
      page.evaluate(() => getComputedStyle(document.querySelector('legend') as Element).fontSize);
    expect(Number.parseFloat(await size())).toBeGreaterThan(23);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    await page.goto(product.schoolLink);
    expect(await page.locator('#chu-to').isChecked()).toBe(true);
    await page.goto(form());
    expect(Number.parseFloat(await size())).toBeGreaterThan(23);
  });

  test('the other language keeps the answers', async () => {
    await choose(page, 'A01', 4);
    await page.locator('#K01').fill('Cảm ơn');
    await page.getByRole('button', { name: 'English' }).click();
    await page.waitForURL(/lang=en/);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    expect(await page.locator('#K01').inputValue()).toBe('Cảm ơn');
    await page.getByRole('button', { name: 'Tiếng Việt' }).click();
    await page.waitForURL((url) => !url.search.includes('lang=en'));
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
  });

  test('without a network the response is kept, said to be kept, and sent when the network is back', async () => {
    const before = await stored();
    await fill();
    await context.setOffline(true);
    await press();
    await page.getByRole('heading', { name: 'Phiếu đang chờ gửi' }).waitFor();
    expect(await page.locator('#cho-gui').textContent()).toContain('tự gửi');
    expect(await page.locator('#phieu').isVisible()).toBe(false);
    expect(await kept()).toBe(1);
    expect(await stored()).toBe(before);
    await context.setOffline(false);
    await page.waitForURL(/da-nhan/);
    expect(await heading()).toBe('Đã nhận phiếu');
    expect(await stored()).toBe(before + 1);
    expect(await kept()).toBe(0);
  });

  test('two quick presses are one response', async () => {
    const before = await stored();
    await fill();
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') posts += 1;
    });
    await page.evaluate(() => {
      const button = document.getElementById('gui') as HTMLButtonElement;
      button.click();
      button.click();
    });
    await page.waitForURL(/da-nhan/);
    expect(posts).toBe(1);
    expect(await stored()).toBe(before + 1);
  });

  test('a conditional question appears and disappears, also in a browser that knows no :has()', async () => {
    await page.goto(product.deskLink);
    await page.locator('.choices a').first().click();
    await page.evaluate(() => {
      for (const style of document.querySelectorAll('style')) {
        const sheet = style.sheet as CSSStyleSheet;
        for (let at = sheet.cssRules.length - 1; at >= 0; at -= 1)
          if (sheet.cssRules[at]?.cssText.includes(':has')) sheet.deleteRule(at);
      }
    });
    const all = Number((await progress())?.split('/')[1]);
    expect(await page.locator('#c-F06').isVisible()).toBe(false);
    await choose(page, 'F05', 'late');
    expect(await page.locator('#c-F06').isVisible()).toBe(true);
    expect(await progress()).toBe(`1/${all + 2}`);
    await choose(page, 'F06', 'yes');
    await choose(page, 'F05', 'on-time');
    expect(await page.locator('#c-F06').isVisible()).toBe(false);
    expect(await progress()).toBe(`1/${all}`);
  });

  test('going back after sending shows no answers, and sends nothing twice', async () => {
    await page.goto(product.schoolLink);
    await page.goto(form());
    const before = await stored();
    await fill();
    await press();
    await page.waitForURL(/da-nhan/);
    expect(await kept()).toBe(0);
    await page.goBack();
    expect(await heading()).toBe('Quý vị trả lời với tư cách nào?');
    await page.goForward();
    expect(await heading()).toBe('Đã nhận phiếu');
    expect(await stored()).toBe(before + 1);
  });

  test('the keyboard alone answers, finds what is missing, and sends', async () => {
    const before = await stored();
    await page.locator('#A01').focus();
    await page.keyboard.press('Space');
    for (let level = 1; level < 4; level += 1) await page.keyboard.press('ArrowDown');
    expect(await page.locator('input[name="A01"]:checked').inputValue()).toBe('4');
    await page.keyboard.press('Enter');
    const missing = () => page.locator('.q.wrong').count();
    expect(await missing()).toBeGreaterThan(20);
    while ((await missing()) > 0) {
      const gap = await page.locator('.q.wrong').first().getAttribute('id');
      expect(`c-${await focusedName()}`).toBe(gap);
      expect(await isWhollyInView(`#${gap} legend`)).toBe(true);
      await page.keyboard.press('Space');
      if ((await missing()) > 0) await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/da-nhan/);
    expect(await stored()).toBe(before + 1);
  });

  test('without JavaScript the way leads from the link over a mistake to the receipt', async () => {
    const plain = await product.browser.newContext({ ...PHONE, viewport });
    page = await plain.newPage();
    await page.goto(form());
    await page.waitForURL(/phieu=[\w-]{22}/);
    const before = await stored();
    await fill(page, ['B01']);
    await press();
    await page.locator('.problems a[href="#B01"]').click();
    expect(await isWhollyInView('#c-B01 legend')).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    await choose(page, 'B01', 5);
    await press();
    expect(await heading()).toBe('Đã nhận phiếu');
    expect(await stored()).toBe(before + 1);
    await plain.close();
  });
});

describe('answers on the phone', () => {
  beforeEach(() => open());

  test('are offered again after a crash, and taken up at the next question', async () => {
    await choose(page, 'A01', 4);
    await choose(page, 'A03', 5);
    await page.close();
    page = await context.newPage();
    await page.goto(form());
    expect(await checked()).toBe(0);
    expect(await page.locator('#con-giu').textContent()).toContain('chưa gửi');
    await page.getByRole('button', { name: 'Điền tiếp phiếu này' }).click();
    expect(await checked()).toBe(2);
    expect(await progress()).toMatch(/^2\//);
    await fill();
    await press();
    await page.waitForURL(/da-nhan/);
    expect(await kept()).toBe(0);
  });

  test('are deleted where the next person says so', async () => {
    await choose(page, 'A01', 1);
    await page.close();
    page = await context.newPage();
    await page.goto(form());
    await page.getByRole('button', { name: 'Xóa, làm phiếu mới' }).click();
    expect(await kept()).toBe(0);
    expect(await checked()).toBe(0);
    await page.reload();
    expect(await page.locator('#con-giu').isVisible()).toBe(false);
  });

  test('are not overwritten by somebody who begins anew without looking', async () => {
    await choose(page, 'A01', 1);
    await page.close();
    page = await context.newPage();
    await page.goto(form());
    await choose(page, 'A01', 5);
    expect(await kept()).toBe(2);
  });

  test('of two children are two responses, one after the other on one phone', async () => {
    const before = await stored();
    const receipts = new Set<string | null>();
    for (let child = 0; child < 2; child += 1) {
      await fill();
      await press();
      await page.waitForURL(/da-nhan/);
      receipts.add(await received());
      await page.getByRole('link', { name: 'Gửi phiếu khác' }).click();
      await page.locator('a[href*="students-thpt"]').click();
      expect(await checked()).toBe(0);
      expect(await page.locator('#con-giu').isVisible()).toBe(false);
    }
    expect(receipts.size).toBe(2);
    expect(await stored()).toBe(before + 2);
  });

  test('that one person sends while another’s are waiting all arrive', async () => {
    const before = await stored();
    await context.setOffline(true);
    await fill();
    await press();
    await page.locator('#cho-gui').waitFor();
    await context.route('**/students-thpt/**', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    );
    await context.setOffline(false);
    const second = await context.newPage();
    await second.goto(form());
    await fill(second);
    await second.locator('#gui').click();
    await second.locator('#cho-gui').waitFor();
    expect(await kept(second)).toBe(2);
    await page.close();
    await context.unroute('**/students-thpt/**');
    await second.getByRole('button', { name: 'Thử gửi lại ngay' }).click();
    await second.waitForURL(/da-nhan/);
    await expect.poll(() => kept(second)).toBe(0);
    expect(await stored()).toBe(before + 2);
  });
});

describe('what is not the server’s own word that it has the response', () => {
  test.each<[string, { status: number; body: string; contentType: string }]>([
    ['a hotel’s log-in page', { status: 200, body: '<title>Wi-Fi</title>', contentType: 'text/html' }],
    ['a proxy’s error page', { status: 403, body: '<h1>Forbidden</h1>', contentType: 'text/html' }],
    [
      'a server that is down',
      { status: 503, body: '{"code":"database-down"}', contentType: 'application/json' },
    ],
    ['too many at once', { status: 429, body: '{"code":"too-many"}', contentType: 'application/json' }],
  ])('is not taken for it: %s', async (_name, answer) => {
    await open();
    await fill();
    await page.route('**/students-thpt/**', (route) => route.fulfill(answer));
    await press();
    await page.locator('#cho-gui').waitFor();
    expect(await kept()).toBe(1);
    await page.unroute('**/students-thpt/**');
    const before = await stored();
    await page.getByRole('button', { name: 'Thử gửi lại ngay' }).click();
    await page.waitForURL(/da-nhan/);
    expect(await stored()).toBe(before + 1);
  });

  test('and an answer that got lost on its way back is asked for again, and counted once', async () => {
    await open();
    const before = await stored();
    await fill();
    await page.route('**/students-thpt/**', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await press();
    await page.locator('#cho-gui').waitFor();
    expect(await stored()).toBe(before + 1);
    await page.unroute('**/students-thpt/**');
    await page.getByRole('button', { name: 'Thử gửi lại ngay' }).click();
    await page.waitForURL(/da-nhan/);
    expect(await stored()).toBe(before + 1);
  });
});

describe('a response that waited', () => {
  beforeEach(async () => {
    await open();
    await fill();
    await context.setOffline(true);
    await press();
    await page.locator('#cho-gui').waitFor();
    await page.close();
    await context.setOffline(false);
  });

  test('is sent when any page of the survey is opened again, with a word about it', async () => {
    const before = await stored();
    page = await context.newPage();
    await page.goto(product.url);
    await page.getByText('đã được gửi và đã được nhận').waitFor();
    expect(await stored()).toBe(before + 1);
    await page.getByRole('link', { name: 'Xem biên nhận' }).click();
    expect(await heading()).toBe('Đã nhận phiếu');
  });

  test('but comes too late is not lost without a word, and can be deleted', async () => {
    const rounds = product.database.collection<{ _id: string; closes: string; opens: string }>('rounds');
    const open = await rounds.findOne({ state: 'open', subject: 'education' });
    const { _id, opens, closes } = open as { _id: string; closes: string; opens: string };
    await rounds.updateOne({ _id }, { $set: { opens: '2020-03-01', closes: '2020-04-30' } });
    try {
      page = await context.newPage();
      await page.goto(product.url);
      await page.getByText('đến sau khi đợt khảo sát kết thúc').waitFor();
      expect(await kept()).toBe(1);
      await page.getByRole('button', { name: 'Xóa khỏi máy này' }).click();
      expect(await kept()).toBe(0);
    } finally {
      await rounds.updateOne({ _id }, { $set: { opens, closes } });
    }
  });
});

describe('what is waiting on the phone', () => {
  beforeEach(async () => {
    await open();
    await fill();
    await page.route('**/students-thpt/**', (route) => route.abort());
    await press();
    await page.locator('#cho-gui').waitFor();
  });

  test('is never thrown away by a clock that was wrong', async () => {
    await page.evaluate(() => {
      for (const [name, text] of Object.entries(localStorage))
        if (name.startsWith('phieu:'))
          localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), luc: 1e12 }));
    });
    const before = await stored();
    await page.unroute('**/students-thpt/**');
    await page.goto(product.url);
    await page.getByText('đã được gửi và đã được nhận').waitFor();
    expect(await stored()).toBe(before + 1);
  });

  test('does not wait behind one that the server cannot answer', async () => {
    await page.evaluate(() => {
      const stuck = { khoa: 'x'.repeat(22), duong: '/', to: '/nothing', luc: 1, than: 'a=1' };
      localStorage.setItem(`phieu:${stuck.khoa}`, JSON.stringify(stuck));
    });
    await page.unroute('**/students-thpt/**');
    await page.route('**/nothing', (route) => route.fulfill({ status: 500, body: '<h1>500</h1>' }));
    const before = await stored();
    await page.goto(product.url);
    await page.getByText('đã được gửi và đã được nhận').waitFor();
    expect(await stored()).toBe(before + 1);
    expect(await kept()).toBe(1);
  });
});

test('a phone that keeps nothing is told to leave the page open, and sends it from there', async () => {
  await open();
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new Error('denied');
      },
    });
  });
  await page.goto(form());
  await fill();
  await page.route('**/students-thpt/**', (route) => route.abort());
  await press();
  await page.locator('#cho-gui').waitFor();
  expect(await page.getByText(/đừng đóng trang này/).isVisible()).toBe(true);
  expect(await page.getByText('mở lại đường dẫn').isVisible()).toBe(false);
  expect(await page.getByRole('link', { name: 'Gửi phiếu khác' }).isVisible()).toBe(false);
  await page.unroute('**/students-thpt/**');
  await page.getByRole('button', { name: 'Thử gửi lại ngay' }).click();
  await page.waitForURL(/da-nhan/);
});

test('a response says in which language it was sent', async () => {
  await open();
  await fill();
  await page.getByRole('button', { name: 'English' }).click();
  await page.waitForURL(/lang=en/);
  await press();
  await page.waitForURL(/da-nhan/);
  expect(await heading()).toBe('Your response was received');
});

describe('reading aloud', () => {
  const speech = (voices: string) => `
    window.spoken = [];
    const voices = ${voices};
    Object.defineProperty(window, 'speechSynthesis', { value: {
      getVoices: () => voices, cancel: () => { window.spoken.push('cancel'); },
      speak: (one) => { window.spoken.push(one.text); setTimeout(() => one.onstart && one.onstart(), 0); },
    } });
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };`;

  test('is not offered by a phone without a Vietnamese voice', async () => {
    await open();
    await page.addInitScript(speech("[{ lang: 'en-US' }]"));
    await page.goto(form());
    expect(await page.locator('.listen').count()).toBe(0);
  });

  test('reads a question with its options, and stops', async () => {
    await open();
    await page.addInitScript(speech("[{ lang: 'vi_VN' }]"));
    await page.goto(form());
    const button = page.locator('#c-A01 .listen');
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(48);
    expect(await button.getAttribute('aria-label')).toBe('Nghe đọc câu hỏi');
    await button.click();
    const spoken: string[] = await page.evaluate('window.spoken');
    expect(spoken[1]).toMatch(/^1\. /);
    expect(spoken).toContain('4 – Hài lòng');
    await page.locator('#c-A01 .listen.reading').click();
    expect(await page.evaluate<string[]>('window.spoken')).toHaveLength(spoken.length + 1);
  });
});

function focusedName(): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('name') ?? null);
}

/** In view, and not behind the bar that tells the progress. */
function isWhollyInView(selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const bar = document.getElementById('tien-do')?.getBoundingClientRect().bottom ?? 0;
    return top >= bar && bottom <= innerHeight;
  });
}
