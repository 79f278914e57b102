/**
 * Long jobs: set going by a page, done beside the requests, watched at `/van-phong/viec/:job` by whoever set them
 * going. A job that lost its process is begun again from its input, so it must be one that can be repeated: what is
 * done already is met again and left as it is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  beginAgain,
  endJob,
  insertJob,
  type Job,
  type JobInput,
  type JobParameters,
  jobById,
  jobHolding,
  jobsHolding,
  reportProgress,
} from '../../models/jobs.js';
import type { Context } from '../context.js';
import { problemOf } from '../http/problem.js';
import type { SignedIn } from '../http/session.js';

/** What a job tells about itself while it runs. */
export interface Progress {
  /** Says that a step of a job of several steps begins, and what `reached` counts up to in it. @throws as `reached` */
  begin(step: string, total: number): Promise<void>;
  /**
   * Says how much of the total is done; cheap, so say it often.
   * @throws where the server is about to stop or the job was begun again elsewhere: let it through
   */
  reached(done: number): Promise<void>;
  /** Corrects the total, where it becomes known late. */
  expect(total: number): void;
}

/** What a finished job leaves: where to look at it, and the places of the text that tells what was done. */
interface JobOutcome {
  readonly href: string | null;
  readonly parameters: JobParameters;
}

/** A kind of job; each is listed in app.ts, or nobody can watch it. */
export interface JobKind<Input extends JobInput = JobInput> {
  readonly name: string;
  /** Key of the text that names a job of this kind. */
  readonly title: string;
  /** Key of the text that tells what was done. */
  readonly finished: string;
  /** Keys of the texts that name its steps, in order; of a job that is one count, none. */
  readonly steps?: readonly string[];
  /** Key of the text that says what beginning again does; that what is done stays done, where it has none of its own. */
  readonly again?: string;
  /** Where a refusal is looked into, and the key of the text of that link: it would only be refused again. */
  readonly mend?: { href(input: Input): string; readonly key: string };
  /** Key of the text of the link to its outcome; that it is looked at, where it has none of its own. */
  readonly look?: string;
  /** Whether only the office begins it again, whoever set it going. */
  readonly officeOnly?: boolean;
  /** The unit that it is about: only who still works for that unit begins it again. */
  within?(input: Input): string;
  /** Of jobs with the same lock only one runs at a time; without it any number may. */
  lock?(input: Input): string;
  run(context: Context, input: Input, progress: Progress, account: string): Promise<JobOutcome>;
}

/** A new job: `parameters` fill its title, `total` is what `reached` counts up to. */
interface NewJob<Input> {
  readonly account: string;
  readonly parameters: JobParameters;
  readonly total: number;
  readonly input: Input;
}

const SAID_EVERY_MS = 500;
const BEAT_EVERY_MS = 5000;

/** How long a server that stops waits for jobs to notice. */
const PATIENCE_MS = 5000;

/** Thrown inside a job whose server is about to stop, or that goes on in another process. */
class Interrupted extends Error {
  override name = 'Interrupted';
}

/** The jobs of this process, by run. */
const underWay = new Map<string, { readonly id: string; readonly ended: Promise<void> }>();
let stopping = false;

/** Where a job is watched. */
export function jobAddress(id: string): string {
  return `/van-phong/viec/${id}`;
}

/** Whether a job is somebody's business: of who set it going, the office and leaders. */
export function mayWatch({ name, role }: SignedIn, { account }: Pick<Job, 'account'>): boolean {
  return role === 'office' || role === 'leader' || name === account;
}

/**
 * Sets a job going.
 * @returns the id of the job to watch: where one with the same lock is running already, that one's
 */
export async function startJob<Input extends JobInput>(
  context: Context,
  kind: JobKind<Input>,
  { account, parameters, total, input }: NewJob<Input>,
): Promise<string> {
  const { id, run } = await insertJob(
    { kind: kind.name, account, parameters, input, total },
    lockOf(kind, input),
  );
  if (run !== null) setGoing(context, kind, { _id: id, run, account, input, total });
  return id;
}

