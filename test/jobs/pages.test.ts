/** The pages of long jobs: for whoever set them going, the office and leaders. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertJob, type Job } from '../../models/jobs.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from './jobEnd.js';

let product: TestApp;
beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

/** A job that nobody carries out, as one looks whose server has died. */
const abandoned = async (account: string) =>
  (
    await insertJob({
      kind: 'invitation-codes',
      account,
      parameters: { round: 'Đợt 1' },
      input: { round: 'khong-co', basis: 'number', number: 1, name: 'x' },
      total: 200,
    })
  ).id;

const change = (id: string, set: Partial<Job>) =>
  mongoose.connection.collection<Job>('jobs').updateOne({ _id: id }, { $set: set });

it('somebody else’s job is not there for a unit, and there for the office and leaders', async () => {
  const id = await abandoned('vanphong');
  const unit = await agentOf(product, 'unit', 'Q1');
  await unit.get(`/van-phong/viec/${id}`).expect(404);
  await unit.post(`/van-phong/viec/${id}/lai`).expect(404);
  expect((await unit.get('/van-phong/viec').expect(200)).text).toContain('Chưa có việc nào');
  await (await agentOf(product, 'leader')).get(`/van-phong/viec/${id}`).expect(200);
});

it('a job that runs shows how far it has come and looks again by itself, unless one asks it not to', async () => {
  const office = await officeAgent(product);
  const id = await abandoned('vanphong');
  await change(id, { done: 50 });
  const page = await office.get(`/van-phong/viec/${id}`).expect(200);
  expect(page.headers.refresh).toBe('2');
  expect(page.text).toContain('<progress max="200" value="50"');
  expect(page.text).toContain('50 trên 200');
  expect((await office.get(`/van-phong/viec/${id}?dung=1`)).headers.refresh).toBeUndefined();
  await office.post(`/van-phong/viec/${id}/lai`).expect(409);
});

it('a job whose server died says so, and is started again', async () => {
  const office = await officeAgent(product);
  const id = await abandoned('vanphong');
  await change(id, { done: 50, beat: new Date(Date.now() - 60_000) });
  const { text } = await office.get(`/van-phong/viec/${id}`).expect(200);
  expect(text).toContain('Bị dừng giữa chừng');
  expect(text).toContain('50 trên 200');
  await office.post(`/van-phong/viec/${id}/lai`).expect(303);
  // This one asks for a round that does not exist: it ran, and says what it met.
  expect(await jobEnd(id)).toMatchObject({ state: 'failed', problem: 'round-state' });
});
