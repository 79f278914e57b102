/**
 * Every page of the office, as its routes tell, asked with every name that an address may carry, each with a value that
 * programs stumble over. A new page or name is tried without being listed.
 */
import type { Router } from 'express';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { officeRoutes } from '../../server/app.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { foundIn } from './sources.js';
import { officeAgent, openedRound, startTestApp, unitRow } from './testApp.js';

const names = foundIn('', /queryText\(\s*request,\s*'([\w-]+)'/g);

let office: TestAgent;
let addresses: string[];

beforeAll(async () => {
  const product = await startTestApp();
  office = await officeAgent(product);
  const { round } = await openedRound(product, [unitRow('Q1', ['thcs'])], { surveys: ['parents-thcs'] });
  await closeRound(round, product.context.today());
  const values: Readonly<Record<string, string>> = {
    ':round': round,
    ':unit': 'Q1',
    ':service': 'thcs',
    ':survey': 'parents-thcs',
    ':version': '1',
    ':item': 'B09',
    ':table': 'tieu-chi.csv',
    ':picture': 'muc-do.svg',
    ':name': 'vanphong',
  };
  addresses = Object.values(officeRoutes(product.context))
    .flat()
    .flatMap((router: Router) =>
      router.stack.flatMap(({ route }) =>
        route?.stack.some(({ method }) => method === 'get') ? [String(route.path)] : [],
      ),
    )
    .map((path) => path.replace(/:\w+/g, (place) => values[place] ?? 'x'));
});
afterAll(dropDatabase);

test.each(['__proto__', 'constructor', '\0', '-1'])('no page fails when every name is %j', async (value) => {
  expect(names.length).toBeGreaterThan(20);
  expect(addresses.length).toBeGreaterThan(90);
  const query = Object.fromEntries(names.map((name) => [name, value]));
  for (const address of addresses) {
    const { status } = await office.get(address).query(query);
    expect([address, status, status < 500]).toEqual([address, status, true]);
  }
});
