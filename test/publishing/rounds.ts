import type supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import type { Day } from '../../models/day.js';
import { existingRound } from '../../server/http/existingRound.js';
import { closeRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { openedRound, type TestApp, unitRow } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { atRandom, storeResponses } from '../results/responses.js';

/** Three communes with two schools each: Q4 has so few answers that they are hidden, and with them those of Q7. */
const UNITS = [
  unitRow('SO', []),
  { ...unitRow('XA1', []), parent: 'SO' },
  { ...unitRow('XA2', []), parent: 'SO' },
  { ...unitRow('XA3', []), parent: 'SO' },
  { ...unitRow('Q1', ['thcs', 'thpt']), parent: 'XA1', enrolment: 400 },
  { ...unitRow('Q2', ['thcs']), parent: 'XA1', enrolment: 300 },
  { ...unitRow('Q3', ['thcs']), parent: 'XA2', enrolment: 200 },
  { ...unitRow('Q5', ['thcs']), parent: 'XA2', enrolment: 250 },
  { ...unitRow('Q4', ['thcs']), parent: 'XA3', enrolment: 100 },
  { ...unitRow('Q7', ['thcs']), parent: 'XA3', enrolment: 150 },
];

/** How many people answered each survey at each school. */
const PEOPLE: readonly (readonly [unit: string, survey: string, service: string, people: number])[] = [
  ['Q1', 'parents-thcs', 'thcs', 22],
  ['Q1', 'parents-thpt', 'thpt', 30],
  ['Q1', 'students-thpt', 'thpt', 41],
  ['Q2', 'parents-thcs', 'thcs', 17],
  ['Q3', 'parents-thcs', 'thcs', 19],
  ['Q5', 'parents-thcs', 'thcs', 23],
  ['Q4', 'parents-thcs', 'thcs', 3],
  ['Q7', 'parents-thcs', 'thcs', 12],
];

/** A round with answers, closed. @returns its code */
export async function closedRound(product: TestApp, change: Partial<RoundDraft> = {}): Promise<string> {
  const { round } = await openedRound(product, UNITS, change);
  let seed = 1;
  for (const [unit, survey, service, people] of PEOPLE)
    await storeResponses(product.context, { round, unit, survey, service }, people, atRandom(seed++));
  await closeRound(round, '2026-11-30' as Day);
  return round;
}

/** Publishes a closed round through its page; where a job does it, once that has done it. @returns the form's answer */
export async function publishByPage(
  office: TestAgent,
  round: string,
  reason = '',
): Promise<supertest.Response> {
  const page = `/van-phong/dot/${round}/cong-bo`;
  const { text } = await office.get(page).expect(200);
  const seen = /name="da-xem" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const answer = await office.post(page).type('form').send({ 'da-xem': seen, reason });
  const job = jobOf(answer);
  if (job && (await jobEnd(job)).state !== 'done') throw new Error('the job did not publish');
  return answer;
}

/** The job that an answer leads to; undefined where it leads elsewhere. */
export function jobOf({ headers }: supertest.Response): string | undefined {
  return /\/van-phong\/viec\/([^?]+)/.exec(String(headers.location))?.[1];
}

/** Begins a correction, adds answers and closes again. */
export async function addLate(
  product: TestApp,
  office: TestAgent,
  round: string,
  late: readonly (readonly [unit: string, survey: string, service: string, people: number])[],
): Promise<void> {
  await office
    .post(`/van-phong/dot/${round}/cong-bo/dinh-chinh`)
    .type('form')
    .send({ reason: 'Phiếu giấy đến muộn' })
    .expect(303);
  let seed = 100;
  for (const [unit, survey, service, people] of late)
    await storeResponses(product.context, { round, unit, survey, service }, people, atRandom(seed++));
}

/** The round's publications. */
export async function publicationsOf(round: string) {
  return (await existingRound(round)).publications;
}