/** Begins a job again that lost its process or failed. @returns the id of the job to watch; null where it cannot be */
export async function startAgain(context: Context, kind: JobKind, job: Job): Promise<string | null> {
  const begun = await beginAgain(job, lockOf(kind, job.input));
  if (begun?.run) setGoing(context, kind, { ...job, run: begun.run });
  return begun?.id ?? null;
}

/** A job after a while, or once it has ended if that is sooner. @returns as it stands; null where there is none */
export async function jobEnded(id: string, milliseconds: number): Promise<Job | null> {
  const running = [...underWay.values()].find((job) => job.id === id);
  if (running) {
    const patience = new AbortController();
    await Promise.race([
      running.ended,
      sleep(milliseconds, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
  }
  return jobById(id);
}

/** The id of the job of a kind that runs with a lock; null where none does. */
export function runningJob<Input extends JobInput>(
  kind: JobKind<Input>,
  lock: string,
): Promise<string | null> {
  return jobHolding(named(kind, lock));
}

/** The jobs of a kind that run with a lock that begins so. */
export function runningJobs(kind: { readonly name: string }, beginning: string): Promise<Job[]> {
  return jobsHolding(named(kind, beginning));
}

/** Ends the jobs of this process where they stand; they can be begun again. For a server that stops. */
export async function stopJobs(): Promise<void> {
  stopping = true;
  const ended = Promise.all([...underWay.values()].map((job) => job.ended));
  await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
  stopping = false;
}

function lockOf<Input extends JobInput>(kind: JobKind<Input>, input: Input): string | undefined {
  const lock = kind.lock?.(input);
  return lock === undefined ? undefined : named(kind, lock);
}

/** Locks of different kinds are different. */
function named({ name }: { readonly name: string }, lock: string): string {
  return `${name} ${lock}`;
}

function setGoing<Input extends JobInput>(
  context: Context,
  kind: JobKind<Input>,
  job: Pick<Job, '_id' | 'run' | 'account' | 'total'> & { readonly input: Input },
): void {
  const running = carryOut(context, kind, job).catch((error: unknown) => {
    // The database could not even be told; the missing sign of life tells it in the end.
    context.log.error({ err: error, job: job._id, kind: kind.name }, 'job lost');
  });
  underWay.set(job.run, { id: job._id, ended: running });
  void running.finally(() => underWay.delete(job.run));
}

async function carryOut<Input extends JobInput>(
  context: Context,
  kind: JobKind<Input>,
  job: Pick<Job, '_id' | 'run' | 'account' | 'total'> & { readonly input: Input },
): Promise<void> {
  let { total } = job;
  let done = 0;
  let step: string | null = null;
  let saidAt = Date.now();
  let later: NodeJS.Timeout | undefined;
  const say = async () => {
    saidAt = Date.now();
    clearTimeout(later);
    later = undefined;
    if (!(await reportProgress(job, { done, total, step }))) throw new Interrupted();
  };
  /** Now and then, and what is left unsaid a little later: a job that ends at once says nothing on the way. */
  const sayInTime = async () => {
    if (stopping) throw new Interrupted();
    const wait = saidAt + SAID_EVERY_MS - Date.now();
    if (wait <= 0) await say();
    else later ??= setTimeout(() => void say().catch(() => {}), wait).unref();
  };
  const beat = setInterval(() => void say().catch(() => {}), BEAT_EVERY_MS).unref();
  try {
    const { href, parameters } = await kind.run(
      context,
      job.input,
      {
        async begin(now, of) {
          [step, done, total] = [now, 0, of];
          await sayInTime();
        },
        async reached(now) {
          done = now;
          await sayInTime();
        },
        expect(now) {
          total = now;
        },
      },
      job.account,
    );
    await endJob(job, 'done', { done: total, href, outcome: parameters });
  } catch (error) {
    if (error instanceof Interrupted) return await endJob(job, 'stopped', { done });
    const { status, code, parameters, cause } = problemOf(error);
    if (status >= 500) context.log.error({ err: cause ?? error, job: job._id, kind: kind.name }, code);
    await endJob(job, 'failed', { done, problem: code, outcome: parameters });
  } finally {
    clearInterval(beat);
    clearTimeout(later);
  }
}
