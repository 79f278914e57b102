import { createHash } from 'node:crypto';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from './testApp.js';

let product: TestApp;
beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

describe('an unsafe request from another site is refused', () => {
  test.each<[string, Record<string, string>]>([
    ['by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['also from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['by Origin where the browser has no Sec-Fetch-Site', { origin: 'https://example.org' }],
    ['from a sandbox without an origin', { origin: 'null' }],
    ['with an Origin that is no address', { origin: 'x' }],
    ['even where Origin says it is ours', { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' }],
  ])('%s', async (_name, headers) => {
    for (const path of ['/van-phong/dang-nhap', '/van-phong/dang-xuat', '/k/222222/a/b', '/nothing'])
      await supertest(product.app).post(path).set(headers).expect(403);
  });

  test('while our own pages and programs without a browser get through', async () => {
    const form = { name: 'x', password: 'y' };
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { host: 'a.vn', origin: 'https://a.vn' }, {}])
      await supertest(product.app)
        .post('/van-phong/dang-nhap')
        .set(headers)
        .type('form')
        .send(form)
        .expect(422);
  });
});

describe('every answer', () => {
  test.each(['/', '/k/222222', '/van-phong/dang-nhap', '/nothing'])(
    'of %s carries the security headers',
    async (path) => {
      const { headers } = await supertest(product.app).get(path);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    },
  );

  test('allows exactly the style and the script it carries', async () => {
    const { headers, text } = await supertest(product.app).get('/');
    const allowed = /'sha256-[^']+'/g;
    const inline = [...text.matchAll(/<(?:style|script)>([\s\S]*?)<\/(?:style|script)>/g)].map(
      ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
    );
    expect(inline.length).toBe(2);
    const policy = String(headers['content-security-policy']);
    expect(policy.match(allowed)).toEqual(inline);
    expect(/style-src ([^;]*);script-src ([^;]*);/.exec(policy)?.slice(1)).toEqual(inline);
    expect(text).not.toMatch(/ style="| on[a-z]+="|<script [^>]*src/);
  });
});

test('public pages set no cookie', async () => {
  for (const path of ['/', '/k/222222', '/k?ma=x']) {
    const { headers } = await supertest(product.app).get(path);
    expect(headers['set-cookie']).toBeUndefined();
  }
});

test('a program that wants JSON gets the problem as JSON', async () => {
  const answer = await supertest(product.app).get('/nothing').set('Accept', 'application/json').expect(404);
  expect(answer.body).toMatchObject({ code: 'not-found', message: expect.stringContaining('Đường dẫn') });
});

test('health is told as JSON', async () => {
  const answer = await supertest(product.app).get('/healthz').expect(200);
  expect(answer.body).toEqual({ status: 'ok' });
});

test('unknown languages fall back to Vietnamese', async () => {
  for (const lang of ['xx', '../en', 'constructor', ''])
    expect((await supertest(product.app).get('/').query({ lang })).text).toContain('<html lang="vi">');
});
