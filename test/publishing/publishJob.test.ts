/** Publishing as a job: what it refuses, how it is watched, and that begun again it publishes once. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertJob, type Job, reportProgress } from '../../models/jobs.js';
import { publishJob } from '../../server/publishing/publishJob.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { atRandom, storeResponses } from '../results/responses.js';
import { addLate, closedRound, jobOf, publicationsOf, publishByPage } from './rounds.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let rounds = 0;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
});
beforeEach(async () => {
  rounds += 1;
  round = await closedRound(product, { label: `Đợt ${rounds}` });
});
afterAll(dropDatabase);

const page = () => `/van-phong/dot/${round}/cong-bo`;

/** What the form would send that somebody has just looked at. */
async function seenNow(query = ''): Promise<string> {
  const { text } = await office.get(page() + query).expect(200);
  return /name="da-xem" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** A job as it stands whose server died a minute ago. */
async function abandoned(seen: string, reason = '', account = 'vanphong'): Promise<string> {
  const input = { round, reason, seen, language: 'vi', name: `ten-${rounds}` };
  const { id } = await insertJob(
    { kind: 'publish', account, parameters: { round: 'Đợt' }, input, total: 0 },
    `publish ${round}`,
  );
  await died(id);
  return id;
}

const died = (id: string) =>
  mongoose.connection
    .collection<Job>('jobs')
    .updateOne({ _id: id }, { $set: { beat: new Date(Date.now() - 60_000) } });

const begunAgain = async (id: string): Promise<Job> => {
  await office.post(`/van-phong/viec/${id}/lai`).expect(303);
  return jobEnd(id);
};

const auditedOf = (action: string) =>
  mongoose.connection.collection('auditEntries').countDocuments({ action, subject: round });

describe('begun again, it publishes nothing', () => {
  it('for a leader, whoever set it going', async () => {
    const leader = await agentOf(product, 'leader');
    const name = (await mongoose.connection.collection('accounts').findOne({ role: 'leader' }))?._id;
    const id = await abandoned(await seenNow(), '', String(name));
    const { text } = await leader.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).not.toContain('/lai"');
    await leader.post(`/van-phong/viec/${id}/lai`).expect(404);
    expect(await publicationsOf(round)).toEqual([]);
  });

  it('where answers have come since somebody agreed, though no warning is another', async () => {
    const id = await abandoned(await seenNow());
    await storeResponses(
      product.context,
      { round, unit: 'Q1', survey: 'parents-thcs', service: 'thcs' },
      9,
      atRandom(3),
    );
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'publishing-unseen' });
    const { text } = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain('xem lại rồi xác nhận');
    expect(text).toContain(`href="${page()}"`);
    expect(text).not.toContain('/lai"');
    expect(await publicationsOf(round)).toEqual([]);
    expect(await auditedOf('results-published')).toBe(0);
  });

  it('where something else is to be looked at', async () => {
    const id = await abandoned('something-else');
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'publishing-unseen' });
    expect(await publicationsOf(round)).toEqual([]);
  });

  it('where somebody else has published it meanwhile, also once a correction has begun', async () => {
    const id = await abandoned(await seenNow());
    expect((await publishByPage(office, round)).status).toBe(303);
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'round-state' });
    await addLate(product, office, round, []);
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'publishing-unseen' });
    expect(await publicationsOf(round)).toHaveLength(1);
    expect(await auditedOf('results-published')).toBe(1);
  });
});

describe('begun again after its server died', () => {
  it('it publishes what was agreed to, with the reason that was sent, and once', async () => {
    await publishByPage(office, round);
    await addLate(product, office, round, [['Q2', 'parents-thcs', 'thcs', 30]]);
    const id = await abandoned(await seenNow(), 'Bổ sung phiếu đến muộn');
    const { text } = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain('Bị dừng giữa chừng');
    expect(text).toContain('chỉ có thêm một bản công bố');
    expect(await begunAgain(id)).toMatchObject({ state: 'done', href: page(), outcome: { revision: 2 } });
    expect((await publicationsOf(round)).map(({ reason }) => reason)).toEqual(['', 'Bổ sung phiếu đến muộn']);
    expect(await auditedOf('results-corrected')).toBe(1);
  });

  it('it adds nothing where its server died just after it had published', async () => {
    const id = await abandoned(await seenNow());
    await begunAgain(id);
    const jobs = mongoose.connection.collection<Job>('jobs');
    await jobs.updateOne({ _id: id }, { $set: { state: 'running' } });
    await died(id);
    expect(await begunAgain(id)).toMatchObject({ state: 'done', outcome: { revision: 1, responses: 167 } });
    expect(await publicationsOf(round)).toHaveLength(1);
    expect(await auditedOf('results-published')).toBe(1);
  });
});

describe('set going', () => {
  it('it leads to the page of publication, from pages in English too', async () => {
    const seen = await seenNow('?lang=en');
    const answer = await office.post(`${page()}?lang=en`).type('form').send({ 'da-xem': seen }).expect(303);
    const job = jobOf(answer);
    if (job) expect(await jobEnd(job)).toMatchObject({ state: 'done', href: page() });
    else expect(answer.headers.location).toBe(`${page()}?lang=en`);
    expect(await publicationsOf(round)).toHaveLength(1);
  });

  it('while it runs the page leads to it and offers no form, and its own page tells the step', async () => {
    const seen = await seenNow();
    const input = { round, reason: '', seen, language: 'vi', name: 'khac' };
    const { id, run } = await insertJob(
      { kind: 'publish', account: 'vanphong', parameters: { round: 'Đợt' }, input, total: 0 },
      `publish ${round}`,
    );
    const step = publishJob.steps?.[1] ?? '';
    await reportProgress({ _id: id, run: run ?? '' }, { done: 40, total: 3000, step });
    const { text } = await office.get(page()).expect(200);
    expect(text).toContain(`/van-phong/viec/${id}`);
    expect(text).not.toContain('name="da-xem"');
    const watched = await office.get(`/van-phong/viec/${id}`).expect(200);
    expect(watched.text).toContain('Bước 2 trên 4: tính số liệu từng đơn vị');
    expect(watched.text).toContain('40 trên 3.000');
    expect(jobOf(await office.post(page()).type('form').send({ 'da-xem': seen }).expect(303))).toBe(id);
    await died(id);
    expect(await seenNow()).toBe(seen);
  });

  it('it tells every step in order, and counts what there is', async () => {
    const told: [string, number][] = [];
    const input = { round, reason: '', seen: await seenNow(), language: 'vi', name: 'dem' };
    await publishJob.run(
      product.context,
      input,
      {
        async begin(step, total) {
          if (told.at(-1)?.[0] !== step) told.push([step, total]);
        },
        async reached() {},
        expect() {},
      },
      'vanphong',
    );
    expect(told.map(([step]) => step)).toEqual(publishJob.steps);
    expect(told[0]?.[1]).toBe(167);
  });

  it('it ends where it stands once its server is about to stop, with nothing published', async () => {
    const input = { round, reason: '', seen: await seenNow(), language: 'vi', name: 'dung' };
    for (const last of publishJob.steps ?? [])
      await expect(
        publishJob.run(
          product.context,
          input,
          {
            async begin(step) {
              if (step === last) throw new Error('stopped');
            },
            async reached() {},
            expect() {},
          },
          'vanphong',
        ),
      ).rejects.toThrow('stopped');
    expect(await publicationsOf(round)).toEqual([]);
    // Only the last step comes after the entry in the audit log, which is then marked as not done.
    expect([await auditedOf('results-published'), await auditedOf('not-done')]).toEqual([1, 1]);
  });
});
