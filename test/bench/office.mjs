/**
 * `npm run bench:office`: how long the office waits at the size of a whole province: the compiled product in a process
 * of its own, on the embedded engine, asked over HTTP as a browser asks. Each page is the median of several, and stands
 * beside a page of the same product with nothing on it, asked in the same run. It prints figures and the aims they are
 * held against; it fails nothing. BENCH_UNITS and BENCH_RESPONSES make it smaller.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import mongoose from 'mongoose';
import { connectTo } from '../../dist/server/database/connection.js';
import { runningEngineUri } from '../../dist/server/database/embedded/index.js';
import { inFolder } from './databases.mjs';
import { inMegabytes, inMs, line, median } from './printed.mjs';
import {
  addMadeUp,
  contextOfToday,
  openedRound,
  responsesWanted,
  storeProvince,
  UNITS,
} from './province.mjs';

const RESPONSES = responsesWanted(60_000);
const COMMUNES = Math.max(1, Math.round(UNITS / 30));
const AIM_MS = 500;
const TIMES = 7;

/** The product, listening, with the password that it printed. */
async function startProduct(dataDir) {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      SESSION_SECRET: randomBytes(32).toString('hex'),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    const url = /(http:\/\/\S+)/.exec(printed)?.[1];
    const password = /mật khẩu (\S{19})/i.exec(printed)?.[1];
    if (url && password) {
      child.stdout.resume();
      return { child, url, password };
    }
  }
  throw new Error(`The product did not start: ${printed}`);
}

/** A browser that is logged in as the office. */
async function office({ url, password }) {
  const login = await fetch(`${url}/van-phong/dang-nhap`, {
    method: 'POST',
    body: new URLSearchParams({ name: 'vanphong', password }),
    headers: { Origin: url },
    redirect: 'manual',
  });
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return (address, more = {}) =>
    fetch(url + address, { ...more, headers: { cookie, Origin: url, ...more.headers }, redirect: 'manual' });
}

async function page(ask, address) {
  const times = [];
  let bytes = 0;
  for (let time = 0; time < TIMES; time++) {
    const began = performance.now();
    const answer = await ask(address);
    bytes = (await answer.arrayBuffer()).byteLength;
    times.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`${address} is ${answer.status}`);
  }
  return { ms: median(times), first: times[0], bytes };
}

/** Until the first and the last sheet of a print run is there, sent while it is drawn. */
async function printRun(ask, address) {
  const began = performance.now();
  const answer = await ask(address);
  let first = null;
  let bytes = 0;
  for await (const piece of answer.body) {
    first ??= performance.now() - began;
    bytes += piece.length;
  }
  if (answer.status !== 200) throw new Error(`${address} is ${answer.status}`);
  return { ms: performance.now() - began, first, bytes };
}

/** Asks for the posters of every school and waits until they are ready. */
async function drawnByJob(ask, round) {
  const began = performance.now();
  const asked = await ask(`/van-phong/dot/${round}/in/lan-in`, {
    method: 'POST',
    body: new URLSearchParams({ in: 'ap-phich' }),
  });
  const answered = performance.now() - began;
  let address = asked.headers.get('location');
  while (address.includes('/viec/')) {
    const page = await (await ask(address)).text();
    const [, href] = /class="button" href="([^"]+)"/.exec(page) ?? [];
    if (!page.includes('<progress') && !href) throw new Error(`${address} has failed`);
    if (href) address = href;
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { ms: performance.now() - began, answered, address };
}

const memoryOf = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

await inFolder(async (dataDir) => {
  const product = await startProduct(dataDir);
  try {
    await measure(product, await runningEngineUri(dataDir));
  } finally {
    await mongoose.disconnect();
    product.child.kill('SIGTERM');
    await new Promise((resolve) => product.child.once('exit', resolve));
  }
});

async function measure(product, uri) {
  await connectTo(uri);
  const context = contextOfToday();
  await storeProvince({ communes: COMMUNES, top: 'SO' });
  const round = await openedRound(context, { opens: context.today(), closes: context.today() });
  await addMadeUp(context, round, RESPONSES);
  const ask = await office(product);
  // The figures of the round are counted once before they are looked at, as they are while answers come in.
  await ask(`/van-phong/dot/${round}`);
  line(`${UNITS} schools in ${COMMUNES} communes, ${RESPONSES} responses`, '');
  const empty = await page(ask, '/van-phong/cua-toi');
  line('a page with nothing on it', inMs(empty.ms));
  for (const address of [
    '/van-phong',
    '/van-phong/don-vi',
    '/van-phong/don-vi?loc=100',
    '/van-phong/co-so/DV0001',
    '/van-phong/co-so/XA001',
    '/van-phong/co-so/SO',
    '/van-phong/don-vi/ma/DV0001',
    '/van-phong/don-vi/danh-sach.csv',
    '/van-phong/tai-khoan',
    '/van-phong/nhat-ky',
    `/van-phong/dot/${round}`,
    `/van-phong/dot/${round}/don-vi`,
    `/van-phong/dot/${round}/nhom`,
    `/van-phong/dot/${round}/mau`,
    `/van-phong/dot/${round}/tien-do`,
    `/van-phong/dot/${round}/tien-do?xem=don-vi`,
    `/van-phong/dot/${round}/ma-moi`,
    `/van-phong/dot/${round}/in`,
    `/van-phong/dot/${round}/tai-ve`,
    `/van-phong/dot/${round}/van-ban`,
    `/van-phong/dot/${round}/cong-bo`,
    `/van-phong/dot/${round}/quan-ly`,
  ]) {
    const { ms, first, bytes } = await page(ask, address);
    line(
      address.replace(round, ':round'),
      inMs(ms),
      `aim under ${AIM_MS} ms; first ${inMs(first)}, ${Math.round(bytes / 1024)} KB, ${(ms / empty.ms).toFixed(1)} × the empty page`,
    );
  }
  const run = await printRun(ask, `/van-phong/dot/${round}/in/lan-in?in=ap-phich`);
  line(
    'posters of every school, sent while they are drawn, to the last sheet',
    inMs(run.ms),
    `to the first ${inMs(run.first)}; ${inMegabytes(run.bytes)}`,
  );
  const job = await drawnByJob(ask, round);
  const pieces = await mongoose.connection
    .collection('keptTexts')
    .find({}, { promoteBuffers: true })
    .toArray();
  const bytes = pieces.reduce((sum, { content }) => sum + content.length, 0);
  line(
    'the same drawn by a job, until it is ready',
    inMs(job.ms),
    `answered after ${inMs(job.answered)}; ${pieces.length} pieces, ${Math.round(bytes / 1024)} KB`,
  );
  const kept = await printRun(ask, job.address);
  line('opened again, to the last sheet', inMs(kept.ms), `to the first ${inMs(kept.first)}`);
  line('memory of the server', `${memoryOf(product.child.pid)} MB`);
}
