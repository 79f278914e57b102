/** Print runs for many units: drawn by a job, kept for a week, opened at once; paper forms numbered once. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertJob, type Job } from '../../models/jobs.js';
import { printedLinkCode } from '../../models/linkCode.js';
import { formsJob, postersJob } from '../../server/distribute/runJobs.js';
import type { JobKind } from '../../server/jobs/jobs.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';

const UNITS = 240;

/** The address that is printed: in tests every request would come by another one. */
const HOST = 'khaosat.example';

let product: TestApp;
let office: TestAgent;
let round: string;
let links: Map<string, string>;
let page: string;
let runs = 0;

beforeAll(async () => {
  product = await startTestApp();
  ({ round, links } = await openedRound(product, [
    unitRow('SO', []),
    { ...unitRow('XA', [], 'Xã Nhỏ'), parent: 'SO' },
    { ...unitRow('X1', ['thcs'], 'Trường Nhỏ'), parent: 'XA' },
    ...Array.from({ length: UNITS - 1 }, (_, unit) => ({
      ...unitRow(`Q${unit}`, ['thcs'], `Trường ${String(unit).padStart(3, '0')}`),
      parent: 'SO',
    })),
  ]));
  office = await officeAgent(product);
  page = `/van-phong/dot/${round}/in`;
});
afterAll(dropDatabase);
beforeEach(() => {
  runs += 1;
});
afterEach(async () => {
  product.setPatience(30_000);
  await collection('printRuns').deleteMany({});
});

const collection = (name: string) => mongoose.connection.collection(name);
const ask = (paper = 'ap-phich', more = {}) =>
  office
    .post(`${page}/lan-in`)
    .set('Host', HOST)
    .type('form')
    .send({ in: paper, ...more });
const askForms = (form: object) => office.post(`${page}/phieu`).set('Host', HOST).type('form').send(form);
const see = (address: unknown) => office.get(String(address)).set('Host', HOST);
const died = (id: string) =>
  collection('jobs').updateOne(
    { _id: id as never },
    { $set: { state: 'running', beat: new Date(Date.now() - 60_000) } },
  );
const begunAgain = async (id: string) => {
  await office.post(`/van-phong/viec/${id}/lai`).expect(303);
  return jobEnd(id);
};
const jobOf = (location: unknown) => String(location).split('/viec/')[1] ?? '';
/** What is between head and end of a printed page. */
const sheetsIn = (text: string) => /<main>([\s\S]*)<\/main>/.exec(text)?.[1]?.trim();

/** A job whose server died a minute ago, before it had done anything. */
async function abandoned(kind: string, input: Job['input'], account = 'vanphong'): Promise<string> {
  const { id } = await insertJob({ kind, account, parameters: { name: 'Đợt' }, input, total: UNITS });
  await died(id);
  return id;
}
const inputOf = (more: Job['input'] = {}): Job['input'] => ({
  ...{ round, scope: '', base: `http://${HOST}`, name: `ten-${runs}` },
  ...more,
});

/** Runs a job until it has come so far in its last step, or in the first where that is asked for. */
function runUntil(
  kind: JobKind<never>,
  input: Job['input'],
  sheets: number,
  first = false,
): Promise<unknown> {
  let step: string | undefined;
  return kind.run(
    product.context,
    input as never,
    {
      async begin(now) {
        step = now;
      },
      async reached(done) {
        const here = !kind.steps || step === kind.steps.at(first ? 0 : -1);
        if (here && done >= sheets) throw new Error('killed');
      },
      expect() {},
    },
    'vanphong',
  );
}

