import type { Router } from 'express';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRounds } from '../../models/rounds.js';
import { allUnits } from '../../models/units.js';
import { resultRoutes } from '../../server/results/routes.js';
import { roundRoutes } from '../../server/rounds/routes.js';
import { unitRoutes } from '../../server/units/routes.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let addresses: { method: string; address: string }[];

beforeAll(async () => {
  product = await startTestApp();
  const { round } = await openedRound(product, [unitRow('Q1', ['thcs'])]);
  addresses = [roundRoutes, unitRoutes, resultRoutes].flatMap((routes) =>
    addressesOf(routes(product.context), round),
  );
});
afterAll(dropDatabase);

describe('without logging in', () => {
  it('every page of the office leads to the log-in page and back', async () => {
    const pages = addresses.filter(({ method }) => method === 'get');
    expect(pages.length).toBeGreaterThanOrEqual(6);
    for (const { address } of pages) {
      const answer = await supertest(product.app).get(`${address}?lang=en`).expect(303);
      expect(answer.headers.location).toContain(`tiep=${encodeURIComponent(`${address}?lang=en`)}`);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.text).not.toContain('Trường Q1');
    }
  });

  it('nothing of the office can be done', async () => {
    const doings = addresses.filter(({ method }) => method === 'post');
    expect(doings.length).toBeGreaterThanOrEqual(4);
    const before = [await allRounds(), await allUnits()];
    for (const { address } of doings) {
      const answer = await supertest(product.app)
        .post(address)
        .type('form')
        .send({ label: 'Đợt lạ' })
        .expect(401);
      expect(answer.text).toContain('Quý vị cần đăng nhập lại');
    }
    expect([await allRounds(), await allUnits()]).toEqual(before);
  });

  it('no address is told from another that does not exist', async () => {
    const answer = await supertest(product.app).get('/van-phong/khong-co').expect(303);
    expect(answer.headers.location).toBe('/van-phong/dang-nhap?tiep=%2Fvan-phong%2Fkhong-co');
    for (const method of ['put', 'delete', 'patch'] as const)
      await supertest(product.app)[method]('/van-phong/don-vi').expect(401);
  });
});

describe('an address that does not exist for an account', () => {
  it.each([
    ['office', null, '/van-phong', 'Đợt khảo sát'],
    ['unit', 'Q1', '/van-phong/co-so/Q1', 'Đơn vị của tôi'],
    ['entry', 'Q1', '/van-phong/co-so/Q1/phieu-giay', 'Nhập phiếu giấy'],
  ] as const)('leads %s %s back to where its own work is', async (role, unit, home, name) => {
    const agent = await agentOf(product, role, unit);
    const { text } = await agent.get('/van-phong/khong-co').expect(404);
    expect(text).toContain(`<a class="button second" href="${home}">${name}</a>`);
    expect(text).toContain('không thuộc phần việc của tài khoản này');
    expect(text).not.toContain('giấy mời');
  });
});

describe('an office address typed in capitals', () => {
  it('leads to the page, and a form sent there is refused', async () => {
    const answer = await supertest(product.app).get('/VAN-PHONG/don-vi?lang=en').expect(303);
    expect(answer.headers.location).toBe('/van-phong/don-vi?lang=en');
    expect((await supertest(product.app).get('/Van-Phong').expect(303)).headers.location).toBe('/van-phong');
    for (const method of ['post', 'put', 'delete'] as const)
      await supertest(product.app)[method]('/VAN-PHONG/dot-moi').expect(404);
  });
});

/** Every address that a router answers, with a real round in it. */
function addressesOf(routes: Router, round: string): { method: string; address: string }[] {
  return routes.stack.flatMap(({ route }) =>
    route ? route.stack.map(({ method }) => ({ method, address: route.path.replace(':round', round) })) : [],
  );
}
