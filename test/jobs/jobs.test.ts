/** What a job is told, tells and leaves; its pages are tested with the jobs there are. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, jobById } from '../../models/jobs.js';
import { Problem } from '../../server/http/problem.js';
import { type JobKind, startAgain, startJob, stopJobs } from '../../server/jobs/jobs.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from './jobEnd.js';

let product: TestApp;
beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

/** A gate that a job waits at. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function kindOf(run: JobKind['run'], lock?: string): JobKind {
  const kind: JobKind = { name: 'thu', title: 'a', finished: 'b', run };
  return lock === undefined ? kind : { ...kind, lock: () => lock };
}

const start = (kind: JobKind, total = 10) =>
  startJob(product.context, kind, { account: 'vanphong', parameters: {}, total, input: { round: 'dot-1' } });

const existing = async (id: string): Promise<Job> => {
  const job = await jobById(id);
  if (!job) throw new Error('no job');
  return job;
};

/** As it is where its process was killed a minute ago. */
const forget = (id: string) =>
  mongoose.connection
    .collection<Job>('jobs')
    .updateOne({ _id: id }, { $set: { beat: new Date(Date.now() - 60_000) } });

describe('a job', () => {
  it('that meets a problem says which, and has not ended well', async () => {
    const id = await start(
      kindOf(async () => {
        throw new Problem(409, 'round-state');
      }),
    );
    expect(await jobEnd(id)).toMatchObject({ state: 'failed', problem: 'round-state', href: null });
  });

  it('that breaks says no more than that', async () => {
    const id = await start(
      kindOf(async () => {
        throw new Error('secret detail');
      }),
    );
    const job = await jobEnd(id);
    expect(job).toMatchObject({ state: 'failed', problem: 'internal' });
    expect(JSON.stringify(job)).not.toContain('secret');
  });

  it('tells how far it has come, and where its outcome is', async () => {
    const middle = gate();
    const id = await start(
      kindOf(async (_context, input, progress, account) => {
        progress.expect(20);
        await progress.reached(5);
        await middle.opened;
        return { href: `/van-phong/dot/${input.round}`, parameters: { account } };
      }),
    );
    await expect.poll(async () => (await jobById(id))?.done).toBe(5);
    expect(await jobById(id)).toMatchObject({ state: 'running', total: 20, account: 'vanphong' });
    middle.open();
    expect(await jobEnd(id)).toMatchObject({
      state: 'done',
      done: 20,
      href: '/van-phong/dot/dot-1',
      outcome: { account: 'vanphong' },
    });
  });

  it('is not set going twice at once where it has a lock', async () => {
    const end = gate();
    let runs = 0;
    const kind = kindOf(async () => {
      runs += 1;
      await end.opened;
      return { href: null, parameters: {} };
    }, 'dot-1');
    const ids = await Promise.all([start(kind), start(kind), start(kind)]);
    expect(new Set(ids).size).toBe(1);
    end.open();
    await jobEnd(ids[0] ?? '');
    expect(runs).toBe(1);
    const next = await start(kind);
    expect(next).not.toBe(ids[0]);
    await jobEnd(next);
  });

  it('whose process died says so, gives up its lock, and can be started again; the dead one no longer counts', async () => {
    const ends = [gate(), gate()];
    let runs = 0;
    const kind = kindOf(async (_context, _input, progress) => {
      const mine = runs;
      runs += 1;
      await progress.reached(3);
      await ends[mine]?.opened;
      await new Promise((resolve) => setTimeout(resolve, 600));
      await progress.reached(4);
      return { href: `/${mine}`, parameters: {} };
    }, 'dot-2');
    const id = await start(kind);
    await expect.poll(async () => (await jobById(id))?.done).toBe(3);
    expect(await startAgain(product.context, kind, await existing(id))).toBeNull();
    await forget(id);
    expect((await existing(id)).state).toBe('stopped');

    expect(await startAgain(product.context, kind, await existing(id))).toBe(id);
    expect((await existing(id)).state).toBe('running');
    for (const end of ends) end.open();
    expect(await jobEnd(id)).toMatchObject({ state: 'done', href: '/1' });
  });

  it('that is done is not begun again', async () => {
    const kind = kindOf(async () => ({ href: null, parameters: {} }));
    const id = await start(kind);
    expect(await startAgain(product.context, kind, await jobEnd(id))).toBeNull();
  });

  it('is left where it stands by a server that stops', async () => {
    const kind = kindOf(async (_context, _input, progress) => {
      for (let done = 1; ; done += 1) {
        await progress.reached(done);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    const id = await start(kind, 1_000_000);
    await expect.poll(async () => (await jobById(id))?.done).toBeGreaterThan(0);
    await stopJobs();
    const job = await existing(id);
    expect(job.state).toBe('stopped');
    expect(job.done).toBeGreaterThan(0);
  });
});
