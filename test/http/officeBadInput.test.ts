import fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, unitRow } from '../http/testApp.js';
import { NASTY } from './badInput.js';

/** Values that people, programs and attackers send here. */
const VALUES = [
  ...NASTY,
  ...[
    'education',
    'procedure',
    'calendar-year',
    'parents-thcs',
    'citizens-tthc',
    'Q1',
    '2026-10-01',
    '2026-12-31',
    '2026-02-30',
    '85,5',
    '-0',
    'NaN',
    '$where',
  ],
];

const FIELDS = [
  'label',
  'subject',
  'numbering',
  'opens',
  'closes',
  'continuous',
  'bound',
  'target',
  'lead',
  'source',
  'surveys',
  'desks',
  'version-parents-thcs',
  'coordinating',
  'plan',
  'mau',
  'title',
  'from',
  'to',
  'year',
  'revision',
  'key',
  'day',
  'value',
  'reason',
  'rhythm',
  'what',
  'reports-0-name',
  'reports-0-due',
  'products-1-name',
  'products-1-every',
  'targets-0-rate',
  'targets-0-value',
  'targets-0-by',
  'rounds-3-ordinal',
  'rounds-3-opens',
  'rounds-99-id',
  'actions-0-indicator',
  'number',
  'symbol',
  'grounds',
  'recipients',
  'position',
  'budget',
  'handedOut',
  'step',
  'list',
  'name',
  'password',
  'label[]',
  'surveys[$gt]',
  '__proto__',
  'toString',
];

const value = fc.constantFrom(...VALUES);
const form = fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 25 });

let office: TestAgent;

beforeAll(async () => {
  const product = await startTestApp();
  office = await officeAgent(product);
  await openedRound(product, [unitRow('Q1', ['thcs'])]);
  await office
    .post('/van-phong/ke-hoach/moi')
    .type('form')
    .send({ mau: 'dak-lak-2021', title: 'Kế hoạch thử', year: '2026' })
    .expect(303);
});
afterAll(dropDatabase);

describe('no input makes the office’s pages fail', () => {
  it('as a form, to any address that takes one', async () => {
    const address = fc.oneof(
      fc.constantFrom('/dot-moi', '/dang-nhap', '/dang-nhap', '/don-vi/nhap'),
      fc.constantFrom('/ke-hoach/moi', ...['', '/xong', '/chua-xong'].map((what) => `/ke-hoach/mau${what}`)),
      fc
        .constantFrom('/sua', '/noi-dung/moi', '/noi-dung/m1', '/noi-dung/m1/xoa')
        .map((what) => `/ke-hoach/ke-hoach-thu${what}`),
      fc.constantFrom('/xong', '/chua-xong').map((what) => `/ke-hoach/ke-hoach-thu${what}`),
      fc
        .constantFrom('/gia-han', '/mo-lai', '/sua', '/van-ban/ke-hoach', '/van-ban/bao-cao')
        .map((what) => `/dot/dot-2-nam-2026${what}`),
      value.map((round) => `/dot/${encodeURIComponent(round)}/mo`),
      value.map((round) => `/dot/${encodeURIComponent(round)}/dong`),
    );
    await fc.assert(
      fc.asyncProperty(address, form, async (path, fields) => {
        const body = new URLSearchParams(fields).toString();
        const { status, text } = await office.post(`/van-phong${path}`).type('form').send(body);
        expect([303, 400, 404, 409, 413, 415, 422, 429]).toContain(status);
        expect(text).not.toMatch(/ at .*\.(ts|js|ejs):\d/);
      }),
      { numRuns: 300 },
    );
  });

  it('as an address or a query', async () => {
    const query = fc.array(
      fc.tuple(
        fc.constantFrom('lang', 'ke-hoach', 'mau', 'dot', 'dich-vu', 'tu', 'dang', 'tiep', 'tiep[$ne]'),
        value,
      ),
    );
    const address = fc.oneof(
      fc.constantFrom('/ke-hoach', '/ke-hoach/moi', '/ke-hoach/ke-hoach-thu', '/phieu/parents-thcs/so-sanh'),
      fc.constantFrom(
        '/phieu/parents-thcs/1',
        '/phieu/parents-thcs/1/bieu-mau',
        '/dot/dot-2-nam-2026/quan-ly',
      ),
      value.map((one) => `/ke-hoach/ke-hoach-thu/noi-dung/${encodeURIComponent(one)}`),
      value.map((one) => `/phieu/parents-thcs/${encodeURIComponent(one)}`),
      fc.constantFrom('', '/dot-moi', '/don-vi', '/don-vi/nhap', '/dang-nhap', '/dot/dot-2-nam-2026'),
      value.map((round) => `/dot/${encodeURIComponent(round)}`),
      value.map((round) => `/dot/${encodeURIComponent(round)}/ty-le.csv`),
    );
    await fc.assert(
      fc.asyncProperty(address, query, async (path, parameters) => {
        const { status } = await office.get(`/van-phong${path}?${new URLSearchParams(parameters)}`);
        expect([200, 400, 404]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});
