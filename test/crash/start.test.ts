import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownEngine } from '../database/ownEngine.js';
import { type RunningProduct, startProduct } from '../product.js';

const SECRET = 'a secret of the start test, long enough';
let dataDir: string;
let product: RunningProduct | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'start-'));
});
afterEach(async () => {
  await product?.end('SIGKILL');
  product = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

describe('the production start refuses', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['without a secret', {}, /SESSION_SECRET is missing/],
    ['with a short secret', { SESSION_SECRET: 'short' }, /SESSION_SECRET must have at least 32/],
    ['with a port that is none', { SESSION_SECRET: SECRET, PORT: '70000' }, /PORT/],
    [
      'with an address that is no MongoDB',
      { SESSION_SECRET: SECRET, MONGODB_URI: 'http://x' },
      /MONGODB_URI/,
    ],
    [
      'with a file for a data directory',
      { SESSION_SECRET: SECRET, DATA_DIR: path.resolve('package.json') },
      /data directory \S+package\.json cannot be made \(EEXIST\)/,
    ],
  ])('%s, and says what to do', async (_name, settings, message) => {
    await expect(startProduct('main', { DATA_DIR: dataDir, ...settings })).rejects.toThrow(message);
  });

  test('a second server on the same data, and leaves the first alone', async () => {
    product = await startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET });
    await expect(startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET })).rejects.toThrow(
      /in use/i,
    );
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
  });
});

test('a port in use is said in a sentence, before anything is stored', async () => {
  product = await startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET });
  const other = path.join(dataDir, 'other');
  const settings = { DATA_DIR: other, SESSION_SECRET: SECRET, PORT: new URL(product.url).port };
  const refusal = await startProduct('main', settings).catch((error: Error) => error.message);
  expect(refusal).toMatch(/^ended with 1 .*\nCổng \d+ đang được chương trình khác dùng/);
  expect(refusal).not.toContain('mật khẩu');
  expect(existsSync(other)).toBe(false);
});

test('an embedded database that is killed is started again under the running server', async () => {
  product = await startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET, LOG_LEVEL: 'silent' });
  const { url } = product;
  const health = async () => (await fetch(`${url}/healthz`)).status;
  const engine = () => Number(JSON.parse(readFileSync(path.join(dataDir, 'engine.lock'), 'utf8')).pid);
  const killed = engine();
  process.kill(killed, 'SIGKILL');
  await expect.poll(health, { timeout: 15_000 }).toBe(200);
  expect(engine()).not.toBe(killed);
  // Twice within a minute is beyond saving: the server ends, for whoever watches over it to see.
  process.kill(engine(), 'SIGKILL');
  expect(await product.ended).toBe(1);
  expect(product.output()).toContain('Cơ sở dữ liệu nhúng đã dừng đột ngột');
});

test('the first start prints the password of the office account, later ones do not', async () => {
  product = await startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET });
  expect(product.output()).toMatch(/vanphong, mật khẩu \S{19}/);
  // Told to stop in the moment in which it says that it runs, it stops cleanly all the same.
  expect(await product.end('SIGTERM')).toBe(0);
  product = await startProduct('main', { DATA_DIR: dataDir, SESSION_SECRET: SECRET });
  expect(product.output()).not.toContain('mật khẩu');
});

test('with the database gone, health is 503 and a person gets a plain page, not a crash', async () => {
  const engine = await ownEngine(dataDir);
  product = await startProduct('main', {
    MONGODB_URI: engine.uri,
    SESSION_SECRET: SECRET,
    LOG_LEVEL: 'silent',
  });
  expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
  await engine.stop();
  const health = await fetch(`${product.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([503, { status: 'database-down' }]);
  const logIn = { method: 'POST', body: new URLSearchParams({ name: 'vanphong', password: 'x' }) };
  for (const [address, request] of [['/k/222222', {}] as const, ['/van-phong/dang-nhap', logIn] as const]) {
    const answer = await fetch(product.url + address, request);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await answer.text()).toContain('Hệ thống tạm thời gián đoạn');
  }
});

test('the demonstration adds its data once, keeps them, and marks every page', {
  timeout: 90_000,
}, async () => {
  product = await startProduct('demo/main', { DATA_DIR: dataDir });
  const first = product.output();
  const [, responses, seconds] = /Đã tạo (\d+) phiếu minh họa trong ([\d.]+) giây/.exec(first) ?? [];
  expect(Number(responses)).toBeGreaterThanOrEqual(5000);
  expect(Number(seconds)).toBeLessThan(20);
  const forms = [...first.matchAll(/http:\S+\/k\/\w{6}/g)].map(([address]) => address);
  expect(forms).toHaveLength(2);
  for (const address of [
    ...forms,
    `${product.url}/`,
    `${product.url}/van-phong/dang-nhap`,
    `${product.url}/nothing`,
  ])
    expect(await (await fetch(address)).text()).toContain('Dữ liệu minh họa');
  await product.end('SIGKILL');
  product = await startProduct('demo/main', { DATA_DIR: dataDir });
  const second = product.output();
  expect(second).not.toContain('Đã tạo');
  const account = /Tên đăng nhập.*/;
  expect(account.exec(second)?.[0]).toBe(account.exec(first)?.[0]);
  const links = (text: string) => [...text.matchAll(/\/k\/(\w{6})/g)].map(([, code]) => code);
  expect(links(second)).toEqual(links(first));
});
