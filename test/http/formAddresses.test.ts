/** Where people land who come by its address to what only takes a form. */
import type { Router } from 'express';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { officeRoutes } from '../../server/app.js';
import { dropDatabase } from '../database.js';
import { agentOf } from './testAccounts.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from './testApp.js';

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  ({ round } = await openedRound(product, [unitRow('Q1', ['thcs'])], { surveys: ['parents-thcs'] }));
});
afterAll(dropDatabase);

it('does not exist for an account that has no business there', async () => {
  const unit = await agentOf(product, 'unit', 'Q1');
  await unit.get(`/van-phong/dot/${round}/dong`).expect(404);
  await unit.get('/van-phong/co-so/Q2/phieu-giay/x/chot').expect(404);
  await unit.get('/van-phong/dot/x/khong-co').expect(404);
  await office.get(`/van-phong/dot/${round}/khong-co`).expect(404);
});

test.each([
  ['/van-phong/dot/D/dong?lang=en', '/van-phong/dot/D?lang=en'],
  ['/van-phong/dot/D/ma-moi/tao', '/van-phong/dot/D/ma-moi'],
  ['/van-phong/cua-toi/mat-khau', '/van-phong/cua-toi'],
  ['/van-phong/co-so/Q1/phieu-giay/B/chot', '/van-phong/co-so/Q1/phieu-giay/B'],
  ['/van-phong/dang-xuat', '/van-phong'],
])('%s leads to %s', async (address, page) => {
  expect((await office.get(address).expect(303)).headers.location).toBe(page);
});

it('is never a dead end', async () => {
  const routers: Router[] = Object.values(officeRoutes(product.context)).flat();
  const addresses = routers
    .flatMap(({ stack }) => stack)
    .flatMap(({ route }) => (route?.stack.some(({ method }) => method === 'post') ? [route.path] : []));
  expect(addresses.length).toBeGreaterThan(60);
  for (const address of addresses) {
    const path = address.replace(':round', round).replace(':unit', 'Q1').replace(/:\w+/g, 'x');
    const { status, text } = await office.get(path);
    const named = status === 404 && !/Không có trang này/.test(text);
    expect([address, status < 400 || named || path.includes('/x')]).toEqual([address, true]);
  }
});

it('is no dead end for who had to log in on the way', async () => {
  const agent = supertest.agent(product.app);
  const logIn = await agent.get('/van-phong/tai-khoan/vanphong/moi-lai').expect(303);
  const answer = await agent
    .post(String(logIn.headers.location))
    .type('form')
    .send({ name: 'vanphong', password: product.password })
    .expect(303);
  const back = await agent.get(String(answer.headers.location)).expect(303);
  await agent.get(String(back.headers.location)).expect(200);
});

it('keeps a list in the other language as it was searched', async () => {
  const { text } = await office.get('/van-phong/don-vi?tim=Q1&lang=vi').expect(200);
  expect(text).toContain('href="?tim=Q1&amp;lang=en"');
});
