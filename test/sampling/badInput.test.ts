import fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { NASTY } from '../http/badInput.js';
import { draft, officeAgent, openedRound, startTestApp, unitRow } from '../http/testApp.js';

/** Values that people, programs and attackers send here. */
const VALUES = [
  ...NASTY,
  ...[
    'sample',
    'census',
    'level',
    'place',
    'round',
    'stratum',
    '95',
    '0',
    '1',
    '50',
    '-1',
    'NaN',
    '9999999999',
    '0,0001',
  ],
];
const FIELDS = [
  'kind',
  'by',
  'precisionFor',
  'margin',
  'confidence',
  'expected',
  'responseRate',
  'designEffect',
  'spread',
  'minimum',
  'drawn',
  'seed',
  'reason',
  'q:Q1',
  's:Q1',
  'q:__proto__',
  '__proto__',
  'by[$gt]',
];
const QUERIES = ['duoi', 'xem', 'loc', 'tim', 'sap', 'phan', 'tang', 'trang', 'lang', 'tim[$ne]', 'trang[]'];

/** A form that could be right, with some of it replaced. */
const RIGHT = {
  kind: 'sample',
  by: 'level',
  precisionFor: 'round',
  margin: '5',
  confidence: '95',
  expected: '50',
  responseRate: '50',
  spread: 'equal',
  minimum: '3',
};
const value = fc.constantFrom(...VALUES);
const pairs = (names: string[]) => fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 });

let office: TestAgent;
let rounds: string[];

beforeAll(async () => {
  const product = await startTestApp();
  office = await officeAgent(product);
  const { round } = await openedRound(product, [
    { ...unitRow('Q1', ['thcs']), enrolment: 90 },
    unitRow('Q2', []),
  ]);
  rounds = [round, await createRound(product.context, draft(product.context, { label: 'Nháp' }))];
});
afterAll(dropDatabase);

it('no form makes the sampling plan fail', async () => {
  const path = fc.constantFrom('/mau', '/mau', '/mau/chi-tieu', '/mau/bo');
  await fc.assert(
    fc.asyncProperty(fc.nat(1), path, pairs(FIELDS), fc.boolean(), async (which, page, fields, right) => {
      const body = new URLSearchParams(right ? { ...RIGHT, ...Object.fromEntries(fields) } : fields);
      const { status, text } = await office
        .post(`/van-phong/dot/${rounds[which]}${page}`)
        .type('form')
        .send(body.toString());
      expect([303, 400, 409, 413, 422]).toContain(status);
      expect(text).not.toMatch(/ at .*\.(ts|js|ejs):\d/);
    }),
    { numRuns: 300 },
  );
});

it('no query makes the plan or the board fail', async () => {
  const path = fc.constantFrom('/mau', '/mau/nhap', '/tien-do', '/tien-do/nhac', '/tien-do.csv');
  await fc.assert(
    fc.asyncProperty(fc.nat(1), path, pairs(QUERIES), async (which, page, parameters) => {
      const { status } = await office.get(
        `/van-phong/dot/${rounds[which]}${page}?${new URLSearchParams(parameters)}`,
      );
      expect([200, 400, 404]).toContain(status);
    }),
    { numRuns: 300 },
  );
});
