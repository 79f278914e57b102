/**
 * Printing for all units of a round at once, or for those of one commune. A few sheets are sent while they are drawn;
 * many are drawn by a job, which keeps them for a week (runJobs.ts).
 *
 *   GET  /van-phong/dot/:round/in                 200 what to print, for whom; what is kept or being drawn · 404
 *   GET  /van-phong/dot/:round/in/lan-in          200 posters or letters (?in=…, ?duoi=…) with an index · 404
 *   POST /van-phong/dot/:round/in/lan-in          303 to them, or to the job that draws them · 404
 *   GET  /van-phong/dot/:round/in/lan-in/:run     200 posters or letters that are kept · 404
 *   POST /van-phong/dot/:round/in/phieu           303 paper forms numbered, to the sheets or to the job · 404 · 409 · 422
 *   GET  /van-phong/dot/:round/in/phieu/:run      200 the paper forms numbered together · 404
 */
import { type Request, type Response, Router } from 'express';
import { dayInVietnam } from '../../models/day.js';
import { keptText } from '../../models/keptTexts.js';
import { newRunOfPaper } from '../../models/paperPrints.js';
import { type PrintRun, printRun, printRunsOf } from '../../models/printRuns.js';
import type { Round } from '../../models/rounds.js';
import { unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { baseOf, queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { jobAddress, jobEnded, runningJobs, startJob } from '../jobs/jobs.js';
import { handedOut } from './handedOut.js';
import { copiesFrom, MOST_AT_ONCE, printable } from './paperRoutes.js';
import { formsJob, lettersJob, lockOfRound, numberRun, postersJob, runAddress, runsPage } from './runJobs.js';
import {
  printableRound,
  printsIn,
  runForms,
  stampOf,
  type UnitPaper,
  unitSheets,
  unitsOf,
} from './runSheets.js';
import { groupsOf } from './scope.js';
import { sendDrawn, sendSheets } from './sheets.js';

/** Posters and letters as addresses name them. */
const PAPER_IN: ReadonlyMap<string, UnitPaper> = new Map([
  ['ap-phich', 'posters'],
  ['thu-ngo', 'letters'],
]);

const SIZES: Readonly<Record<UnitPaper, string>> = { posters: 'A4', letters: 'A5' };

/** So many sheets are there in a moment: nobody has to wait for a job. */
const DRAWN_AT_ONCE = 200;

const JOBS = [postersJob, lettersJob, formsJob] as const;

/** Routes of print runs; for people who are logged in. */
export function printRuns(context: Context): Router {
  const routes = Router();
  const address = '/van-phong/dot/:round/in';

  routes.get(address, async (request, response) => {
    await chooser(context, request, response, await existingRound(request.params.round), {}, []);
  });

  routes.get(`${address}/lan-in`, async (request, response) => {
    const round = await printableRound(request.params.round);
    const paper = paperNamed(queryText(request, 'in') ?? 'ap-phich');
    const groups = await groupsOf(round._id, queryText(request, 'duoi') || undefined);
    const head = headOf(response, round, SIZES[paper]);
    await sendSheets(response, head, unitSheets(round, groups, paper, baseOf(context, request)));
  });

  routes.post(`${address}/lan-in`, formBody, async (request, response) => {
    const round = await printableRound(String(request.params.round));
    const form = request.body as FormBody;
    const paper = paperNamed(textOf(form.in));
    const scope = textOf(form.duoi);
    const units = unitsOf(await groupsOf(round._id, scope || undefined)).length;
    const base = baseOf(context, request);
    const lead = (to: string) => response.redirect(303, response.locals.href(to));
    if (units <= DRAWN_AT_ONCE) {
      const query = new URLSearchParams({ in: textOf(form.in), ...(scope === '' ? {} : { duoi: scope }) });
      return lead(`${runsPage(round._id)}/lan-in?${query}`);
    }
    const stamp = stampOf(context, round, base);
    const ready = (await printRunsOf(round._id)).find(
      (run) => run.paper === paper && run.scope === scope && run.stamp === stamp,
    );
    if (ready) return lead(runAddress(ready));
    const id = await startJob(context, paper === 'posters' ? postersJob : lettersJob, {
      account: accountName(response),
      parameters: { name: await nameOf(round, scope) },
      total: units,
      input: { round: round._id, scope, base, name: newRunOfPaper() },
    });
    lead((await jobEnded(id, context.patience))?.href ?? jobAddress(id));
  });

  routes.get(`${address}/lan-in/:run`, async (request, response) => {
    const round = await printableRound(request.params.round);
    const run = await printRun(request.params.run);
    if (run?.round !== round._id || run.paper === 'forms') throw new Problem(404, 'print-run-gone');
    await sendKept(response, headOf(response, round, SIZES[run.paper]), run);
  });

  routes.post(`${address}/phieu`, formBody, async (request, response) => {
    const round = await printableRound(String(request.params.round));
    if (round.state !== 'open') throw new Problem(409, 'round-state');
    const form = request.body as FormBody;
    const copies = copiesFrom(form.copies);
    const scope = textOf(form.scope);
    const mistakes = [
      ...(scope === '' ? [{ field: 'scope', key: 'distribute.problem.scope' }] : []),
      ...(copies === null ? [{ field: 'copies', key: 'distribute.problem.copies' }] : []),
    ];
    if (copies === null || scope === '')
      return chooser(context, request, response.status(422), round, form, mistakes);
    const base = baseOf(context, request);
    const units = unitsOf(await groupsOf(round._id, scope));
    const parts = await Promise.all(units.map((unit) => handedOut(round, unit, base)));
    const sheets = copies * parts.reduce((sum, part) => sum + printable(part).length, 0);
    const account = accountName(response);
    const input = { round: round._id, scope, base, name: newRunOfPaper(), copies };
    if (sheets <= DRAWN_AT_ONCE) {
      await numberRun(context, round, input, account);
      return response.redirect(
        303,
        response.locals.href(runAddress({ round: round._id, paper: 'forms', _id: input.name })),
      );
    }
    const parameters = { name: await nameOf(round, scope) };
    const id = await startJob(context, formsJob, { account, parameters, total: sheets, input });
    const job = await jobEnded(id, context.patience);
    response.redirect(303, response.locals.href(job?.href ?? jobAddress(id)));
  });

  routes.get(`${address}/phieu/:run`, async (request, response) => {
    const round = await printableRound(request.params.round);
    const name = request.params.run;
    const head = headOf(response, round, response.locals.t('distribute.size.a4-both'));
    const run = await printRun(name);
    if (run?.round === round._id && run.paper === 'forms') return sendKept(response, head, run);
    const prints = await printsIn(round, name);
    if (prints.length === 0) throw new Problem(404, 'not-found');
    await sendSheets(response, head, runForms(response.locals, round, prints, baseOf(context, request)));
  });

  return routes;
}

/** Sends a run as it was drawn, piece by piece. */
async function sendKept(response: Response, head: ReturnType<typeof headOf>, run: PrintRun): Promise<void> {
  const { t, format } = response.locals;
  const note = t('distribute.runs.kept', {
    made: format.instant(run.made),
    until: format.day(dayInVietnam(run.expires)),
  });
  await sendDrawn(response, { ...head, note }, keptText(run));
}

/** @throws {Problem} 404 `not-found` */
function paperNamed(name: string): UnitPaper {
  const paper = PAPER_IN.get(name);
  if (!paper) throw new Problem(404, 'not-found');
  return paper;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What a run is for, in words: the round, and the commune where it is for one. */
async function nameOf({ label }: Round, scope: string): Promise<string> {
  return scope === '' ? label : `${label} – ${(await unitByCode(scope))?.name ?? scope}`;
}

function headOf(response: Response, round: Round, size: string) {
  return {
    title: response.locals.t('distribute.runs.page', { label: round.label }),
    size,
    back: runsPage(round._id),
    backText: response.locals.t('distribute.runs.title'),
  };
}

async function chooser(
  context: Context,
  request: Request,
  response: Response,
  round: Round,
  entered: FormBody | Readonly<Record<string, never>>,
  mistakes: readonly { readonly field: string; readonly key: string }[],
): Promise<void> {
  const groups = round.state === 'draft' ? [] : await groupsOf(round._id);
  const stamp = stampOf(context, round, baseOf(context, request));
  const running = await Promise.all(
    JOBS.map(async (kind) =>
      (await runningJobs(kind, lockOfRound(round._id))).map((job) => ({ ...job, title: kind.title })),
    ),
  );
  response.render('distribute/print-runs', {
    round,
    groups,
    units: unitsOf(groups).length,
    entered,
    mistakes,
    most: MOST_AT_ONCE,
    running: running.flat().map((job) => ({ ...job, address: jobAddress(job._id) })),
    runs: (await printRunsOf(round._id)).map((run) => ({
      ...run,
      address: runAddress(run),
      until: dayInVietnam(run.expires),
      outdated: run.stamp !== stamp,
    })),
  });
}
