/** A list of units stored by a job: what it refuses, who watches it, and that begun again it stores the list once. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertJob, type Job, latestJobs } from '../../models/jobs.js';
import { newSetName } from '../../models/unitChanges.js';
import { allUnits } from '../../models/units.js';
import { giveList } from '../../server/jobs/givenList.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { seenUnits, tidyChanges } from '../../server/units/changes.js';
import { unitImportJob } from '../../server/units/importJob.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';

const IMPORT = '/van-phong/don-vi/nhap';
const UNITS = 600;

let product: TestApp;
let office: TestAgent;
let list: string;
let lists = 0;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
});
afterAll(dropDatabase);
beforeEach(() => {
  lists += 1;
  const rows = Array.from({ length: UNITS }, (_, unit) => `L${lists}U${unit},Trường ${unit},thcs,`);
  list = ['code,name,levels,parent', ...rows].join('\n');
});

const collection = (name: string) => mongoose.connection.collection(name);
const stored = async () => (await allUnits()).filter(({ _id }) => _id.startsWith(`L${lists}U`)).length;
const audited = (action: string) => collection('auditEntries').countDocuments({ action });
const listsKept = () => collection('keptTexts').countDocuments();
const jobOf = (answer: { headers: Record<string, string> }) =>
  /\/viec\/([\w-]+)/.exec(answer.headers.location ?? '')?.[1] ?? '';

/** Sends the list to be stored, and does not wait for it. */
async function sent(revision?: number): Promise<string> {
  product.setPatience(0);
  const post = office.post(IMPORT).field('step', 'store').field('list', list);
  if (revision !== undefined) post.field('revision', String(revision));
  const answer = await post.expect(303);
  product.setPatience(30_000);
  return jobOf(answer);
}

/** A job whose server died a minute ago, before it had done anything. */
async function abandoned(account = 'vanphong'): Promise<{ id: string; input: Job['input'] }> {
  const { revision } = await seenUnits();
  const given = await giveList(readCsv(list));
  const input = { ...given, revision, until: null, name: newSetName() };
  const { id } = await insertJob({ kind: 'unit-import', account, parameters: {}, input, total: 0 });
  await died(id);
  return { id, input };
}

const died = (id: string) =>
  collection('jobs').updateOne(
    { _id: id as never },
    { $set: { state: 'running', beat: new Date(Date.now() - 60_000) } },
  );

const begunAgain = async (id: string) => {
  await office.post(`/van-phong/viec/${id}/lai`).expect(303);
  return jobEnd(id);
};

/** Runs the job of an input until it comes to a step, as where its server is killed there. */
const runUntil = (input: Job['input'], last: string) =>
  unitImportJob.run(
    product.context,
    input as never,
    {
      async begin(step) {
        if (step === last) throw new Error('killed');
      },
      async reached() {},
      expect() {},
    },
    'vanphong',
  );

describe('a list whose job is not waited for is not stored', () => {
  it('on units that somebody else has changed: the page of the job says so and leads back, the list is gone', async () => {
    const { revision } = await seenUnits();
    const other = 'code,name,levels,parent\nKHAC,Trường khác,thcs,';
    await office.post(IMPORT).field('step', 'store').field('list', other).expect(303);
    const before = await audited('units-imported');
    const id = await sent(revision);
    expect(await jobEnd(id)).toMatchObject({ state: 'failed', problem: 'units-changed' });
    const { text } = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain('đã được người khác thay đổi');
    expect(text).toContain(`href="${IMPORT}"`);
    expect(text).not.toContain('/lai"');
    expect([await stored(), await listsKept(), await audited('units-imported')]).toEqual([0, 0, before]);
  });

  it('once the list is no longer kept', async () => {
    const { id } = await abandoned();
    await collection('keptTexts').deleteMany({});
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'list-gone' });
    expect((await office.get(`/van-phong/viec/${id}`)).text).toContain('xin nhập lại danh sách');
    expect(await stored()).toBe(0);
  });

  it('by a leader or a unit, and a unit cannot even watch', async () => {
    const leader = await agentOf(product, 'leader');
    const name = (await collection('accounts').findOne({ role: 'leader' }))?._id;
    const { id } = await abandoned(String(name));
    await leader.get(`/van-phong/viec/${id}`).expect(200);
    await leader.post(`/van-phong/viec/${id}/lai`).expect(404);
    const unit = await agentOf(product, 'unit', 'KHAC');
    await unit.get(`/van-phong/viec/${id}`).expect(404);
    await unit.post(`/van-phong/viec/${id}/lai`).expect(404);
    expect(await stored()).toBe(0);
    await collection('keptTexts').deleteMany({});
  });
});

