/**
 * Long jobs, for whoever set them going; the office and leaders see all.
 *
 *   GET  /van-phong/viec              200 the latest jobs
 *   GET  /van-phong/viec/:job         200 how far it has come; looks again by itself while it runs · 404
 *   POST /van-phong/viec/:job/lai     303 begun again · 404 · 409 it runs, or is done
 */
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { type Job, jobById, latestJobs } from '../../models/jobs.js';
import type { Context } from '../context.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName, signedIn } from '../http/session.js';
import { worksFor } from '../http/worksFor.js';
import { type JobKind, jobAddress, mayWatch, startAgain } from './jobs.js';

/** Seconds between two looks. */
const LOOK_AGAIN_SECONDS = 2;
const LATEST = 50;

/** Problems that may be gone the next time, whatever the job is about. */
const BROKEN: ReadonlySet<string> = new Set(['internal', 'database-down']);

/** Routes of long jobs; for everybody who is logged in. @param kinds every kind of job there is */
export function jobRoutes(context: Context, kinds: readonly JobKind[]): Router {
  const routes = Router();

  routes.get('/van-phong/viec', async (_request, response) => {
    const { name } = signedIn(response);
    const jobs = await latestJobs(seesAll(response) ? null : name, LATEST);
    response.render('jobs/list', {
      jobs: jobs.flatMap((job) => {
        const kind = kindOf(job);
        return kind ? [{ ...job, title: kind.title, at: stepOf(kind, job) }] : [];
      }),
    });
  });

  routes.get('/van-phong/viec/:job', async (request, response) => {
    const { job, kind } = await jobHere(request, response);
    const still = queryText(request, 'dung') !== undefined;
    if (job.state === 'running' && !still) response.set('Refresh', String(LOOK_AGAIN_SECONDS));
    response.render('jobs/job', {
      job,
      kind,
      still,
      at: stepOf(kind, job),
      /** With numbers as people read them. */
      outcome: Object.fromEntries(
        Object.entries(job.outcome).map(([name, value]) => [
          name,
          typeof value === 'number' ? response.locals.format.count(value) : value,
        ]),
      ),
      minutesLeft: minutesLeft(job, new Date()),
      mine: await mayBegin(response, job, kind),
      /** What is in the way of it, where beginning again would not help. */
      mend:
        kind.mend && job.state === 'failed' && !BROKEN.has(job.problem ?? '')
          ? { href: kind.mend.href(job.input), key: kind.mend.key }
          : null,
    });
  });

  routes.post('/van-phong/viec/:job/lai', async (request, response) => {
    const { job, kind } = await jobHere(request, response);
    if (!(await mayBegin(response, job, kind))) throw new Problem(404, 'not-found');
    if (job.state === 'running' || job.state === 'done') throw new Problem(409, 'job-state');
    const id = await startAgain(context, kind, job);
    if (id === null) throw new Problem(409, 'job-state');
    await recordAudit({
      account: accountName(response),
      action: 'job-started-again',
      subject: job._id,
      details: { kind: job.kind },
    });
    response.redirect(303, response.locals.href(jobAddress(id)));
  });

  return routes;

  /** The job of the address, as far as it is the person's business. @throws {Problem} 404 `not-found` */
  async function jobHere(request: Request, response: Response): Promise<{ job: Job; kind: JobKind }> {
    const job = await jobById(String(request.params.job));
    const kind = job && kindOf(job);
    if (!kind || !mayWatch(signedIn(response), job)) throw new Problem(404, 'not-found');
    return { job, kind };
  }

  /** undefined where an earlier edition of the product had the kind. */
  function kindOf({ kind }: Job): JobKind | undefined {
    return kinds.find(({ name }) => name === kind);
  }
}

function seesAll(response: Response): boolean {
  return ['office', 'leader'].includes(signedIn(response).role);
}

/** Whether the person set it going, or is of the office. */
function isMine(response: Response, { account }: Job): boolean {
  const { name, role } = signedIn(response);
  return role === 'office' || name === account;
}

/** Whether the person may begin it again: accounts change, and what one was allowed to set going. */
async function mayBegin(response: Response, job: Job, kind: JobKind): Promise<boolean> {
  const account = signedIn(response);
  if (!isMine(response, job)) return false;
  if (kind.officeOnly && account.role !== 'office') return false;
  return !kind.within || (await worksFor(account, kind.within(job.input)));
}

/** Which of its steps a job is at, from 1; null where it has none or has not begun one. */
function stepOf({ steps = [] }: JobKind, { step }: Job): { number: number; of: number; key: string } | null {
  const at = step === null ? -1 : steps.indexOf(step);
  return at < 0 ? null : { number: at + 1, of: steps.length, key: steps[at] ?? '' };
}

/** How many minutes it will go on, rounded up; null where that cannot be told yet. */
function minutesLeft({ done, total, step, began }: Job, now: Date): number | null {
  const spent = now.getTime() - began.getTime();
  // What a step takes tells nothing about the next one.
  if (step !== null || done === 0 || spent < 5000) return null;
  return Math.max(1, Math.ceil((spent / done) * ((total - done) / 60_000)));
}