describe('a print run for many units', () => {
  it.each(['', 'ma-vach', 'forms'])('of %j is not there', async (paper) => {
    await ask(paper).expect(404);
  });

  it('is not drawn for leaders, who get it as it is drawn, nor for units', async () => {
    const leader = await agentOf(product, 'leader');
    await leader.post(`${page}/lan-in`).type('form').send({ in: 'ap-phich' }).expect(403);
    const { text } = await leader.get(page).expect(200);
    expect(text).toMatch(new RegExp(`<form method="get" action="${page}/lan-in"`));
    const unit = await agentOf(product, 'unit', 'Q1');
    await unit.post(`${page}/lan-in`).type('form').send({ in: 'ap-phich' }).expect(404);
    product.setPatience(0);
    const job = jobOf((await ask('thu-ngo').expect(303)).headers.location);
    await unit.get(`/van-phong/viec/${job}`).expect(404);
    const { href } = await jobEnd(job);
    await unit.get(String(href)).expect(404);
    await leader.get(String(href)).expect(200);
  });

  it('is not there any more, or of another round, and the page says what to do', async () => {
    const { headers } = await ask().expect(303);
    const run = String(headers.location).split('/').at(-1);
    const { text } = await see(`${page}/lan-in/khong-co`).expect(404);
    expect(text).toContain('Bản in chỉ được giữ bảy ngày');
    await see(`/van-phong/dot/khac/in/lan-in/${run}`).expect(404);
    await see(`${page}/phieu/${run}`).expect(404);
    await collection('printRuns').updateMany({}, { $set: { expires: new Date() } });
    await see(String(headers.location)).expect(404);
    expect((await see(page)).text).not.toContain('Bản in đã dựng');
  });

  it('is what it is when it is sent while it is drawn, in either language, with the same policy', async () => {
    const { headers } = await ask().expect(303);
    expect(headers.location).toMatch(new RegExp(`^${page}/lan-in/[\\w-]+$`));
    const kept = await see(String(headers.location)).expect(200);
    const sent = await see(`${page}/lan-in?in=ap-phich`).expect(200);
    expect(sheetsIn(kept.text)).toBe(sheetsIn(sent.text));
    expect(kept.text).toContain(HOST);
    expect(kept.text.match(/class="place"/g)).toHaveLength(UNITS);
    expect(kept.text).toContain(printedLinkCode(links.get('Q7') ?? ''));
    expect(kept.headers['content-security-policy']).toBe(sent.headers['content-security-policy']);
    expect(kept.text).toMatch(/được giữ đến ngày \d\d\/\d\d\/\d{4}/);
    const english = await see(`${headers.location}?lang=en`).expect(200);
    expect(english.text).toContain('kept until');
    expect(sheetsIn(english.text)).toBe(sheetsIn(kept.text));
    expect(kept.text.trim()).toMatch(/<\/html>$/);
  });

  it('can be left: the page to print lists it while it is drawn and once it is ready, with its last day', async () => {
    const id = await abandoned('print-posters', inputOf());
    await collection('jobs').updateOne(
      { _id: id as never },
      { $set: { beat: new Date(), done: 123, lock: `print-posters ${round} ` } },
    );
    const half = await see(page).expect(200);
    expect(half.text).toContain(`href="/van-phong/viec/${id}"`);
    expect(half.text).toContain(`123 trên ${UNITS}`);
    // Who asks for the same meanwhile is led to it.
    product.setPatience(0);
    expect(jobOf((await ask().expect(303)).headers.location)).toBe(id);
    await died(id);
    const { href, outcome } = await begunAgain(id);
    expect(outcome).toMatchObject({ sheets: UNITS });
    const job = await see(`/van-phong/viec/${id}`).expect(200);
    expect(job.text).toContain(`Đã dựng ${UNITS} tờ. Bản in được giữ đến ngày ${outcome.until}`);
    expect(job.text).toContain('Mở bản in');
    const { text } = await see(page).expect(200);
    expect(text).toContain(`href="${href}"`);
    expect(text).toContain(String(outcome.until));
    expect(text).not.toContain('Hãy dựng lại trước khi in');
  });

  it('is not drawn twice for the same, and again once the round has another last day', async () => {
    const first = (await ask().expect(303)).headers.location;
    expect((await ask().expect(303)).headers.location).toBe(first);
    const closes = (day: string) =>
      collection('rounds').updateOne({ _id: round as never }, { $set: { closes: day } });
    await closes('2026-12-15');
    expect((await see(page)).text).toContain('Hãy dựng lại trước khi in');
    const second = (await ask().expect(303)).headers.location;
    expect(second).not.toBe(first);
    expect((await see(String(second))).text).toContain('15/12/2026');
    await closes('2026-11-30');
  });

  it('of a few units opens at once, and nothing is kept of it', async () => {
    const { headers } = await ask('ap-phich', { duoi: 'XA' }).expect(303);
    expect(headers.location).toBe(`${page}/lan-in?in=ap-phich&duoi=XA`);
    expect((await see(String(headers.location)).expect(200)).text).toContain('Trường Nhỏ');
    expect(await collection('printRuns').countDocuments()).toBe(0);
  });

  it.each([0, 100, UNITS])('whose server died after %i sheets is drawn whole and once', async (sheets) => {
    await collection('keptTexts').deleteMany({});
    const input = inputOf();
    const id = await abandoned('print-posters', input);
    await expect(runUntil(postersJob as JobKind<never>, input, sheets)).rejects.toThrow('killed');
    expect(await collection('keptTexts').countDocuments()).toBe(0);
    const { href } = await begunAgain(id);
    expect((await see(String(href))).text.match(/class="place"/g)).toHaveLength(UNITS);
    const pieces = await collection('keptTexts').countDocuments();
    await died(id);
    expect(await begunAgain(id)).toMatchObject({ state: 'done', href });
    expect([
      await collection('printRuns').countDocuments(),
      await collection('keptTexts').countDocuments(),
    ]).toEqual([1, pieces]);
  });

  it('is kept in pieces below a megabyte, which the database removes', async () => {
    await ask().expect(303);
    const [run] = await collection('printRuns').find().toArray();
    const pieces = await collection('keptTexts').find({ text: run?.text }).toArray();
    expect(pieces.length).toBe(run?.pieces);
    expect(pieces.length).toBeGreaterThan(2);
    for (const { content } of pieces) expect(content.length()).toBeLessThan(1024 * 1024);
    for (const name of ['printRuns', 'keptTexts'])
      expect(await collection(name).indexes()).toContainEqual(
        expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 }),
      );
    const days = (run?.expires - run?.made) / (24 * 60 * 60 * 1000);
    expect(days).toBe(7);
    for (const { expires } of pieces)
      expect(expires.getTime()).toBeGreaterThanOrEqual(run?.expires.getTime());
  });
});

