/**
 * A server killed while it publishes: the round is published wholly or not at all, and the job begun again makes the one
 * revision that was asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterEach, expect, test } from 'vitest';
import { addResponses } from '../../models/responses.js';
import { roundByCode } from '../../models/rounds.js';
import { connectTo } from '../../server/database/connection.js';
import { projectPath } from '../../server/paths.js';
import { verifySeal } from '../../server/publishing/verify.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { jobEnd } from '../jobs/jobEnd.js';
import type { RunningProduct } from '../product.js';
import { startToKill } from './killed.js';
import { lostJob } from './lostJob.js';
import { Office } from './office.js';

const KILLS = Number(process.env.PUBLISHING_KILLS ?? 6);
const PEOPLE = 3000;
const ROUND = 'dot-thu';
const PAGE = `/van-phong/dot/${ROUND}/cong-bo`;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(uri: string): Promise<RunningProduct> {
  const product = await startToKill({ MONGODB_URI: uri });
  cleanUps.push(() => product.end('SIGKILL'));
  return product;
}

/** Adds answers to the round, past its link: another thousand each time. */
async function answer(from: number, people: number): Promise<void> {
  const survey = readSurveys(projectPath('surveys')).get('parents-mam-non');
  const codes = (survey ? itemsOf(survey) : [])
    .filter(({ kind }) => kind === 'likert')
    .map(({ code }) => code);
  await addResponses(
    Array.from({ length: people }, (_, at) => ({
      _id: String(from + at).padStart(22, '0'),
      ...{ round: ROUND, unit: 'S1', survey: 'parents-mam-non', version: survey?.version ?? 1 },
      ...{
        service: 'mam-non',
        channel: 'link' as const,
        language: 'vi',
        day: '2026-10-15' as never,
        flags: [],
      },
      answers: Object.fromEntries(codes.map((code, place) => [code, ((at + place) % 5) + 1])),
    })),
  );
}

/** Sends the form that publishes, with what is to be looked at now. @returns the status, and where it leads */
async function publishBy(office: Office): Promise<{ status: number; leads: string }> {
  const review = await (await office.get(PAGE)).text();
  const seen = /name="da-xem" value="([^"]+)"/.exec(review)?.[1] ?? '';
  const form = new URLSearchParams({ 'da-xem': seen, reason: 'Bổ sung phiếu giấy đến muộn' });
  const answer = await office.post(PAGE, form);
  return { status: answer.status, leads: answer.headers.get('location') ?? '' };
}

test('a revision is there wholly or not at all, however often its server is killed, and once in the end', {
  timeout: 300_000,
}, async () => {
  const uri = freshDatabaseUri();
  await connectTo(uri);
  cleanUps.push(dropDatabase);
  let product = await start(uri);
  const password = /mật khẩu (\S+)/.exec(product.output())?.[1] ?? '';
  let office = new Office(product.url);
  await office.logIn(password);
  await office.openRound();
  let people = 0;
  let [nothing, again] = [0, 0];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await roundByCode(ROUND);
    const revisions = before?.publications.length ?? 0;
    if (before?.state === 'open') {
      await answer(people, PEOPLE);
      people += PEOPLE;
      await office.post(`/van-phong/dot/${ROUND}/dong`, new URLSearchParams());
    } else if (before?.state === 'published') {
      await office.post(`${PAGE}/dinh-chinh`, new URLSearchParams({ reason: 'Phiếu giấy đến muộn' }));
      await answer(people, 500);
      people += 500;
    }
    const publishing = publishBy(office).catch(() => null);
    // From before the counting to after the last write.
    await sleep(100 + (1400 * kill) / Math.max(1, KILLS - 1));
    await product.end('SIGKILL');
    const answered = await publishing;
    const after = await roundByCode(ROUND);
    const published = (after?.publications.length ?? 0) > revisions;
    if (!published) nothing += 1;
    if (answered) expect(answered.status).toBe(303);
    if (answered?.leads.endsWith('/cong-bo')) expect(published).toBe(true);
    expect(after?.state).toBe(published ? 'published' : 'closed');
    if (after && after.publications.length > 0)
      expect(await verifySeal(ROUND)).toMatchObject({ findings: [], figures: true });
    product = await start(uri);
    office = new Office(product.url);
    await office.logIn(password);
    const status = (await fetch(`${product.url}/ket-qua/${ROUND}`)).status;
    expect(status).toBe((after?.publications.length ?? 0) > 0 ? 200 : 404);
    const lost = await lostJob();
    if (lost) {
      again += 1;
      expect(lost.state).toBe('stopped');
      expect((await office.post(`/van-phong/viec/${lost._id}/lai`, new URLSearchParams())).status).toBe(303);
      expect(await jobEnd(lost._id)).toMatchObject({ state: 'done', outcome: { revision: revisions + 1 } });
    }
    const made = (await roundByCode(ROUND))?.publications.length;
    expect(made).toBe(lost || published ? revisions + 1 : revisions);
  }
  expect(nothing).toBeGreaterThan(0);
  expect(again).toBeGreaterThan(0);
  const before = (await roundByCode(ROUND))?.publications.length ?? 0;
  // Published once more, after all of them; what was left behind on the way is gone then.
  if ((await roundByCode(ROUND))?.state === 'published') {
    await office.post(`${PAGE}/dinh-chinh`, new URLSearchParams({ reason: 'Phiếu giấy đến muộn' }));
    await answer(people, 500);
    people += 500;
  }
  const last = await publishBy(office);
  expect(last.status).toBe(303);
  const job = last.leads.split('/viec/')[1];
  if (job) expect((await jobEnd(job)).state).toBe('done');
  const round = await roundByCode(ROUND);
  expect(round?.state).toBe('published');
  expect(await verifySeal(ROUND)).toMatchObject({ findings: [], responses: people });
  const attempts = await mongoose.connection.collection('sealedParts').distinct('attempt', { round: ROUND });
  const named = round?.publications.map(({ attempt }) => attempt) ?? [];
  expect(attempts.sort()).toEqual(named.sort());
  expect(named).toHaveLength(before + 1);
});
