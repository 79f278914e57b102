/** An import of a whole province's units, while the server that stores it is killed. */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterEach, expect, test } from 'vitest';
import { lastChangeSet } from '../../models/unitChanges.js';
import { connectTo } from '../../server/database/connection.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { type RunningProduct, startProduct } from '../product.js';
import { lostJob } from './lostJob.js';
import { Office } from './office.js';

const KILLS = Number(process.env.IMPORT_KILLS ?? 6);
const UNITS = 3_000;

let product: RunningProduct | undefined;
let dataDir: string;
afterEach(async () => {
  await product?.end('SIGKILL');
  await dropDatabase();
  await rm(dataDir, { recursive: true, force: true });
});

/** Every unit with the number of the import in its name. */
function listOf(time: number): FormData {
  const form = new FormData();
  const lines = Array.from({ length: UNITS }, (_, unit) => `U${unit},Trường ${unit} lần ${time},thcs,`);
  form.set('list', ['code,name,levels,parent', ...lines].join('\n'));
  form.set('step', 'store');
  return form;
}

/** Every unit there is, as the office's own list has it. */
async function unitsOf(office: Office): Promise<{ name: string; link: string }[]> {
  const answered = await office.get('/van-phong/don-vi/danh-sach.csv');
  const file = await answered.text();
  expect(answered.status, file.slice(0, 2000)).toBe(200);
  return parse(file, { bom: true, columns: true }) as { name: string; link: string }[];
}

test('is stored whole or not at all, whenever the server is killed, and once by the job begun again', async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'import-'));
  const uri = freshDatabaseUri();
  await connectTo(uri);
  const settings = {
    DATA_DIR: dataDir,
    MONGODB_URI: uri,
    SESSION_SECRET: 'a secret of the import test, long enough',
    LOG_LEVEL: 'silent',
  };
  product = await startProduct('main', settings);
  const [, password = ''] = /mật khẩu (\S+)/.exec(product.output()) ?? [];
  // On one port and with one secret, so that one log-in lasts.
  const sameAgain = { ...settings, PORT: new URL(product.url).port };
  const office = new Office(product.url);
  await office.logIn(password);
  const outcomes = new Set<string>();
  let last = 0;
  let changes = 0;
  for (let time = 1; time <= KILLS; time += 1) {
    const began = performance.now();
    const answer = office.post('/van-phong/don-vi/nhap', listOf(time)).catch(() => null);
    // The first is let through, to know how long one takes.
    if (time === 1) await office.settled((await answer) as Response);
    const answered = await Promise.race([answer, sleep(randomInt(20, 2500), null)]);
    await product.end('SIGKILL');
    product = await startProduct('main', sameAgain);

    const leads = answered?.headers.get('location') ?? '';
    const units = await unitsOf(office);
    const times = new Set(units.map(({ name }) => Number(name.split(' ').at(-1))));
    const where = `${time}: ${leads} after ${Math.round(performance.now() - began)} ms`;
    expect(units, where).toHaveLength(UNITS);
    expect([...times], where).toHaveLength(1);
    const [stored = 0] = times;
    expect([last, time], where).toContain(stored);
    if (leads.includes('/thay-doi/')) expect(stored, where).toBe(time);
    outcomes.add(stored === time ? 'stored' : 'not stored');
    const lost = await lostJob();
    if (lost) {
      outcomes.add(stored === time ? 'begun again, stored already' : 'begun again, not stored');
      expect((await office.post(`/van-phong/viec/${lost._id}/lai`, new URLSearchParams())).status).toBe(303);
      expect(await jobEnd(lost._id), where).toMatchObject({ state: 'done' });
    }
    const after = await unitsOf(office);
    const now = lost ? time : stored;
    expect(new Set(after.map(({ name }) => Number(name.split(' ').at(-1)))), where).toEqual(new Set([now]));
    expect(new Set(after.map(({ link }) => link)).size).toBe(UNITS);
    // Each list that is stored is one change: begun again, it adds none.
    if (now !== last) changes += 1;
    expect((await lastChangeSet())?._id, where).toBe(changes);
    last = now;
    const page = await office.get('/van-phong/don-vi/thay-doi');
    expect(page.status).toBe(200);
  }
  console.log(`${KILLS} kills:`, [...outcomes].join(', '));
}, 240_000);