describe('paper forms for many sheets', () => {
  const prints = (run: string) => collection('paperPrints').find({ run }).toArray();
  const entries = () => collection('auditEntries').countDocuments({ action: 'paper-forms-numbered' });

  it('are numbered for every unit and drawn by a job, and open at once afterwards', async () => {
    const { headers } = await askForms({ scope: 'XA', copies: '300' }).expect(303);
    expect(headers.location).toMatch(new RegExp(`^${page}/phieu/[\\w-]+$`));
    const { text } = await see(String(headers.location)).expect(200);
    const serials = [...text.matchAll(/<strong>(\d{4}-\d{4})<\/strong>/g)].map(([, serial]) => serial);
    expect(new Set(serials).size).toBe(300 * new Set(text.match(/<h2>[^<]+<\/h2>/g)).size);
    expect(text).toContain('được giữ đến ngày');
    // Once it is no longer kept it is drawn anew, with the same numbers.
    await collection('printRuns').deleteMany({});
    const again = await see(String(headers.location)).expect(200);
    expect(sheetsIn(again.text)).toBe(sheetsIn(text));
  });

  it.each([
    ['numbering', 100, true],
    ['drawing', 0, false],
    ['drawing', 200, false],
  ])('whose server died while %s at %i are numbered once, with one entry each', async (_, at, first) => {
    const input = inputOf({ scope: 'SO', copies: 1 });
    const id = await abandoned('print-forms', input);
    const before = await entries();
    await expect(runUntil(formsJob as JobKind<never>, input, at, first)).rejects.toThrow('killed');
    const numbered = (await prints(String(input.name))).length;
    expect(numbered).toBeGreaterThan(99);
    const { href } = await begunAgain(id);
    const all = await prints(String(input.name));
    expect(new Set(all.map(({ unit, survey }) => `${unit} ${survey}`)).size).toBe(all.length);
    expect(await entries()).toBe(before + all.length);
    await died(id);
    expect(await begunAgain(id)).toMatchObject({ state: 'done', href });
    expect((await prints(String(input.name))).length).toBe(all.length);
    const { text } = await see(String(href)).expect(200);
    const serials = [...text.matchAll(/<strong>(\d{4}-\d{4})<\/strong>/g)].map(([, serial]) => serial);
    expect(serials).toHaveLength(all.length);
  });

  it('are not numbered any more where the round was closed meanwhile', async () => {
    const input = inputOf({ scope: 'SO', copies: 1 });
    const id = await abandoned('print-forms', input);
    const state = (to: string) =>
      collection('rounds').updateOne({ _id: round as never }, { $set: { state: to } });
    await state('closed');
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'round-state' });
    await state('open');
    expect(await prints(String(input.name))).toEqual([]);
  });
});
