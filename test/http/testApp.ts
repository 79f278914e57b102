import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import type { Day } from '../../models/day.js';
import { allUnits, storeUnits, type UnitRow } from '../../models/units.js';
import { createFirstAccount, OFFICE_ACCOUNT } from '../../server/accounts/passwords.js';
import { createApp } from '../../server/app.js';
import { readConfig } from '../../server/config.js';
import type { Context } from '../../server/context.js';
import { connectTo } from '../../server/database/connection.js';
import { createRound, openRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { readContext } from '../../server/serve.js';
import { itemsOf, surveysOn } from '../../surveys/read.js';
import { freshDatabaseUri } from '../database.js';

/** The real application on a database of its own, on a day that a test can move. */
export interface TestApp {
  readonly app: RequestListener;
  readonly context: Context;
  readonly password: string;
  setToday(day: string): void;
  /** How long pages wait for jobs, in milliseconds: 0 to see one watched. */
  setPatience(milliseconds: number): void;
}

/** Longer than any small job takes, however busy the machine. */
const PATIENCE = 30_000;

export async function startTestApp(today = '2026-10-15'): Promise<TestApp> {
  let now = today as Day;
  let patience = PATIENCE;
  await connectTo(freshDatabaseUri());
  const config = readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' });
  const context: Context = {
    ...readContext(config),
    today: () => now,
    get patience() {
      return patience;
    },
  };
  const password = 'mật khẩu của phép thử';
  await createFirstAccount(password);
  return {
    app: createApp(context),
    context,
    password,
    setToday: (day) => {
      now = day as Day;
    },
    setPatience: (milliseconds) => {
      patience = milliseconds;
    },
  };
}

/** A unit as a list describes it. */
export function unitRow(code: string, levels: string[], name = `Trường ${code}`): UnitRow {
  return { _id: code, name, levels, parent: null, enrolment: null, area: null };
}

/** Draft of an education round from 1 October to 30 November 2026 with every education survey. */
export function draft(context: Context, change: Partial<RoundDraft> = {}): RoundDraft {
  const subject = change.subject ?? 'education';
  return {
    label: 'Đợt 2 năm 2026',
    subject,
    numbering: 'calendar-year',
    opens: '2026-10-01' as Day,
    closes: '2026-11-30' as Day,
    continuous: false,
    targets: [],
    lead: '',
    source: '',
    surveys: surveysOn(context.surveys, subject),
    units: null,
    ...change,
  };
}

/** Stores units and opens a round over them. @returns the round's code and the units' link codes */
export async function openedRound(
  { context }: TestApp,
  units: readonly UnitRow[],
  change: Partial<RoundDraft> = {},
): Promise<{ round: string; links: Map<string, string> }> {
  await storeUnits(units);
  const round = await createRound(context, draft(context, change));
  const problems = await openRound(context, round);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { round, links: new Map((await allUnits()).map((unit) => [unit._id, unit.linkCode])) };
}

/** A complete form of a survey: the same level for every Likert item, the first option elsewhere. */
export function filledForm(context: Context, survey: string, level: string): Record<string, string> {
  const asked = context.surveys.get(survey);
  if (!asked) throw new Error(`no survey ${survey}`);
  const form: Record<string, string> = {};
  for (const item of itemsOf(asked)) {
    if (item.showIf) continue;
    if (item.kind === 'likert') form[item.code] = level;
    else if (item.kind === 'percentage') form[item.code] = '80';
    else if (item.kind !== 'text') form[item.code] = item.options[0]?.code ?? '';
  }
  return form;
}

/** A browser that is logged in as the office. */
export async function officeAgent({ app, password }: TestApp): Promise<TestAgent> {
  const agent = supertest.agent(app);
  await agent.post('/van-phong/dang-nhap').type('form').send({ name: OFFICE_ACCOUNT, password }).expect(303);
  return agent;
}
