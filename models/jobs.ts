/**
 * Long jobs: what somebody has set going that takes longer than a page may, with how far it has come. Only the process
 * that holds a job's present `run` may write to it, so that one that was given up for dead disturbs nobody.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { isDuplicateKey } from './duplicateKey.js';

/** What a job is told when it begins, also when it begins again: plain values that a database keeps. */
export type JobInput = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Fills in the places of a text. */
export type JobParameters = Record<string, string | number>;

/** `stopped`: its server ended before it did. */
type JobState = 'running' | 'done' | 'failed' | 'stopped';

export interface Job {
  /** Random; appears in its address. */
  _id: string;
  kind: string;
  /** Who set it going. */
  account: string;
  /** Of its title. */
  parameters: JobParameters;
  input: JobInput;
  state: JobState;
  done: number;
  total: number;
  /** Key of the text that names what it is at, of a job of several steps: what is done and the total are of this step. */
  step: string | null;
  /** Drawn anew each time it begins. */
  run: string;
  began: Date;
  /** The last sign of life. */
  beat: Date;
  ended: Date | null;
  /** Where its outcome is, once it is done; null where there is nothing to look at. */
  href: string | null;
  /** Of the text that tells what was done, or what went wrong. */
  outcome: JobParameters;
  /** Code of the problem that ended it; null where none did. */
  problem: string | null;
  /** Of the jobs with one lock only one runs at a time; there only while it runs. */
  lock?: string;
}

/** A job whose last sign of life is older than this has lost its process, in milliseconds. */
const DEAD_AFTER_MS = 30_000;

/** Jobs are forgotten after this; the audit log keeps what was done. */
const KEPT_SECONDS = 60 * 24 * 60 * 60;

const jobs = mongoose.model(
  'Job',
  new mongoose.Schema<Job>(
    {
      _id: { type: String, required: true },
      kind: { type: String, required: true },
      account: { type: String, required: true },
      parameters: { type: mongoose.Schema.Types.Mixed, default: {} },
      input: { type: mongoose.Schema.Types.Mixed, default: {} },
      state: { type: String, enum: ['running', 'done', 'failed', 'stopped'], required: true },
      done: { type: Number, required: true },
      total: { type: Number, required: true },
      step: { type: String, default: null },
      run: { type: String, required: true },
      began: { type: Date, required: true },
      beat: { type: Date, required: true },
      ended: { type: Date, default: null },
      href: { type: String, default: null },
      outcome: { type: mongoose.Schema.Types.Mixed, default: {} },
      problem: { type: String, default: null },
      lock: { type: String },
    },
    { collection: 'jobs', versionKey: false, minimize: false },
  )
    .index({ began: 1 }, { expireAfterSeconds: KEPT_SECONDS })
    .index({ account: 1, began: -1 })
    .index({ lock: 1 }, { unique: true, sparse: true }),
);

function deadBefore(): Date {
  return new Date(Date.now() - DEAD_AFTER_MS);
}

/** Whether the process that ran a job is gone without a word. */
function isDead({ state, beat }: Pick<Job, 'state' | 'beat'>): boolean {
  return state === 'running' && beat < deadBefore();
}

/** A job as it stands: one that has lost its process is `stopped`. */
function asItStands(job: Job): Job {
  return isDead(job) ? { ...job, state: 'stopped' } : job;
}

/** The job of an id, as it stands; null where there is none. */
export async function jobById(id: string): Promise<Job | null> {
  const job = await jobs.findById(id).lean<Job>().exec();
  return job && asItStands(job);
}

/** The latest jobs, of one account or of all. */
export async function latestJobs(account: string | null, limit: number): Promise<Job[]> {
  const found = jobs.find(account === null ? {} : { account }).sort({ began: -1 });
  return (await found.limit(limit).lean<Job[]>()).map(asItStands);
}

/**
 * Adds a job that is running.
 * @returns the id of the job that runs: this one's, or that of another with the same lock
 */
export async function insertJob(
  job: Pick<Job, 'kind' | 'account' | 'parameters' | 'input' | 'total'>,
  lock?: string,
): Promise<{ id: string; run: string | null }> {
  for (;;) {
    const id = randomBytes(12).toString('base64url');
    const begun = running();
    try {
      await jobs.create({ ...job, ...begun, _id: id, ...(lock === undefined ? {} : { lock }) });
      return { id, run: begun.run };
    } catch (error) {
      if (!isDuplicateKey(error) || lock === undefined) throw error;
      const other = await holderOf(lock);
      if (other) return { id: other, run: null };
    }
  }
}

/**
 * Begins a job again that was stopped or failed.
 * @returns the id of the job that runs now; `run` is null where it is another's doing, and the whole is null where
 *   the job is not one to be begun again
 */
export async function beginAgain(
  job: Job,
  lock?: string,
): Promise<{ id: string; run: string | null } | null> {
  for (;;) {
    const begun = running();
    try {
      const { matchedCount } = await jobs.updateOne(
        {
          _id: job._id,
          run: job.run,
          $or: [{ state: { $in: ['stopped', 'failed'] } }, { state: 'running', beat: { $lt: deadBefore() } }],
        },
        { $set: { ...begun, ...(lock === undefined ? {} : { lock }) } },
      );
      return matchedCount === 1 ? { id: job._id, run: begun.run } : null;
    } catch (error) {
      if (!isDuplicateKey(error) || lock === undefined) throw error;
      const other = await holderOf(lock);
      if (other) return { id: other, run: null };
    }
  }
}

function running() {
  const now = new Date();
  return {
    state: 'running' as const,
    done: 0,
    step: null,
    run: randomBytes(9).toString('base64url'),
    began: now,
    beat: now,
    ended: null,
    problem: null,
    outcome: {},
    href: null,
  };
}

/** The job that holds a lock; a dead one loses it. */
async function holderOf(lock: string): Promise<string | null> {
  const holder = await jobs.findOne({ lock }).lean<Job>();
  if (!holder) return null;
  if (!isDead(holder)) return holder._id;
  await endJob(holder, 'stopped');
  return null;
}

/** The id of the job that holds a lock and is alive; null where none is. */
export async function jobHolding(lock: string): Promise<string | null> {
  const holder = await jobs.findOne({ lock }).lean<Job>();
  return holder && !isDead(holder) ? holder._id : null;
}

/** The jobs that are alive and hold a lock that begins so. */
export async function jobsHolding(beginning: string): Promise<Job[]> {
  const holders = await jobs.find({ lock: { $gte: beginning, $lt: `${beginning}\uffff` } }).lean<Job[]>();
  return holders.filter((job) => !isDead(job));
}

/** Says how far a job has come, or only that it is alive. @returns false where it is not this run's any more */
export async function reportProgress(
  { _id, run }: Pick<Job, '_id' | 'run'>,
  change: Partial<Pick<Job, 'done' | 'total' | 'step'>>,
): Promise<boolean> {
  const set = { ...change, beat: new Date() };
  return (await jobs.updateOne({ _id, run, state: 'running' }, { $set: set })).matchedCount === 1;
}

/** Ends a run of a job; nothing where it is not this run's any more. */
export async function endJob(
  { _id, run }: Pick<Job, '_id' | 'run'>,
  state: Exclude<JobState, 'running'>,
  change: Partial<Pick<Job, 'done' | 'href' | 'outcome' | 'problem'>> = {},
): Promise<void> {
  await jobs.updateOne(
    { _id, run, state: 'running' },
    { $set: { ...change, state, ended: new Date() }, $unset: { lock: 1 } },
  );
}
