/**
 * Every page of the office, as its routes tell: a new one is looked at without being asked. Its states – mistakes, dry
 * runs, empty lists – are looked at beside the capability they belong to.
 */
import { gzipSync } from 'node:zlib';
import type { Router } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { officeRoutes } from '../../server/app.js';
import { readConfig } from '../../server/config.js';
import { readContext } from '../../server/serve.js';
import { findings, overhear } from './inspection.js';
import { outcomeAt } from './outcome.js';
import { paperPages } from './paperPages.js';
import { officePage, type Product, startProduct } from './product.js';

const routes = officeRoutes(
  readContext(readConfig({ SESSION_SECRET: 'only-to-see-which-routes-there-are', LOG_LEVEL: 'silent' })),
);
const addresses = Object.values(routes)
  .flat()
  .flatMap((router: Router) =>
    router.stack.flatMap(({ route }) =>
      route?.stack.some(({ method }) => method === 'get') ? [String(route.path)] : [],
    ),
  )
  .sort();

let product: Product;
let context: BrowserContext;
let page: Page;
/** What stands in an address for each of its places. */
let values: Readonly<Record<string, string>>;
/** The same where a round is published, with a correction on its way: then there is a preview as well. */
let published: Readonly<Record<string, string>>;
/** A round whose single responses may be taken away. */
let withResponses: string;
/** Name of a run of posters that are kept. */
let posters: string;
/** The same for the pages of paper forms, by the end of their address. */
let paper: (route: string) => Readonly<Record<string, string>>;

beforeAll(async () => {
  product = await startProduct();
  page = await officePage(product);
  context = page.context();
  const round = await product.database.collection('rounds').findOne({ state: 'open', subject: 'education' });
  const done = await product.database
    .collection('rounds')
    .findOne({ state: { $in: ['closed', 'published'] }, subject: 'education' });
  withResponses = String(done?._id);
  await changeUnits();
  // Before the round goes by invitation: there only sheets with a printed number may be typed in.
  paper = await paperPages(context, product, String(round?._id), 'QN002');
  const past = await product.database.collection('rounds').findOne({ state: 'published' });
  published = { ':round': String(past?._id) };
  await made(`/van-phong/dot/${past?._id}/cong-bo/dinh-chinh`, { reason: 'Phiếu giấy đến muộn' });
  // By invitation, so that there are codes to look at; nobody answers here.
  await product.database
    .collection('rounds')
    .updateOne({ _id: round?._id ?? null } as never, { $set: { access: 'invitation' } });
  const pageOfRound = `/van-phong/dot/${round?._id}`;
  posters = await keptPosters(String(round?._id));
  values = {
    ':job': await made(`${pageOfRound}/ma-moi/tao`, { basis: 'number', number: '1' }),
    ':run': await made(`${pageOfRound}/in/phieu`, { scope: 'QN002', copies: '1' }),
    ':print': await made(`/van-phong/co-so/QN002/dot/${round?._id}/phieu-in`, {
      survey: 'parents-thcs',
      copies: '1',
    }),
    ':round': String(round?._id),
    ':unit': 'QN002',
    ':name': 'vanphong',
    ':token': await invited(),
    ':change': '1',
    ':plan': String(round?.plan?.id),
    ':measure': 'm1',
    ':service': 'thpt',
    ':survey': 'parents-thpt',
    ':item': 'B09',
    ':version': '1',
  };
});
afterAll(() => product?.stop());

/** Sends a form. @returns the last part of the address that it leads to: what was made */
async function made(address: string, form: Record<string, string>): Promise<string> {
  const answer = await context.request.post(product.url + address, { form, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  return answer.headers().location?.split('/').at(-1) ?? '';
}

/** The kept posters; or a picture and a table of the page of figures that a file's address begins with. */
function takenAlong(route: string): Readonly<Record<string, string>> {
  if (route.endsWith('/lan-in/:run')) return { ':run': posters };
  if (route.endsWith('/phieu/:survey.csv')) return { ':round': withResponses };
  const units = { ':picture': 'don-vi.svg', ':table': 'don-vi.csv' };
  if (/\/don-vi\/(hinh|bang)/.test(route)) return units;
  if (/\/so-sanh\//.test(route)) return { ...units, ':picture': 'dich-vu.png' };
  if (/\/nhom\//.test(route)) return { ':picture': 'dia-ban.svg', ':table': 'dia-ban.csv' };
  if (/\/dau-hieu\//.test(route)) return { ':table': 'dau-hieu.csv' };
  if (/\/(tieu-chi|don-vi)\/:/.test(route))
    return { ':picture': 'muc-do.svg', ':table': route.includes(':item') ? 'don-vi.csv' : 'tieu-chi.csv' };
  return { ':picture': 'muc-do.png', ':table': 'linh-vuc.csv' };
}

/** Invites somebody. @returns the code of the invitation */
async function invited(): Promise<string> {
  await page.goto(`${product.url}/van-phong/tai-khoan-moi`);
  await page.locator('#name').fill('duoc.moi');
  await page.locator('input[name="role"][value="leader"]').check();
  await page.locator('form.card button').click();
  return (await page.locator('strong.code').textContent()) ?? '';
}

/** Imports a list that changes QN002, so that there is a change to look at. */
async function changeUnits(): Promise<void> {
  await page.goto(`${product.url}/van-phong/don-vi/nhap`);
  await page.locator('#list').fill('code,name,levels,parent\nQN002,Trường Vạn Tường mới,thcs|thpt,VP-QN\n');
  await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
  await page.getByRole('button', { name: 'Lưu danh sách' }).click();
  await outcomeAt(page, /thay-doi\/1/);
}

/** Keeps the posters of a round as a job does that has drawn them. @returns the name of the run */
async function keptPosters(round: string): Promise<string> {
  const drawn = await (await context.request.get(`${product.url}/van-phong/dot/${round}/in/lan-in`)).text();
  const sheets = drawn.slice(drawn.indexOf('<main>') + 6, drawn.indexOf('</main>'));
  const [made, expires] = [new Date(), new Date(Date.now() + 60 * 60 * 1000)];
  await product.database
    .collection('keptTexts')
    .insertOne({ _id: 'ap-phich/0' as never, text: 'ap-phich', content: gzipSync(sheets), expires });
  await product.database.collection('printRuns').insertOne({
    ...{ _id: 'ap-phich' as never, text: 'ap-phich', pieces: 1, round, paper: 'posters', scope: '' },
    ...{ scopeName: '', sheets: 85, stamp: '', account: 'vanphong', made, expires },
  });
  return 'ap-phich';
}

test.each(addresses)('%s has nothing wrong', async (route) => {
  const closed: Readonly<Record<string, string>> = /\/(?:ket-qua|cong-bo)/.test(route) ? published : {};
  const address = route.replace(
    /:\w+/g,
    (place) =>
      closed[place] ??
      paper(route)[place] ??
      takenAlong(route)[place] ??
      values[place] ??
      `no value for ${place}`,
  );
  expect(address).not.toContain('no value for');
  const answer = await context.request.get(product.url + address);
  expect(answer.status()).toBe(200);
  // Files are read elsewhere.
  if (!/^text\/html/.test(answer.headers()['content-type'] ?? '')) return;
  const overheard = overhear(page);
  await page.goto(product.url + address);
  expect(await findings(page, 24)).toEqual([]);
  expect(overheard.complaints).toEqual([]);
  page.removeAllListeners();
});
