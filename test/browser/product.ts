/** The real product for a browser test: the compiled demonstration on a database of its own, and Chromium. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { type Browser, type BrowserContextOptions, chromium, type Frame, type Page } from 'playwright-core';
import { DEFAULT_LANGUAGE, translator } from '../../server/http/language.js';
import { freshDatabaseUri } from '../database.js';
import { startProduct as startProcess } from '../product.js';

/** What the demonstration prints, and what a test may look into. */
export interface Product {
  readonly url: string;
  /** A school with several levels, open today. */
  readonly schoolLink: string;
  /** The one-stop desk, open today. */
  readonly deskLink: string;
  readonly office: { readonly login: string; readonly name: string; readonly password: string };
  /** The product's database, for counting again what its pages say. */
  readonly database: mongoose.mongo.Db;
  readonly browser: Browser;
  stop(): Promise<void>;
}

/** A phone as most parents have it; without JavaScript, as the form must work. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  javaScriptEnabled: false,
  locale: 'vi-VN',
};

const t = translator(DEFAULT_LANGUAGE);

/** Starts server and browser. @throws where Chromium is missing or the server does not come up */
export async function startProduct(): Promise<Product> {
  const browser = await startChromium();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'browser-test-'));
  const databaseUri = freshDatabaseUri();
  const server = await startProcess('demo/main', { MONGODB_URI: databaseUri, DATA_DIR: dataDir });
  const output = server.output();
  const printed = (text: string) => new RegExp(text).exec(output)?.slice(1) ?? [];
  const address = (key: string) => printed(t(key, { url: '(\\S+)' }))[0] ?? '';
  const [name = '', password = ''] = printed(t('start.demo.account', { name: '(\\S+)', password: '(\\S+)' }));
  const connection = await mongoose.createConnection(databaseUri).asPromise();
  if (!connection.db) throw new Error('no database');
  return {
    url: address('start.listening'),
    schoolLink: address('start.demo.form'),
    deskLink: address('start.demo.desk'),
    office: { login: address('start.demo.office'), name, password },
    database: connection.db,
    browser,
    async stop() {
      await browser.close();
      await server.end('SIGTERM');
      await connection.dropDatabase();
      await connection.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A page as narrow as a phone, with scripts. */
export async function narrowPage({ browser }: Product): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'vi-VN' });
  return context.newPage();
}

/** The same, logged in as the office. */
export async function officePage(product: Product): Promise<Page> {
  const page = await narrowPage(product);
  await logIn(page, product);
  return page;
}

/** Logs a page in as the office and leaves it at the list of rounds. */
export async function logIn(page: Page, { office }: Product): Promise<void> {
  await page.goto(office.login);
  await page.getByLabel(t('accounts.login.name')).fill(office.name);
  await page.getByLabel(t('accounts.login.password')).fill(office.password);
  await page.getByRole('button', { name: t('accounts.login.button'), exact: true }).click();
}

/** Chooses an answer of a question as a thumb does: on the words, not on the circle. */
export async function choose(page: Page | Frame, item: string, value: string | number): Promise<void> {
  await page.locator(`label:has(input[name="${item}"][value="${value}"])`).click();
}

/** Presses the button that sends the form. */
export async function send(page: Page, language = DEFAULT_LANGUAGE): Promise<void> {
  await page.getByRole('button', { name: translator(language)('respond.send.button') }).click();
}

/** Starts the browser. @throws where Chromium is missing */
export function startChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM_PATH`);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
