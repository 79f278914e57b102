/**
 * `npm run bench:exports`: how fast and in how much memory single responses leave at the size of a whole province, over
 * HTTP by the product's own server, beside a bare pass over the same documents through the driver. It prints figures
 * and the aims they are held against; it fails nothing. REFERENCE_URI runs it on a reference server instead of the
 * embedded engine; BENCH_RESPONSES and BENCH_UNITS make it smaller.
 */
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { roundByCode } from '../../dist/models/rounds.js';
import { createFirstAccount, OFFICE_ACCOUNT } from '../../dist/server/accounts/passwords.js';
import { createApp } from '../../dist/server/app.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { countResponses } from '../../dist/server/results/counting.js';
import { closeRound } from '../../dist/server/rounds/rounds.js';
import { onDatabase } from './databases.mjs';
import { inMegabytes, inSeconds, inWords, line, median, timed } from './printed.mjs';
import {
  addMadeUp,
  benchContext,
  DAY,
  openedRound,
  responsesWanted,
  storeProvince,
  UNITS,
} from './province.mjs';

const RESPONSES = responsesWanted(500_000);
const SURVEY = 'parents-thcs';
const PASSWORD = 'mật khẩu của phép đo';

/** One round in which everybody answered one survey, closed, its tallies kept. */
async function build() {
  const context = benchContext();
  await storeProvince({ levelsOf: () => ['thcs'] });
  const code = await openedRound(context, { surveys: [SURVEY] });
  const { ms } = await timed(() => addMadeUp(context, code, RESPONSES));
  line(`adding ${inWords(RESPONSES)} responses, ${inWords(UNITS)} units`, inSeconds(ms));
  await countResponses(await roundByCode(code));
  await closeRound(code, DAY);
  await createFirstAccount(PASSWORD);
  return code;
}

/** Every document of the round, whole, one by one, through the driver alone. */
async function barePass(round) {
  let read = 0;
  for await (const _ of mongoose.connection.collection('responses').find({ round }, { batchSize: 1000 }))
    read++;
  if (read !== RESPONSES) throw new Error(`${read} read`);
}

/** A server of the product in a process of its own; tells its memory while somebody asks. */
async function serve(uri) {
  await connectTo(uri);
  const server = http.createServer(createApp(benchContext()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send({ port: server.address().port });
  let peak = 0;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20).unref();
  process.on('message', (message) => {
    if (message === 'end') process.exit(0);
    global.gc?.();
    const now = process.memoryUsage.rss();
    process.send({ now, peak });
    peak = now;
  });
}

function asked(child, message) {
  return new Promise((resolve) => {
    child.once('message', resolve);
    if (message !== undefined) child.send(message);
  });
}

function request(port, address, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request({
      port,
      host: '127.0.0.1',
      path: address,
      method: body ? 'POST' : 'GET',
      headers,
    });
    sent.once('response', resolve).once('error', reject);
    sent.end(body);
  });
}

async function logIn(port) {
  const body = new URLSearchParams({ name: OFFICE_ACCOUNT, password: PASSWORD }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await request(port, '/van-phong/dang-nhap', headers, body);
  answer.resume();
  if (answer.statusCode !== 303) throw new Error(`logging in: ${answer.statusCode}`);
  return answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Takes a file away. @returns how long it took, its bytes, and its last line */
async function download(port, cookie, address, encoding) {
  const began = performance.now();
  const answer = await request(port, address, { cookie, 'accept-encoding': encoding });
  if (answer.statusCode !== 200) throw new Error(`${address}: ${answer.statusCode}`);
  let bytes = 0;
  let end = Buffer.alloc(0);
  for await (const piece of answer) {
    bytes += piece.length;
    end = Buffer.concat([end, piece]).subarray(-4000);
  }
  const [last = ''] = end.toString().trimEnd().split('\r\n').slice(-1);
  return { ms: performance.now() - began, bytes, last };
}

async function whole(uri) {
  await connectTo(uri);
  const round = await build();
  const child = fork(fileURLToPath(import.meta.url), ['serve', uri], { execArgv: ['--expose-gc'] });
  const { port } = await asked(child);
  const cookie = await logIn(port);
  const root = `/van-phong/dot/${round}`;
  // The figures are in memory before, with what of them is hidden, as where somebody has looked at the round.
  for (const file of ['ty-le.csv', 'tieu-chi.csv'])
    await download(port, cookie, `${root}/${file}`, 'identity');
  const single = `${root}/phieu/${SURVEY}.csv`;
  const bare = [];
  const plain = [];
  const { now } = await asked(child, 'memory');
  for (let time = 0; time < 3; time++) {
    const began = performance.now();
    await barePass(round);
    bare.push(performance.now() - began);
    const taken = await download(port, cookie, single, 'identity');
    const [, rows] = taken.last.split(',');
    if (Number(rows) > RESPONSES || Number(rows) < 0.99 * RESPONSES) throw new Error(`ends: ${taken.last}`);
    plain.push(taken.ms);
    if (time === 0)
      line('rows in the file of single responses, its size', `${rows}, ${inMegabytes(taken.bytes)}`);
  }
  const { peak } = await asked(child, 'memory');
  const zipped = await download(port, cookie, single, 'gzip');
  line('a bare pass through the driver (median of 3)', inSeconds(median(bare)));
  line('single responses over HTTP (median of 3)', inSeconds(median(plain)));
  line('  speed of the bare pass', (median(bare) / median(plain)).toFixed(2), 'aim: at least 0.50');
  line('  memory of the server while it sends, above before', inMegabytes(peak - now), 'aim: under 150 MB');
  line('  compressed, as for a browser', `${inSeconds(zipped.ms)}, ${inMegabytes(zipped.bytes)}`);
  await asked(child, 'memory');
  for (const [name, file] of [
    ['answers by level, long form', 'muc-do.csv'],
    ['factors and items', 'tieu-chi.csv'],
    ['workbook of rates', 'ty-le.xlsx'],
  ]) {
    const { ms, bytes } = await download(port, cookie, `${root}/${file}`, 'identity');
    const memory = await asked(child, 'memory');
    line(
      name,
      `${inSeconds(ms)}, ${inMegabytes(bytes)}`,
      `memory ${inMegabytes(memory.peak - now)} above before`,
    );
  }
  child.send('end');
  await mongoose.connection.dropDatabase();
  await mongoose.disconnect();
}

const [what, uri] = process.argv.slice(2);
if (what === 'serve') await serve(uri);
else await onDatabase(whole);
