/**
 * The jobs that draw a print run for many units and keep it for a week. A run has its name before it begins: where one
 * of that name is kept already, a job that is begun again says so and adds nothing, and paper forms of that name are
 * numbered once, whatever happens on the way.
 */
import { dayInVietnam } from '../../models/day.js';
import { forgetText, keepText } from '../../models/keptTexts.js';
import { keepPrintRun, type Paper, type PrintRun, printRun } from '../../models/printRuns.js';
import type { Round } from '../../models/rounds.js';
import { unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE } from '../http/language.js';
import { localsIn } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import type { JobKind, Progress } from '../jobs/jobs.js';
import { handedOut } from './handedOut.js';
import { numbered, printable } from './paperRoutes.js';
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
import { drawnSheets, type Sheet } from './sheets.js';

type RunInput = {
  readonly round: string;
  /** Code of a unit above; empty for all units. */
  readonly scope: string;
  /** Address that links to us begin with. */
  readonly base: string;
  /** Of the run. */
  readonly name: string;
};

type FormsInput = RunInput & { readonly copies: number };

const HOUR_MS = 60 * 60 * 1000;
const KEPT_MS = 7 * 24 * HOUR_MS;

/** A little longer than the run that names them: who opens it in its last minute gets it whole. */
const SHEETS_KEPT_MS = KEPT_MS + 24 * HOUR_MS;

/** Where print runs of a round are asked for. */
export function runsPage(round: string): string {
  return `/van-phong/dot/${round}/in`;
}

/** Where a run is opened. */
export function runAddress({ round, paper, _id }: Pick<PrintRun, 'round' | 'paper' | '_id'>): string {
  return `${runsPage(round)}/${paper === 'forms' ? 'phieu' : 'lan-in'}/${_id}`;
}

/** What jobs of one round have in common in their locks. */
export function lockOfRound(round: string): string {
  return `${round} `;
}

const COMMON = {
  again: 'distribute.runs.job-again',
  look: 'distribute.runs.open',
  finished: 'distribute.runs.job-done',
} as const;

export const postersJob = unitRunJob('posters', 'distribute.runs.job.posters');
export const lettersJob = unitRunJob('letters', 'distribute.runs.job.letters');

function unitRunJob(paper: UnitPaper, title: string): JobKind<RunInput> {
  return {
    ...COMMON,
    name: `print-${paper}`,
    title,
    lock: ({ round, scope }) => lockOfRound(round) + scope,
    async run(context, input, progress, account) {
      const round = await printableRound(input.round);
      const groups = await groupsOf(round._id, input.scope || undefined);
      const units = unitsOf(groups).length;
      progress.expect(units);
      return outcomeOf(
        (await printRun(input.name)) ??
          (await kept(context, { round, paper, sheets: units, account, input }, progress, {
            sheets: unitSheets(round, groups, paper, input.base),
            // The index is nobody's sheet.
            uncounted: 1,
          })),
      );
    },
  };
}

const FORM_STEPS = ['distribute.runs.step.number', 'distribute.runs.step.draw'] as const;

export const formsJob: JobKind<FormsInput> = {
  ...COMMON,
  name: 'print-forms',
  title: 'distribute.runs.job.forms',
  steps: FORM_STEPS,
  officeOnly: true,
  lock: ({ round, scope, copies }) => `${lockOfRound(round)}${scope} ${copies}`,
  async run(context, input, progress, account) {
    const round = await printableRound(input.round);
    await numberRun(context, round, input, account, progress);
    const prints = await printsIn(round, input.name);
    const sheets = prints.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    await progress.begin(FORM_STEPS[1], sheets);
    return outcomeOf(
      (await printRun(input.name)) ??
        (await kept(context, { round, paper: 'forms', sheets, account, input }, progress, {
          sheets: runForms(localsIn(context, DEFAULT_LANGUAGE), round, prints, input.base),
          uncounted: 0,
        })),
    );
  },
};

/**
 * Numbers the paper forms of a run: so many of each survey of each unit, each once, however often it is begun again.
 * @throws {Problem} 409 `round-state` where something is left to be numbered and the round is open no more
 */
export async function numberRun(
  context: Context,
  round: Round,
  { scope, copies, base, name: run }: FormsInput,
  account: string,
  watch: Pick<Progress, 'begin' | 'reached'> = { begin: async () => {}, reached: async () => {} },
): Promise<void> {
  const units = unitsOf(await groupsOf(round._id, scope));
  const there = new Set((await printsIn(round, run)).map(({ unit, survey }) => `${unit} ${survey}`));
  await watch.begin(FORM_STEPS[0], units.length);
  for (const [done, unit] of units.entries()) {
    await watch.reached(done);
    const part = await handedOut(round, unit, base);
    for (const { id: survey } of printable(part)) {
      if (there.has(`${unit.unit} ${survey}`)) continue;
      if (round.state !== 'open') throw new Problem(409, 'round-state');
      await numbered(part, { survey, copies, run, day: context.today(), account });
    }
  }
}

/** What a run is of, on whose behalf. */
interface RunFacts {
  readonly round: Round;
  readonly paper: Paper;
  readonly sheets: number;
  readonly account: string;
  readonly input: RunInput;
}

/** Draws a run and keeps it; nothing of it is left where that is ended on the way. */
async function kept(
  context: Context,
  { round, paper, sheets, account, input: { scope, base, name } }: RunFacts,
  { reached }: Progress,
  drawing: { readonly sheets: AsyncIterable<Sheet>; readonly uncounted: number },
): Promise<PrintRun> {
  const locals = localsIn(context, DEFAULT_LANGUAGE);
  async function* counted() {
    let done = -drawing.uncounted;
    for await (const sheet of drawnSheets(locals, drawing.sheets)) {
      yield sheet;
      done += 1;
      await reached(Math.max(0, done));
    }
  }
  const text = await keepText(counted(), new Date(Date.now() + SHEETS_KEPT_MS));
  const made = new Date();
  const run = await keepPrintRun({
    ...text,
    ...{ _id: name, round: round._id, paper, scope, sheets, account, made },
    scopeName: scope === '' ? '' : ((await unitByCode(scope))?.name ?? scope),
    stamp: stampOf(context, round, base),
    expires: new Date(made.getTime() + KEPT_MS),
  });
  if (run.text !== text.text) await forgetText(text.text);
  return run;
}

function outcomeOf(run: PrintRun) {
  const { sheets, expires } = run;
  return {
    href: runAddress(run),
    parameters: { sheets, until: formatOf(DEFAULT_LANGUAGE).day(dayInVietnam(expires)) },
  };
}
