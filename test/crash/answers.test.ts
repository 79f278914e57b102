import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningProduct } from '../product.js';
import { filledBy, startToKill } from './killed.js';
import { Office } from './office.js';

const ROUNDS_OF_KILLS = 3;
const CLIENTS = 8;

let dataDir: string;
let product: RunningProduct | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'crash-'));
});
afterEach(async () => {
  await product?.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

interface Sent {
  readonly key: string;
  readonly person: number;
  acknowledged: boolean;
}

test('every answer that was acknowledged before a kill is there once, and none is counted twice', {
  timeout: 120_000,
}, async () => {
  product = await startToKill({ DATA_DIR: dataDir });
  const password = /mật khẩu (\S+)/.exec(product.output())?.[1] ?? '';
  const office = new Office(product.url);
  await office.logIn(password);
  const code = await office.openRound();
  const sent: Sent[] = [];

  const send = async (url: string, one: Sent) => {
    const answer = await fetch(`${url}/k/${code}/parents-mam-non/mam-non?phieu=${one.key}`, {
      method: 'POST',
      body: filledBy(one.person),
      redirect: 'manual',
    });
    if (answer.status !== 303) throw new Error(`answered ${answer.status}`);
    one.acknowledged = true;
  };

  for (let round = 0; round < ROUNDS_OF_KILLS; round += 1) {
    const { url } = product;
    let running = true;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (running) {
        const one = { key: randomBytes(16).toString('base64url'), person: sent.length, acknowledged: false };
        sent.push(one);
        await send(url, one).catch(() => {
          running = false;
        });
      }
    });
    const before = sent.filter((one) => one.acknowledged).length;
    await setTimeout(300 + Math.random() * 700);
    // However slow the machine: a kill before the first answers would show little.
    while (running && sent.filter((one) => one.acknowledged).length < before + 20) await setTimeout(5);
    await product.end('SIGKILL');
    running = false;
    await Promise.all(clients);
    product = await startToKill({ DATA_DIR: dataDir });
  }

  const acknowledged = sent.filter((one) => one.acknowledged);
  expect(acknowledged.length).toBeGreaterThan(50);
  for (const { key } of acknowledged) {
    const thanks = await fetch(`${product.url}/k/${code}/da-nhan/${key}`);
    expect(thanks.status, `the answer ${key} was lost`).toBe(200);
  }
  // What was not acknowledged is sent again by the phones; whether it was stored before or not, it counts once.
  for (const one of sent.filter((each) => !each.acknowledged)) await send(product.url, one);
  const after = new Office(product.url);
  await after.logIn(password);
  expect(await after.responses()).toBe(sent.length);
});

test('an answer under way when the server is told to stop is finished, and the server ends with code 0', async () => {
  product = await startToKill({ DATA_DIR: dataDir });
  const office = new Office(product.url);
  await office.logIn(/mật khẩu (\S+)/.exec(product.output())?.[1] ?? '');
  const code = await office.openRound();
  const sends = Array.from({ length: 20 }, (_, person) =>
    fetch(`${office.url}/k/${code}/parents-mam-non/mam-non?phieu=${randomBytes(16).toString('base64url')}`, {
      method: 'POST',
      body: filledBy(person),
      redirect: 'manual',
    }).then(
      ({ status }) => status,
      () => 'refused',
    ),
  );
  await sends[0];
  expect(await product.end('SIGTERM')).toBe(0);
  for (const outcome of await Promise.all(sends)) expect([303, 'refused']).toContain(outcome);
  product = undefined;
});
