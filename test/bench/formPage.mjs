/**
 * How long a respondent waits for a form page while the engine groups half a million documents: the compiled product
 * as an office runs it, its own database beside the bench's rows, requests at a steady pace.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { runningEngineUri } from '../../dist/server/database/embedded/index.js';
import { quantile } from './printed.mjs';

const PAUSE_MS = 20;
const agent = new Agent({ keepAlive: true });

/**
 * Fills a product's database by `fill(rows)` and measures page times, in milliseconds: the 99th percentile idle and
 * while `aggregate(rows)` runs again and again.
 */
export async function formPageWhileBusy(fill, aggregate, seconds) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'engine-bench-'));
  const product = spawn(process.execPath, ['dist/server/demo/main.js'], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const link = await formLink(product);
    const client = await new mongo.MongoClient(await runningEngineUri(dataDir)).connect();
    const rows = client.db('bench').collection('rows');
    await fill(rows);
    const form = await formAddress(link);
    await pageTimes(form, sleep(2000));
    const idle = await pageTimes(form, sleep(seconds * 1000));
    const busy = await pageTimes(
      form,
      repeated(() => aggregate(rows), seconds * 1000),
    );
    await client.close();
    return { idle: quantile(idle, 0.99), busy: quantile(busy, 0.99), pages: busy.length };
  } finally {
    product.kill('SIGTERM');
    await once(product, 'exit');
    agent.destroy();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The link to the first form, which the demonstration prints. */
async function formLink(product) {
  let printed = '';
  for await (const chunk of product.stdout) {
    printed += chunk;
    const link = /http:\/\/\S+\/k\/\S+/.exec(printed)?.[0];
    if (link && /Mật khẩu: \S+\n/.test(printed)) {
      product.stdout.resume();
      return link;
    }
  }
  throw new Error(`The product did not start: ${printed}`);
}

/** From a school's link through redirections and choices to the form itself. */
async function formAddress(link) {
  let address = link;
  for (let steps = 0; steps < 5; steps++) {
    const { location, body } = await page(address);
    if (/<form[^>]+method="post"/i.test(body)) return address;
    const next = location ?? /href="(\/k\/[^"]+)"/.exec(body)?.[1];
    if (!next) break;
    address = new URL(next.replaceAll('&amp;', '&'), address).href;
  }
  throw new Error(`No form behind ${link}`);
}

function page(address) {
  return new Promise((resolve, reject) => {
    get(address, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, location: response.headers.location, body }),
      );
    }).on('error', reject);
  });
}

/** The times of one page after another until `end` settles. */
async function pageTimes(address, end) {
  let ended = false;
  const watched = end.finally(() => (ended = true));
  const times = [];
  while (!ended) {
    const began = performance.now();
    const { status } = await page(address);
    if (status !== 200) throw new Error(`${address}: ${status}`);
    times.push(performance.now() - began);
    await sleep(PAUSE_MS);
  }
  await watched;
  return times;
}

async function repeated(work, ms) {
  const began = performance.now();
  while (performance.now() - began < ms) await work();
}
