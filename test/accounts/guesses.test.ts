import type { RequestListener } from 'node:http';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { createApp } from '../../server/app.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { addPerson } from './people.js';

const LOGIN = '/van-phong/dang-nhap';

let product: TestApp;
/** A server of its own for each test: what was counted is in its memory. */
let app: RequestListener;

beforeAll(async () => {
  product = await startTestApp();
  await addPerson(product, { _id: 'hieu-truong', role: 'unit', unit: 'Q1' });
  await addPerson(product, { _id: 'ke-toan', role: 'unit', unit: 'Q1' });
  // Real accounts: a name that there is not costs as much as a password of the product's own.
  for (let other = 0; other < 15; other += 1)
    await addPerson(product, { _id: `ten-${other}`, role: 'leader' });
});
beforeEach(() => {
  const { context } = product;
  app = createApp({ ...context, config: { ...context.config, trustProxy: 1 } });
});
afterAll(dropDatabase);

const tryIn = (name: string, password: string, from: string, cookie = '') =>
  supertest(app)
    .post(LOGIN)
    .set('X-Forwarded-For', from)
    .set('Cookie', cookie)
    .type('form')
    .send({ name, password });

/** What a browser keeps after logging in, without the session. */
async function deviceOf(name: string, from = '10.0.0.1'): Promise<string> {
  const { headers } = await tryIn(name, product.password, from).expect(303);
  const cookies = [headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return cookies.find((cookie) => cookie.startsWith('may-')) ?? '';
}

/** Wrong passwords, until one is stopped. @returns how many were let through */
async function guessUntilStopped(
  name: string,
  fromEach: (guess: number) => string,
  most: number,
  cookie = '',
) {
  for (let guess = 0; guess < most; guess += 1)
    if ((await tryIn(name, `sai-${guess}`, fromEach(guess), cookie)).status === 429) return guess;
  return most;
}

describe('guessing from everywhere at once', () => {
  it('is stopped after a hundred guesses of one name in an hour, and others still log in', async () => {
    expect(await guessUntilStopped('hieu-truong', (guess) => `10.1.${guess}.1`, 150)).toBe(100);
    await tryIn('hieu-truong', product.password, '10.2.0.1').expect(429);
    await tryIn('ke-toan', product.password, '10.1.0.1').expect(303);
    expect((await entriesOf('guesses-stopped', 1))[0]).toMatchObject({
      account: 'system',
      subject: 'hieu-truong',
    });
  });

  it('does not keep out a browser in which that name has logged in before', async () => {
    const device = await deviceOf('hieu-truong');
    await guessUntilStopped('hieu-truong', (guess) => `10.3.${guess}.1`, 101);
    await tryIn('hieu-truong', product.password, '10.4.0.1').expect(429);
    await tryIn('hieu-truong', product.password, '10.4.0.1', device).expect(303);
  });

  it('of a name that there is not leaves nothing in the log', async () => {
    const before = await entriesOf('guesses-stopped', 100);
    await guessUntilStopped('khong-co', (guess) => `10.5.${guess}.1`, 102);
    expect(await entriesOf('guesses-stopped', 100)).toEqual(before);
  });
});

describe('guessing from the school’s own network', () => {
  it('does not keep out the head’s computer, of whatever name the guesses are', async () => {
    const device = await deviceOf('hieu-truong', '10.6.0.1');
    expect(await guessUntilStopped('hieu-truong', () => '10.6.0.1', 30)).toBe(20);
    for (let other = 0; other < 15; other += 1) await guessUntilStopped(`ten-${other}`, () => '10.6.0.1', 21);
    await tryIn('ke-toan', product.password, '10.6.0.1').expect(429);
    await tryIn('hieu-truong', product.password, '10.6.0.1', device).expect(303);
  });
});

describe('a browser that knows a name', () => {
  it('is stopped by its own mistakes alone', async () => {
    const device = await deviceOf('hieu-truong');
    expect(await guessUntilStopped('hieu-truong', (guess) => `10.7.${guess}.1`, 30, device)).toBe(20);
    await tryIn('hieu-truong', product.password, '10.7.0.1', device).expect(429);
    const another = await deviceOf('hieu-truong', '10.8.0.1');
    await tryIn('hieu-truong', product.password, '10.8.0.1', another).expect(303);
  });

  it('does not know another name by it', async () => {
    const device = await deviceOf('ke-toan');
    const [name, value = ''] = device.split('=');
    await guessUntilStopped('hieu-truong', (guess) => `10.9.${guess}.1`, 101);
    const [own = ''] = (await deviceNameOf('hieu-truong')).split('=');
    for (const cookie of [
      device,
      `${own}=${value}`,
      `${own}=x.y`,
      `${own}=`,
      `${name}=${value.slice(0, -1)}`,
    ])
      await tryIn('hieu-truong', product.password, '10.9.0.1', cookie).expect(429);
  });

  it('remembers several names', async () => {
    const cookies = [await deviceOf('hieu-truong'), await deviceOf('ke-toan')].join('; ');
    await guessUntilStopped('hieu-truong', (guess) => `10.10.${guess}.1`, 101);
    await guessUntilStopped('ke-toan', (guess) => `10.11.${guess}.1`, 101);
    for (const name of ['hieu-truong', 'ke-toan'])
      await tryIn(name, product.password, '10.12.0.1', cookies).expect(303);
  });
});

/** The name of somebody's cookie, as a server that has counted nothing gives it. */
async function deviceNameOf(name: string): Promise<string> {
  const { headers } = await supertest(product.app)
    .post(LOGIN)
    .type('form')
    .send({ name, password: product.password });
  return [headers['set-cookie'] ?? []].flat().find((cookie) => cookie.startsWith('may-')) ?? '';
}
