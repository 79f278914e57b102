/**
 * Fills an empty database with the demonstration: the units of Quảng Ngãi, three rounds and made-up answers.
 * Started again it adds nothing; started again after a kill it completes what is missing.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { recordAudit, wasRecorded } from '../../models/auditEntries.js';
import { addResponses, type Response } from '../../models/responses.js';
import { setClosingDay } from '../../models/roundChanges.js';
import { slugOf } from '../../models/roundCode.js';
import { allRounds, hasEnded, type Round, roundByCode } from '../../models/rounds.js';
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { setDraftQuotas } from '../../models/sampleUnits.js';
import { storeUnits, type UnitRow } from '../../models/units.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import { existingRound } from '../http/existingRound.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { readCsv } from '../lists/csvLines.js';
import { projectPath } from '../paths.js';
import { publish } from '../publishing/publish.js';
import { flagsOf } from '../respond/flags.js';
import { closeRound, createRound, openRound } from '../rounds/rounds.js';
import { unitTerms } from '../units/terms.js';
import { importOf } from '../units/unitImport.js';
import { madeUpAnswers, normal, randomFrom } from './answers.js';
import { madeUpManner, straightLine } from './carelessness.js';
import { storeDemoPlan } from './plan.js';
import { type DemoRound, dayWithin, demoRounds, lastOfNextMonth } from './rounds.js';
import { withDemoFacts } from './unitFacts.js';

const SEED = 20261120;
const BATCH = 1000;

/**
 * Makes the demonstration's data where they are not there yet, and keeps its open rounds open.
 * @returns how many responses were added
 * @throws where the database holds anything else
 */
export async function prepareDemo(context: Context): Promise<number> {
  if (await wasRecorded('demo-completed')) {
    await keepOpen(context);
    return 0;
  }
  if (!(await wasRecorded('demo-started'))) {
    if ((await allRounds()).length > 0) throw new Error(translator(DEFAULT_LANGUAGE)('start.demo.foreign'));
    await recordAudit({ account: 'system', action: 'demo-started', subject: '', details: {} });
  }
  await storeUnits(withDemoFacts(demoUnits(context)));
  await storeDemoPlan(context, Number(context.today().slice(0, 4)));
  let added = 0;
  for (const round of demoRounds(context)) added += await fillRound(context, round);
  await recordAudit({ account: 'system', action: 'demo-completed', subject: '', details: { added } });
  return added;
}

function demoUnits(context: Context): UnitRow[] {
  const text = readFileSync(projectPath('server', 'demo', 'units-quang-ngai.csv'), 'utf8');
  const { changes } = importOf(readCsv(text), [], unitTerms(context));
  return changes.flatMap(({ after }) => {
    if (!after) return [];
    const { linkCode: _linkCode, ...row } = after;
    return [row];
  });
}

/** Responses that each school of the demonstration is to collect: some do, some lag. */
const DEMO_QUOTA = 45;

async function fillRound(context: Context, { draft, closed }: DemoRound): Promise<number> {
  const code = slugOf(draft.label);
  if (!(await roundByCode(code))) await createRound(context, draft);
  const created = await existingRound(code);
  if (created.state === 'draft') {
    if (!created.continuous)
      await setDraftQuotas(
        code,
        created.units.map((unit) => ({ unit, quota: DEMO_QUOTA })),
      );
    // A round that is long over is opened as it was then.
    const problems = await openRound({ ...context, today: () => draft.opens }, code);
    if (problems.length > 0) throw new Error(`${code}: ${problems.map(({ key }) => key).join(', ')}`);
  }
  const responses = await madeUpResponses(created, await unitsOfRound(code), context);
  for (let start = 0; start < responses.length; start += BATCH)
    await addResponses(responses.slice(start, start + BATCH));
  if (closed && !hasEnded(created)) await closeRound(code, created.closes);
  if (closed && created.publications.length === 0)
    await publish(context, await existingRound(code), { account: 'system', reason: '' });
  return responses.length;
}

async function madeUpResponses(
  round: Round,
  units: readonly RoundUnit[],
  context: Context,
): Promise<Response[]> {
  const comments = JSON.parse(
    readFileSync(projectPath('server', 'demo', 'comments.json'), 'utf8'),
  ) as string[];
  const surveys = new Map(
    await Promise.all(round.surveys.map(async (pinned) => [pinned.id, await pinnedSurvey(pinned)] as const)),
  );
  const random = randomFrom(SEED ^ daySeed(round.opens));
  const randomManner = randomFrom(SEED + daySeed(round.opens));
  const today = context.today();
  const responses: Response[] = [];
  for (const [index, unit] of units.entries()) {
    const schoolMood = 0.35 * normal(random);
    const before = responses.length;
    for (const { survey: id, service } of unit.offers) {
      const survey = surveys.get(id);
      if (!survey) continue;
      const count = howMany(round, responses.length, random);
      for (let person = 0; person < count; person += 1) {
        const { seconds, level, burst } = madeUpManner(index, responses.length - before, randomManner);
        const careful = madeUpAnswers(survey, schoolMood + 0.7 * normal(random), random, comments);
        const answers = level === null ? careful : straightLine(survey, careful, level);
        responses.push({
          _id: keyOf(round._id, responses.length),
          round: round._id,
          unit: unit.unit,
          survey: id,
          version: survey.version,
          service,
          channel: 'link',
          answers,
          language: DEFAULT_LANGUAGE,
          day: dayWithin(round, today, random()),
          flags: flagsOf(survey, answers, seconds, burst),
        });
      }
    }
  }
  return responses;
}

/** Few at the first unit, so that hidden figures are seen; more in a round that is over. */
function howMany(round: Round, sofar: number, random: () => number): number {
  if (round.subject === 'procedure') return Math.floor(80 * random() ** 2) + 2;
  if (!hasEnded(round) && sofar === 0) return 3;
  return 12 + Math.floor(random() * 20);
}

/** Submission keys as the server makes them, but the same on every start. */
function keyOf(round: string, index: number): string {
  return createHash('sha256').update(`${SEED}/${round}/${index}`).digest('base64url').slice(0, 22);
}

function daySeed(day: string): number {
  return Number(day.replaceAll('-', ''));
}

/** Open rounds of an older demonstration go on to the end of the next month. */
async function keepOpen(context: Context): Promise<void> {
  const today = context.today();
  for (const round of await allRounds())
    if (round.state === 'open' && round.closes < today)
      await setClosingDay(round._id, lastOfNextMonth(today));
}