describe('a list whose job is not waited for', () => {
  it('is stored all the same; its page leads to the change, and nothing of the list stays behind', async () => {
    const id = await sent();
    expect((await office.get('/van-phong/viec')).text).toContain(`/van-phong/viec/${id}`);
    const { href, outcome, input } = await jobEnd(id);
    expect(outcome).toMatchObject({ added: UNITS, changed: 0 });
    const { text } = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain(`thêm ${UNITS}`);
    expect(text).toContain(`href="${href}"`);
    await office.get(String(href)).expect(200);
    expect([await stored(), await listsKept()]).toEqual([UNITS, 0]);
    expect(JSON.stringify(input)).not.toContain('Trường');
  });

  it('tells every step in order, and how many of how many in each', async () => {
    const { input } = await abandoned();
    const told: (string | number)[] = [];
    const reached: number[] = [];
    await unitImportJob.run(
      product.context,
      input as never,
      {
        async begin(step, total) {
          told.push(step, total);
        },
        async reached(done) {
          reached.push(done);
        },
        expect() {},
      },
      'vanphong',
    );
    const [check, listing, writing] = unitImportJob.steps ?? [];
    expect(told).toEqual([check, UNITS + 1, listing, UNITS, writing, UNITS]);
    expect(reached.some((done) => done > 0 && done < UNITS)).toBe(true);
  });

  it('is seen half-way by whoever comes back, with the step and the count', async () => {
    const { id } = await abandoned();
    const step = unitImportJob.steps?.[2];
    await collection('jobs').updateOne(
      { _id: id as never },
      { $set: { beat: new Date(), step, done: 250, total: UNITS } },
    );
    const { text, headers } = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain('Bước 3 trên 3: cập nhật từng đơn vị');
    expect(text).toContain(`250 trên ${UNITS}`);
    expect(headers.refresh).toBe('2');
    await collection('keptTexts').deleteMany({});
  });

  it('of two people at once is stored for one, and the other is told to look again', async () => {
    const { revision } = await seenUnits();
    const answers = await Promise.all(
      ['A', 'B'].map((name) =>
        office
          .post(IMPORT)
          .field('step', 'store')
          .field('revision', String(revision))
          .field('list', `code,name,levels,parent\nC${lists},Trường ${name},thcs,`),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.text).toContain('Dữ liệu đơn vị đã thay đổi từ lúc Quý vị kiểm tra');
    expect(await listsKept()).toBe(0);
  });
});

describe('begun again after its server died', () => {
  it.each([0, 1, 2])('at step %i, it stores the list once, with one entry in the log', async (at) => {
    const { id, input } = await abandoned();
    const before = await audited('units-imported');
    await expect(runUntil(input, unitImportJob.steps?.[at] ?? '')).rejects.toThrow('killed');
    // Where it had taken effect already, every page shows all of it.
    expect(await stored()).toBe(at === 2 ? UNITS : 0);
    const job = await begunAgain(id);
    expect(job).toMatchObject({ state: 'done', outcome: { added: UNITS } });
    expect(job.href).toBe(`/van-phong/don-vi/thay-doi/${Number(input.revision) + 1}`);
    expect([await stored(), await listsKept()]).toEqual([UNITS, 0]);
    expect((await seenUnits()).revision).toBe(Number(input.revision) + 1);
    expect(await audited('units-imported')).toBe(before + 1);
  });

  it('and the next server has finished what held already, it has the same outcome and adds nothing', async () => {
    const { id, input } = await abandoned();
    await expect(runUntil(input, unitImportJob.steps?.[2] ?? '')).rejects.toThrow('killed');
    await tidyChanges();
    const before = await audited('units-imported');
    const first = await begunAgain(id);
    await died(id);
    expect(await begunAgain(id)).toMatchObject({ state: 'done', href: first.href, outcome: first.outcome });
    expect(await audited('units-imported')).toBe(before);
    expect(await latestJobs('vanphong', 1)).toHaveLength(1);
  });
});

it('what a job is given is removed by the database after a day at the latest', async () => {
  const indexes = await collection('keptTexts').indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 }));
  const before = Date.now();
  await giveList(readCsv(list));
  const piece = await collection('keptTexts').findOne({});
  expect(piece?.expires.getTime()).toBeGreaterThan(before);
  expect(piece?.expires.getTime()).toBeLessThanOrEqual(Date.now() + 24 * 60 * 60 * 1000);
});
