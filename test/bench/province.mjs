/**
 * A made-up province at its real size, built by the product's own code: units, a round over them, responses.
 * BENCH_UNITS and BENCH_RESPONSES make it smaller.
 */
import { randomBytes } from 'node:crypto';
import { addResponses } from '../../dist/models/responses.js';
import { unitsOfRound } from '../../dist/models/roundUnits.js';
import { storeUnits } from '../../dist/models/units.js';
import { readConfig } from '../../dist/server/config.js';
import { madeUpAnswers, randomFrom } from '../../dist/server/demo/answers.js';
import { createRound, openRound } from '../../dist/server/rounds/rounds.js';
import { readContext } from '../../dist/server/serve.js';

export const UNITS = Number(process.env.BENCH_UNITS ?? 3000);
export const LEVELS = ['mam-non', 'tieu-hoc', 'thcs', 'thpt'];
/** A day on which answers are taken. */
export const DAY = '2026-10-15';

/** How many responses the round has. */
export function responsesWanted(usual) {
  return Number(process.env.BENCH_RESPONSES ?? usual);
}

/** What the product's functions are given. */
export function contextOfToday() {
  return readContext(readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'error' }));
}

/** The same on another day. */
export function benchContext(today = DAY) {
  return { ...contextOfToday(), today: () => today };
}

/**
 * Stores communes `XA000…` with schools `DV0000…` spread over them.
 * @param top the department above the communes; null for none
 * @param levelsOf the levels of a school by its number
 * @param factsOf what else is known of a school
 */
export async function storeProvince({
  communes = 100,
  top = null,
  levelsOf = (number) => [LEVELS[number % LEVELS.length]],
  factsOf = () => ({}),
}) {
  const place = (code, name, parent) => ({
    ...{ _id: code, name, parent, levels: [], enrolment: null, area: null },
  });
  const commune = (number) => `XA${String(number % communes).padStart(3, '0')}`;
  const rows = [
    ...(top === null ? [] : [place(top, 'Sở Giáo dục và Đào tạo', null)]),
    ...Array.from({ length: communes }, (_, number) => place(commune(number), `Xã số ${number}`, top)),
    ...Array.from({ length: UNITS }, (_, number) => ({
      ...place(`DV${String(number).padStart(4, '0')}`, `Trường số ${number}`, commune(number)),
      ...{ levels: levelsOf(number), enrolment: 200 + ((number * 37) % 900) },
      area: ['Đô thị', 'Nông thôn', 'Miền núi'][number % 3],
      ...factsOf(number),
    })),
  ];
  for (let at = 0; at < rows.length; at += 500) await storeUnits(rows.slice(at, at + 500));
}

/** A draft over all units. @returns its code */
export function draftRound(context, change = {}) {
  return createRound(context, {
    ...{ label: 'Đợt đo tốc độ', subject: 'education', numbering: 'calendar-year', continuous: false },
    ...{ opens: '2026-10-01', closes: '2026-11-30', targets: [], lead: '', source: '', units: null },
    surveys: LEVELS.map((level) => `parents-${level}`),
    ...change,
  });
}

/** The same, opened. */
export async function openedRound(context, change = {}) {
  const code = await draftRound(context, change);
  const problems = await openRound(context, code);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return code;
}

/**
 * Adds so many made-up responses, spread over all units and these days, the same for the same seed; a few have a flag.
 */
export async function addMadeUp(context, round, count, seed = 1, days = [context.today()]) {
  const random = randomFrom(seed);
  const oneOf = (list) => list[Math.floor(random() * list.length)];
  const units = await unitsOfRound(round);
  const response = () => {
    const { unit, offers } = oneOf(units);
    const { survey: id, service } = oneOf(offers);
    const survey = context.surveys.get(id);
    return {
      ...{ _id: randomBytes(16).toString('base64url'), round, unit, survey: id, service },
      ...{ version: survey.version, channel: 'link', language: 'vi', day: oneOf(days) },
      answers: madeUpAnswers(survey, random() - 0.5, random, ['Không có ý kiến gì thêm.']),
      flags: random() < 0.03 ? ['fast'] : [],
    };
  };
  for (let added = 0; added < count; added += 1000)
    await addResponses(Array.from({ length: Math.min(1000, count - added) }, response));
}
