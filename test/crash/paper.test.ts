/** Batches of paper forms whose server is killed while they are handed over: each sheet is one response. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterEach, expect, test } from 'vitest';
import { batchById } from '../../models/paperBatches.js';
import { sheetsOfBatch } from '../../models/paperSheets.js';
import type { Response as Stored } from '../../models/responses.js';
import { connectTo } from '../../server/database/connection.js';
import { projectPath } from '../../server/paths.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import type { RunningProduct } from '../product.js';
import { startToKill } from './killed.js';
import { Office } from './office.js';

/** Kills that must hit a batch between its two ends. */
const HITS = Number(process.env.PAPER_KILLS ?? 2);
const MOST_BATCHES = 12 * HITS;
const SHEETS = 600;
const ROUND = 'dot-thu';
const PAGES = '/van-phong/co-so/S1/phieu-giay';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const survey = readSurveys(projectPath('surveys')).get('parents-mam-non');
const codes = (survey ? itemsOf(survey) : []).map(({ code }) => code);

/** A file whose every line says in words which sheet it is. */
function file(batch: number): string {
  const lines = Array.from({ length: SHEETS }, (_, sheet) =>
    codes.map((code, place) => {
      if (code === 'K01') return `Tập ${batch} phiếu ${sheet}`;
      return /^[A-EG]/.test(code) && code !== 'G02' ? String(((sheet + place) % 5) + 1) : '';
    }),
  );
  return [codes, ...lines].map((cells) => cells.join(',')).join('\n');
}

async function start(settings: Readonly<Record<string, string>>): Promise<RunningProduct> {
  const product = await startToKill(settings);
  cleanUps.push(() => product.end('SIGKILL'));
  return product;
}

/** Opens a batch and gives it its file. @returns its id */
async function fullBatch(office: Office, number: number): Promise<string> {
  const opened = await office.post(
    `${PAGES}/moi`,
    new URLSearchParams({
      tap: `${ROUND}/parents-mam-non/mam-non`,
      nguon: 'file',
      'so-phieu': 'written',
      'so-luong': String(SHEETS),
      'thu-den': '2024-05-20',
      'nhap-lai': '0',
    }),
  );
  const id = opened.headers.get('location')?.split('/').at(-1) ?? '';
  const form = new FormData();
  form.set('step', 'store');
  form.set('list', file(number));
  await office.settled(await office.post(`${PAGES}/${id}/tep`, form));
  return id;
}

const handOver = (office: Office, id: string) =>
  office.post(`${PAGES}/${id}/chot`, new URLSearchParams()).then(
    ({ status }) => status,
    () => null,
  );

test('each sheet of a batch whose server was killed on the way is one response, and no answer stays behind', {
  timeout: 240_000,
}, async () => {
  const uri = freshDatabaseUri();
  await connectTo(uri);
  cleanUps.push(dropDatabase);
  let product = await start({ MONGODB_URI: uri });
  const password = /mật khẩu (\S+)/.exec(product.output())?.[1] ?? '';
  let office = new Office(product.url);
  await office.logIn(password);
  await office.openRound();
  let batches = 0;
  let hits = 0;
  while (hits < HITS && batches < MOST_BATCHES) {
    batches += 1;
    const id = await fullBatch(office, batches);
    const handing = handOver(office, id);
    await sleep(20 + Math.random() * 250);
    await product.end('SIGKILL');
    const answered = await handing;
    const between = (await batchById(id))?.state ?? '';
    if (between === 'checking' || between === 'handing-over') hits += 1;
    if (answered === 303) expect(between).toBe('handed-over');
    product = await start({ MONGODB_URI: uri });
    office = new Office(product.url);
    await office.logIn(password);
    // What was under way went on at the start; what had not begun waits for somebody to press the button.
    if ((await batchById(id))?.state === 'open') expect(await handOver(office, id)).toBe(303);
    expect((await batchById(id))?.state).toBe('handed-over');
    for (const sheet of await sheetsOfBatch(id)) expect(sheet).not.toHaveProperty('staged');
  }
  expect(hits).toBe(HITS);
  const stored = mongoose.connection.collection<Stored>('responses');
  const responses = await stored.find({ round: ROUND }).toArray();
  const sheets = responses.map(({ answers }) => String(answers.K01)).sort();
  const wanted = Array.from({ length: batches * SHEETS }, (_, index) => {
    const batch = Math.floor(index / SHEETS) + 1;
    return `Tập ${batch} phiếu ${index % SHEETS}`;
  });
  expect(sheets.length).toBe(wanted.length);
  expect(sheets).toEqual(wanted.sort());
  expect(responses.every(({ channel }) => channel === 'paper')).toBe(true);
});

test('the same where the embedded database is killed with its server, and figures count each sheet once', {
  timeout: 120_000,
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paper-'));
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
  let product = await start({ DATA_DIR: dataDir });
  const password = /mật khẩu (\S+)/.exec(product.output())?.[1] ?? '';
  let office = new Office(product.url);
  await office.logIn(password);
  await office.openRound();
  for (let batch = 1; batch <= 3; batch += 1) {
    const id = await fullBatch(office, batch);
    const handing = handOver(office, id);
    await sleep(30 + Math.random() * 200);
    await product.end('SIGKILL');
    await handing;
    product = await start({ DATA_DIR: dataDir });
    office = new Office(product.url);
    await office.logIn(password);
    expect([303, 409]).toContain(await handOver(office, id));
    expect(await office.responses()).toBe(batch * SHEETS);
  }
});
