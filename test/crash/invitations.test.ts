/**
 * Kills while codes are being used: afterwards used codes and responses agree. Each slip is sent by its own phone, again
 * and again with the same key until it is acknowledged, and by a second one that got hold of the same code.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningProduct } from '../product.js';
import { filledBy, startToKill } from './killed.js';
import { Office } from './office.js';

const KILLS = 3;
const CLIENTS = 8;
const SLIPS = 3000;

let dataDir: string;
let product: RunningProduct | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'crash-codes-'));
});
afterEach(async () => {
  await product?.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

interface Slip {
  readonly code: string;
  readonly person: number;
  /** Keys of the two phones that have the code; the first is the one that goes on trying. */
  readonly keys: readonly [string, string];
  acknowledged: number;
  refused: number;
}

test('after kills every acknowledged answer is there, each code has answered at most once, and used codes are as many as responses', {
  timeout: 180_000,
}, async () => {
  product = await startToKill({ DATA_DIR: dataDir });
  const password = /mật khẩu (\S+)/.exec(product.output())?.[1] ?? '';
  let office = new Office(product.url);
  await office.logIn(password);
  await office.openRound('invitation');
  const own = '/van-phong/co-so/S1/dot/dot-thu/ma-moi';
  await office.post(`${own}/tao`, new URLSearchParams({ number: String(SLIPS) }));
  const file = await (await office.get(`${own}/ma.csv`)).text();
  const newKey = () => randomBytes(16).toString('base64url');
  const slips = [...file.matchAll(/\/m\/(\w{11})"/g)].map(
    ([, code = ''], person): Slip => ({
      code,
      person,
      keys: [newKey(), newKey()],
      acknowledged: 0,
      refused: 0,
    }),
  );
  expect(slips).toHaveLength(SLIPS);

  const send = async (url: string, slip: Slip, phone: 0 | 1): Promise<void> => {
    const answer = await fetch(`${url}/m/${slip.code}/parents-mam-non/mam-non?phieu=${slip.keys[phone]}`, {
      method: 'POST',
      body: filledBy(slip.person + phone),
      redirect: 'manual',
    });
    if (answer.status === 303) slip.acknowledged += 1;
    else if (answer.status === 409) slip.refused += 1;
    else throw new Error(`answered ${answer.status}`);
  };

  let next = 0;
  const tried: Slip[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { url } = product;
    let running = true;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (running) {
        const slip = slips[next];
        if (!slip) return;
        next += 1;
        tried.push(slip);
        // Of every third slip a second phone sends at the same moment.
        const sends = slip.person % 3 === 0 ? [send(url, slip, 0), send(url, slip, 1)] : [send(url, slip, 0)];
        for (const { status } of await Promise.allSettled(sends)) if (status === 'rejected') running = false;
      }
    });
    // However slow the machine is: some dozens of slips, then at any moment.
    const enough = tried.length + 40;
    await expect.poll(() => tried.length, { timeout: 30_000 }).toBeGreaterThan(enough);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
    await product.end('SIGKILL');
    running = false;
    await Promise.all(clients);
    product = await startToKill({ DATA_DIR: dataDir });
  }

  expect(tried.length).toBeGreaterThan(120);
  const { url } = product;
  /** Both phones try until they are told: one has answered, the other is refused, whoever was quicker. */
  const settle = async (slip: Slip): Promise<void> => {
    const before = slip.acknowledged;
    expect(before, `code ${slip.code} answered more than once`).toBeLessThanOrEqual(1);
    slip.acknowledged = 0;
    for (const phone of slip.person % 3 === 0 ? ([0, 1] as const) : ([0] as const))
      await send(url, slip, phone);
    expect(slip.acknowledged, `code ${slip.code} lost its answer, acknowledged ${before} before`).toBe(1);
  };
  const rest = [...tried];
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let slip = rest.pop(); slip; slip = rest.pop()) await settle(slip);
    }),
  );

  office = new Office(product.url);
  await office.logIn(password);
  expect(await office.responses()).toBe(tried.length);
  const page = await (await office.get(own)).text();
  const figures = [...page.matchAll(/<strong>([\d.]+)<\/strong>/g)].map(([, n = '']) =>
    Number(n.replaceAll('.', '')),
  );
  expect(figures).toEqual([tried.length, SLIPS - tried.length, 0]);
});
