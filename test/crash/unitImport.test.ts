/** An import of a whole province's units, while the server that stores it is killed. */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import mongoose from 'mongoose';
import { afterEach, expect, test } from 'vitest';
import { freshDatabaseUri } from '../database.js';
import { type RunningProduct, startProduct } from '../product.js';
import { Office } from './office.js';

const KILLS = Number(process.env.IMPORT_KILLS ?? 6);
const UNITS = 3_000;

let product: RunningProduct | undefined;
let dataDir: string;
let uri: string;
afterEach(async () => {
  await product?.end('SIGKILL');
  const connection = await mongoose.createConnection(uri).asPromise();
  await connection.dropDatabase();
  await connection.close();
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

test('is stored whole or not at all, whenever the server is killed', async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'import-'));
  uri = freshDatabaseUri();
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
  for (let time = 1; time <= KILLS; time += 1) {
    const began = performance.now();
    const answer = office.post('/van-phong/don-vi/nhap', listOf(time)).then(
      ({ status }) => status,
      () => null,
    );
    // The first is let through, to know how long one takes.
    const status = time === 1 ? await answer : await Promise.race([answer, sleep(randomInt(20, 900), null)]);
    await product.end('SIGKILL');
    product = await startProduct('main', sameAgain);

    const answered = await office.get('/van-phong/don-vi/danh-sach.csv');
    const file = await answered.text();
    expect(answered.status, file.slice(0, 2000)).toBe(200);
    const units = parse(file, { bom: true, columns: true }) as { name: string; link: string }[];
    const times = new Set(units.map(({ name }) => Number(name.split(' ').at(-1))));
    const where = `${time}: ${status} after ${Math.round(performance.now() - began)} ms`;
    expect(units, where).toHaveLength(UNITS);
    expect([...times], where).toHaveLength(1);
    const [stored = 0] = times;
    expect([last, time], where).toContain(stored);
    if (status === 303) expect(stored, where).toBe(time);
    outcomes.add(stored === time ? 'stored' : 'not stored');
    last = stored;
    const link = new Set(units.map((unit) => unit.link));
    expect(link.size).toBe(UNITS);
    const page = await office.get('/van-phong/don-vi/thay-doi');
    expect(page.status).toBe(200);
  }
  console.log(`${KILLS} kills:`, [...outcomes].join(', '));
}, 240_000);
