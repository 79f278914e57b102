/** Whatever is sent to what is handed out, nothing fails and nothing is half done. */
import fc from 'fast-check';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setAccess } from '../../models/roundChanges.js';
import { storeUnits } from '../../models/units.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await storeUnits([unitRow('Q1', ['thcs'])]);
  const round = await createRound(product.context, draft(product.context));
  await setAccess(round, 'invitation');
  expect(await openRound(product.context, round)).toEqual([]);
});
afterAll(dropDatabase);

const value = fc.constantFrom(
  '',
  ' ',
  '1',
  '-1',
  '1e9',
  '00000',
  'Q1',
  'parents-thcs',
  'number',
  'forms',
  'yes',
  'invitation',
  '__proto__',
  '{"$ne":null}',
  '\0',
  '\u202e\ufeff\ud83d\ude00',
  '%00%ff',
  '<script>',
  '2222-2222-222',
  'x'.repeat(2000),
);
const name = fc.constantFrom(
  ...['copies', 'scope', 'survey', 'access', 'basis', 'number', 'code', 'batch', 'all'],
  ...['duoi', 'in', 'lan', 'thu-hoi', 'kho', 'dung', 'lang', 'number[]', 'code[$ne]', 'toString'],
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });

const ROUND = '/van-phong/dot/dot-2-nam-2026';
const UNIT = '/van-phong/co-so/Q1/dot/dot-2-nam-2026';
const FORMS = [
  ...['cach-tra-loi', 'tao', 'thu-hoi'].map((what) => `${ROUND}/ma-moi/${what}`),
  ...['phieu-in', 'ma-moi/tao', 'ma-moi/thu-hoi'].map((what) => `${UNIT}/${what}`),
  `${ROUND}/in/phieu`,
  '/van-phong/viec/khong-co/lai',
];
const PAGES = [
  ...['in', 'in/lan-in', 'in/phieu/x', 'ma-moi', 'ma-moi/phieu', 'ma-moi/ma.csv'].map(
    (what) => `${ROUND}/${what}`,
  ),
  ...['ap-phich', 'thu-ngo', 'phieu-in', 'phieu-in/x', 'ma-moi', 'ma-moi/phieu'].map(
    (what) => `${UNIT}/${what}`,
  ),
  '/van-phong/viec',
  '/van-phong/viec/khong-co',
];

it('as a form', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FORMS), fields, async (address, form) => {
      const { status, text } = await office
        .post(address)
        .type('form')
        .send(new URLSearchParams(form).toString());
      expect([303, 400, 404, 409, 413, 422]).toContain(status);
      expect(text).not.toMatch(/ at .*\.(ts|js|ejs):\d/);
    }),
    { numRuns: 100 },
  );
});

it('as an address', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PAGES), fields, async (address, query) => {
      const { status } = await office.get(`${address}?${new URLSearchParams(query)}`);
      expect([200, 400, 404]).toContain(status);
    }),
    { numRuns: 100 },
  );
});

it('as an invitation code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(value, fc.string()), async (code) => {
      const { status } = await supertest(product.app).get(`/m/${encodeURIComponent(code)}`);
      expect([200, 303, 400, 404]).toContain(status);
    }),
    { numRuns: 60 },
  );
});
