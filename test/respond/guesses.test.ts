/** Guessing at invitation codes: a school behind one address is never in its way, a machine soon is. */
import supertest from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkedSymbols } from '../../models/linkCode.js';
import { countGuess, hasGuessedTooMuch } from '../../server/respond/guesses.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';

let product: TestApp;
beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

const status = async (code: string) => (await supertest(product.app).get(`/m/${code}`)).status;

it('typing mistakes are never counted, however many', async () => {
  for (let typed = 0; typed < 350; typed += 1) expect(await status(`ABCD-${typed}`)).toBe(404);
});

it('codes that nobody was given are, until none is looked at any more from there', async () => {
  const code = (guess: number) => checkedSymbols([...String(guess).padStart(10, '0')].map(Number));
  for (let guess = 0; guess < 300; guess += 1) expect(await status(code(guess))).toBe(404);
  expect(await status(code(300))).toBe(429);
  const { text } = await supertest(product.app).get(`/m/${code(301)}`);
  expect(text).toContain('Xin Quý vị chờ ít phút');
});

it('networks are told apart, and neighbours in one IPv6 network are not', () => {
  for (let guess = 0; guess < 300; guess += 1) countGuess(`2001:db8:0:1::${guess.toString(16)}`);
  expect(hasGuessedTooMuch('2001:db8:0:1::ffff')).toBe(true);
  expect(hasGuessedTooMuch('203.0.113.7')).toBe(false);
});
