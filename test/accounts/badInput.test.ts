import fc from 'fast-check';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeUnits } from '../../models/units.js';
import { dropDatabase } from '../database.js';
import { NASTY } from '../http/badInput.js';
import { officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

/** Values that people, programs and attackers send here. */
const VALUES = [
  ...NASTY,
  ...[
    'vanphong',
    'office',
    'unit',
    'entry',
    'Q1',
    'thcs',
    'yes',
    'co',
    'phieu',
    'csv',
    '7',
    '2026-10-01',
    '2026-02-30',
    '-0',
    '123456',
    '[["a","b"]]',
    '[[1]]',
  ],
];
const FIELDS = [
  ...[
    'name',
    'fullName',
    'role',
    'unit',
    'password',
    'old-password',
    'repeat-password',
    'code',
    'sealed',
    'kept',
  ],
  ...['top', 'levels', 'days', 'again', 'dang', 'ma', 'tiep', 'tiep[$ne]', 'name[$gt]', '__proto__', 'lang'],
  ...[
    'tim',
    'vai-tro',
    'don-vi',
    'trang-thai',
    'trang',
    'tu',
    'den',
    'tai-khoan',
    'viec',
    'doi-tuong',
    'truoc',
    'so',
  ],
];
const value = fc.constantFrom(...VALUES);
const fields = fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 20 });
const place = value.map(encodeURIComponent);

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await storeUnits([unitRow('Q1', ['thcs'])]);
});
afterAll(dropDatabase);

describe('no input makes the pages of accounts and of the log fail', () => {
  it('as a form', async () => {
    const address = fc.oneof(
      fc.constantFrom('dang-nhap', 'dang-nhap/ma', 'tai-khoan-moi', 'tai-khoan-loat', 'tai-khoan/vanphong'),
      fc.constantFrom('cua-toi/mat-khau', 'cua-toi/xac-thuc', 'cua-toi/xac-thuc/ma', 'cua-toi/xac-thuc/tat'),
      place.map((name) => `tai-khoan/${name}/moi-lai`),
      place.map((token) => `moi/${token}`),
    );
    await fc.assert(
      fc.asyncProperty(address, fields, async (path, form) => {
        const body = new URLSearchParams(form).toString();
        const { status, text } = await office.post(`/van-phong/${path}`).type('form').send(body);
        expect([200, 303, 400, 404, 409, 410, 422, 429]).toContain(status);
        expect(text ?? '').not.toMatch(/ at .*\.(ts|js|ejs):\d/);
      }),
      { numRuns: 200 },
    );
  });

  it('as an address or a query', async () => {
    const address = fc.oneof(
      fc.constantFrom('tai-khoan', 'tai-khoan-loat', 'nhat-ky', 'nhat-ky.csv', 'nhat-ky/kiem-tra', 'moi'),
      fc.constantFrom('cua-toi', 'cua-toi/xac-thuc', 'dang-nhap', 'dang-nhap/ma'),
      place.map((name) => `tai-khoan/${name}`),
    );
    const agent = fc.constantFrom(
      () => office,
      () => supertest(product.app),
    );
    await fc.assert(
      fc.asyncProperty(agent, address, fields, async (who, path, query) => {
        const { status } = await who().get(`/van-phong/${path}?${new URLSearchParams(query)}`);
        expect([200, 303, 400, 404, 422]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});
