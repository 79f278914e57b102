/** Jobs whose server is killed in the middle, begun again by the next: every sheet is there, once. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterEach, expect, test } from 'vitest';
import { sheetsOfBatch } from '../../models/paperSheets.js';
import { connectTo } from '../../server/database/connection.js';
import { projectPath } from '../../server/paths.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { type RunningProduct, startProduct } from '../product.js';
import { lostJob } from './lostJob.js';
import { Office } from './office.js';

/** Kills that must hit a job that has begun and not ended. */
const HITS = Number(process.env.JOB_KILLS ?? 2);
const MOST_KILLS = 12 * HITS;
const SHEETS = 3000;
const ROUND = 'dot-thu';
const PAGES = '/van-phong/co-so/S1/phieu-giay';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A product of its own, with a round of one preschool, that can be killed and started anew with its data. */
async function officeThatDies(): Promise<{ office: Office; dieAfter(ms: number): Promise<void> }> {
  const uri = freshDatabaseUri();
  await connectTo(uri);
  cleanUps.push(dropDatabase);
  const settings = {
    SESSION_SECRET: 'a secret of the crash test, long enough',
    LOG_LEVEL: 'silent',
    MONGODB_URI: uri,
  };
  let product: RunningProduct = await startProduct('main', settings);
  cleanUps.push(() => product.end('SIGKILL'));
  const office = new Office(product.url);
  await office.logIn(/mật khẩu (\S+)/.exec(product.output())?.[1] ?? '');
  await office.openRound();
  const sameAgain = { ...settings, PORT: new URL(product.url).port };
  return {
    office,
    async dieAfter(ms) {
      await sleep(ms);
      await product.end('SIGKILL');
      product = await startProduct('main', sameAgain);
    },
  };
}

/** Begins the lost job again, if one was lost. @returns whether one was */
async function begunAgain(office: Office): Promise<boolean> {
  const lost = await lostJob();
  if (!lost) return false;
  expect((await office.post(`/van-phong/viec/${lost._id}/lai`, new URLSearchParams())).status).toBe(303);
  expect(await jobEnd(lost._id)).toMatchObject({ state: 'done' });
  return true;
}

const countOf = (name: string, filter = {}) => mongoose.connection.collection(name).countDocuments(filter);

test('a file of answers whose server was killed while it was stored', { timeout: 240_000 }, async () => {
  const { office, dieAfter } = await officeThatDies();
  const survey = readSurveys(projectPath('surveys')).get('parents-mam-non');
  const codes = (survey ? itemsOf(survey) : []).map(({ code }) => code);
  let again = 0;
  for (let kill = 0; kill < MOST_KILLS && again < HITS; kill += 1) {
    const opened = await office.post(
      `${PAGES}/moi`,
      new URLSearchParams({
        ...{ tap: `${ROUND}/parents-mam-non/mam-non`, nguon: 'file', 'so-phieu': 'written' },
        ...{ 'so-luong': String(SHEETS), 'thu-den': '2024-05-20', 'nhap-lai': '0' },
      }),
    );
    const batch = opened.headers.get('location')?.split('/').at(-1) ?? '';
    const rows = Array.from({ length: SHEETS }, (_, sheet) =>
      codes.map((code) => (code === 'K01' ? `Tệp ${kill} phiếu ${sheet}` : /^A/.test(code) ? '4' : '')),
    );
    const form = new FormData();
    form.set('step', 'store');
    form.set('list', [codes, ...rows].map((cells) => cells.join(',')).join('\n'));
    const giving = office.post(`${PAGES}/${batch}/tep`, form).catch(() => null);
    await dieAfter(randomInt(500, 3000));
    await giving;
    const lost = await begunAgain(office);
    if (lost) again += 1;
    const sheets = await sheetsOfBatch(batch);
    // Killed before there was a job: nothing is there, and nobody was told otherwise.
    if (sheets.length > 0) {
      const said = sheets.map(({ staged }) => staged?.answers.K01);
      expect(said).toEqual(Array.from({ length: SHEETS }, (_, sheet) => `Tệp ${kill} phiếu ${sheet}`));
    }
    if (lost) expect([sheets.length, await countOf('keptTexts')]).toEqual([SHEETS, 0]);
    // A list that was kept for a job which never began waits for its day.
    await mongoose.connection.collection('keptTexts').deleteMany({});
  }
  expect(again).toBe(HITS);
});

test('a print run of paper forms whose server was killed while it was numbered and drawn', {
  timeout: 240_000,
}, async () => {
  const { office, dieAfter } = await officeThatDies();
  let again = 0;
  let runs = 0;
  for (let kill = 0; kill < MOST_KILLS && again < HITS; kill += 1) {
    const asking = office
      .post(`/van-phong/dot/${ROUND}/in/phieu`, new URLSearchParams({ scope: 'S1', copies: '500' }))
      .catch(() => null);
    await dieAfter(randomInt(40, 500));
    await asking;
    if (await begunAgain(office)) again += 1;
    runs = await countOf('printRuns');
    expect(await countOf('paperPrints')).toBe(runs);
  }
  expect(again).toBe(HITS);
  // Every number there is, once.
  const prints = await mongoose.connection.collection('paperPrints').find().sort({ first: 1 }).toArray();
  expect(prints.map(({ first, last }) => [first, last])).toEqual(
    prints.map((_, place) => [place * 500 + 1, (place + 1) * 500]),
  );
  const [run] = await mongoose.connection.collection('printRuns').find().toArray();
  const page = await (await office.get(`/van-phong/dot/${ROUND}/in/phieu/${run?._id}`)).text();
  const serials = [...page.matchAll(/<strong>(\d{4}-\d{4})<\/strong>/g)].map(([, serial]) => serial);
  expect(serials).toHaveLength(500);
  expect(new Set(serials).size).toBe(500);
});
