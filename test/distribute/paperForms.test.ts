/** Paper forms of a unit: each number once, every question of the survey, and a serial that can be typed in again. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { parsePaperSerial } from '../../models/paperSerial.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let office: TestAgent;
let school: TestAgent;
let round: string;
let address: string;

beforeAll(async () => {
  product = await startTestApp();
  ({ round } = await openedRound(product, [unitRow('Q1', ['thpt']), unitRow('Q2', ['thpt'])]));
  office = await officeAgent(product);
  school = await agentOf(product, 'unit', 'Q1');
  address = `/van-phong/co-so/Q1/dot/${round}/phieu-in`;
});
afterAll(dropDatabase);

const ask = (form: Record<string, string>, agent = school) => agent.post(address).type('form').send(form);

/** Numbers some sheets and opens them. */
async function sheets(survey: string, copies: number): Promise<string> {
  const { headers } = await ask({ survey, copies: String(copies) }).expect(303);
  const { text } = await school.get(String(headers.location)).expect(200);
  return text;
}

const serialsIn = (text: string) =>
  [...text.matchAll(/<strong>(\d{4}-\d{4})<\/strong>/g)].map(([, serial = '']) => serial);

describe('paper forms', () => {
  it.each([
    [{ survey: 'parents-thpt', copies: '0' }, 'copies'],
    [{ survey: 'parents-thpt', copies: '501' }, 'copies'],
    [{ survey: 'parents-thpt', copies: '1e2' }, 'copies'],
    [{ survey: 'parents-thpt', copies: '' }, 'copies'],
    [{ survey: 'parents-mam-non', copies: '5' }, 'survey'],
    [{ copies: '5' }, 'survey'],
  ])('are not numbered for %j', async (form, field) => {
    const { text } = await ask(form as Record<string, string>).expect(422);
    expect(text).toMatch(/<title>Lỗi: /);
    expect(text).toContain(`href="#${field}"`);
    expect(text).toContain(`id="${field}"`);
    expect(text).toContain('Chưa cấp số cho phiếu giấy nào');
  });

  it('of another unit are not opened here', async () => {
    const { headers } = await ask({ survey: 'parents-thpt', copies: '1' }, office).expect(303);
    const print = String(headers.location).split('/').at(-1);
    await office.get(`/van-phong/co-so/Q2/dot/${round}/phieu-in/${print}`).expect(404);
    await office.get(`${address}/khong-co`).expect(404);
  });

  it('have every question of the survey, numbered as on the screen, and no serial twice', async () => {
    const first = await sheets('students-thpt', 3);
    const survey = product.context.surveys.get('students-thpt');
    if (!survey) throw new Error('no survey');
    for (const item of itemsOf(survey)) expect(first).toContain(item.text.vi);
    for (const { title } of survey.sections) expect(first).toContain(title.vi);
    expect(first).toMatch(/30\/11\/2026/);

    const place = { round, unit: 'Q1' };
    const numbers = (text: string) =>
      serialsIn(text).map((serial) => parsePaperSerial(place, serial)?.number);
    expect(numbers(first)).toEqual([1, 2, 3]);
    expect(numbers(await sheets('students-thpt', 2))).toEqual([4, 5]);
    const [serial = ''] = serialsIn(first);
    const asked = product.context.surveys;
    expect(asked.has('students-thpt')).toBe(true);
    expect(parsePaperSerial(place, serial)?.survey).toBeGreaterThan(0);
    expect(parsePaperSerial({ round, unit: 'Q2' }, serial)).toBeNull();
  });

  it('that are asked for at once get numbers of their own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ask({ survey: 'parents-thpt', copies: '10' }).expect(303)),
    );
    const pages = await Promise.all(answers.map(({ headers }) => school.get(String(headers.location))));
    const serials = pages.flatMap(({ text }) => serialsIn(text));
    expect(serials).toHaveLength(60);
    expect(new Set(serials).size).toBe(60);
  });

  it('are told in the audit log, and can be printed again', async () => {
    const [entry] = await entriesOf('paper-forms-numbered', 1);
    expect(entry).toMatchObject({ account: 'unit-q1', subject: round, details: { unit: 'Q1' } });
    const { text } = await school.get(address).expect(200);
    expect(text).toMatch(/phieu-in\/[\w-]+">1–3<\/a>/);
  });

  it('say in words when a question is to be answered', async () => {
    const desk = await openedRound(product, [unitRow('MC', [])], {
      label: 'Quầy',
      subject: 'procedure',
      units: ['MC'],
    });
    const there = `/van-phong/co-so/MC/dot/${desk.round}/phieu-in`;
    const { headers } = await office
      .post(there)
      .type('form')
      .send({ survey: 'citizens-tthc', copies: '1' })
      .expect(303);
    const { text } = await office.get(String(headers.location)).expect(200);
    expect(text).toMatch(/<em>Chỉ trả lời nếu câu \d+ chọn “[^”]+”/);
  });

  it('are not numbered once the round is over, and those there are can still be seen', async () => {
    await closeRound(round, product.context.today());
    await ask({ survey: 'parents-thpt', copies: '1' }).expect(409);
    expect((await school.get(address).expect(200)).text).not.toContain(
      '<form method="post" action="/van-phong/co-so',
    );
  });
});
