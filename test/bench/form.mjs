/**
 * `npm run bench:form`: how fast the form is, in one run beside its yardsticks – a bare HTTP server that writes the
 * same bytes, and an empty page on the same slow phone. It prints figures and the limits they are held against; it
 * fails nothing. REFERENCE_URI adds the same sends on a reference server.
 */
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { mongo } from 'mongoose';
import { chromium } from 'playwright-core';
import { itemsOf, readSurveys } from '../../dist/surveys/read.js';
import { freshDatabase, onEmbeddedEngine } from './databases.mjs';
import { line, median, quantile } from './printed.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CLIENTS = 16;
const SURVEY = 'parents-thcs';

/** The compiled demonstration on a database of its own. */
async function startProduct(server) {
  const uri = freshDatabase(server);
  const child = spawn(process.execPath, ['dist/server/demo/main.js'], {
    env: {
      ...process.env,
      MONGODB_URI: uri,
      PORT: '0',
      HOST: '127.0.0.1',
      TRUST_PROXY: '1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const link = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(output)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [, found] = /(http:\S+\/k\/\w+)[\s\S]*vanphong/.exec(output) ?? [];
      if (found) resolve(found);
    });
  });
  return {
    form: new URL(`${link}/${SURVEY}/thcs`),
    uri,
    stop: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGTERM')),
  };
}

/** A bare server in a process of its own. @returns its address */
async function startBare(headers, body) {
  const child = fork(new URL('./bareServer.mjs', import.meta.url));
  child.send({ headers, body: body.toString('base64') });
  const port = await new Promise((resolve) => child.once('message', resolve));
  return { url: new URL(`http://127.0.0.1:${port}/`), stop: () => child.kill() };
}

/** Requests answered per second over kept connections, by a client that does no more than count bytes. */
async function requestsPerSecond(url, seconds = SECONDS) {
  const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept-Encoding: br, gzip\r\n\r\n`;
  let done = 0;
  let stopped = false;
  const began = performance.now();
  await Promise.all(
    Array.from(
      { length: CLIENTS },
      () =>
        new Promise((resolve, reject) => {
          const socket = connect(Number(url.port), url.hostname, () => socket.write(request));
          let due = 0;
          socket.on('error', reject).on('data', (chunk) => {
            if (due === 0) {
              const head = chunk.indexOf('\r\n\r\n');
              const [, length] = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head)) ?? [];
              if (!length) return reject(new Error('no length'));
              due = head + 4 + Number(length);
            }
            due -= chunk.length;
            if (due > 0) return;
            done++;
            if (stopped) return resolve(socket.destroy());
            socket.write(request);
          });
        }),
    ).concat(
      new Promise((resolve) =>
        setTimeout(() => {
          stopped = true;
          resolve();
        }, seconds * 1000),
      ),
    ),
  );
  return done / ((performance.now() - began) / 1000);
}

async function serving(form) {
  const answer = await fetch(form, { headers: { 'Accept-Encoding': 'br' } });
  const plain = Buffer.byteLength(await answer.text());
  const { headers, body } = await rawAnswer(form);
  const bare = await startBare(headers, body);
  const ratios = [];
  let most = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await requestsPerSecond(form);
    const yardstick = await requestsPerSecond(bare.url);
    ratios.push(ours / yardstick);
    most = Math.max(most, ours);
  }
  bare.stop();
  const wire = body.length + JSON.stringify(headers).length;
  line(`the form of ${SURVEY}: bytes over the wire, headers included`, wire, 'at most 14,000');
  line('  the same page unpacked', plain);
  line(`GET of the form, ${CLIENTS} connections, best of ${ROUNDS} rounds`, `${Math.round(most)} /s`);
  line(
    '  against a bare server that writes the same bytes (median)',
    median(ratios).toFixed(2),
    'aim: at least 0.60',
  );
}

/** An answer as it comes, still compressed. */
async function rawAnswer(url) {
  const [response] = await once(get(url, { headers: { 'accept-encoding': 'br' } }), 'response');
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...headers } = response.headers;
  return { headers, body: Buffer.concat(await response.toArray()) };
}

function filled(level) {
  const form = new URLSearchParams();
  for (const item of itemsOf(readSurveys('surveys').get(SURVEY))) {
    if (item.showIf) continue;
    if (item.kind === 'likert') form.set(item.code, level);
    else if (item.kind === 'percentage') form.set(item.code, '80');
    else if (item.kind !== 'text') form.set(item.code, item.options[0].code);
  }
  return form;
}

/** Accepted sends per second of so many clients at once, and whether each is stored. */
async function sending(name, { form, uri }) {
  const client = await new mongo.MongoClient(uri).connect();
  const responses = client.db().collection('responses');
  const before = await responses.countDocuments();
  const times = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, number) => {
      for (let sent = 0; performance.now() - began < SECONDS * 2000; sent++) {
        const body = filled(String((sent % 5) + 1));
        body.set('khoa', randomBytes(16).toString('base64url'));
        const started = performance.now();
        const answer = await fetch(form, {
          method: 'POST',
          body,
          redirect: 'manual',
          // As if from many networks, so that the limit on one of them does not end the run.
          headers: { 'X-Forwarded-For': `10.${number}.${sent >> 8}.${sent & 255}` },
        });
        await answer.arrayBuffer();
        if (answer.status !== 303) throw new Error(`answered ${answer.status}`);
        times.push(performance.now() - started);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const stored = (await responses.countDocuments()) - before;
  line(`accepted sends, ${CLIENTS} clients, ${name}`, `${Math.round(times.length / seconds)} /s`);
  line('  95th percentile', `${quantile(times, 0.95).toFixed(0)} ms`);
  line('  acknowledged but not stored', times.length - stored, 'must be 0');
  await client.db().dropDatabase();
  await client.close();
}

/** First contentful paint on a slow phone behind a slow network, beside that of an empty page. */
async function painting(form) {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const empty = await startBare(
    { 'content-type': 'text/html' },
    Buffer.from('<!doctype html><title>.</title><p>.</p>'),
  );
  const paint = async (url) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    let requests = 0;
    page.on('request', () => requests++);
    await page.goto(url.href, { waitUntil: 'load' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const at = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    await context.close();
    return { at, requests };
  };
  const ours = [];
  const yardstick = [];
  let requests = 0;
  for (let round = 0; round < ROUNDS + 2; round++) {
    yardstick.push((await paint(empty.url)).at);
    const painted = await paint(form);
    ours.push(painted.at);
    requests = Math.max(requests, painted.requests);
  }
  empty.stop();
  await browser.close();
  line('requests of the first visit', requests, 'aim: 1');
  line('first contentful paint at 400 kbit/s, 400 ms, CPU ÷ 4 (median)', `${Math.round(median(ours))} ms`);
  line('  against an empty page', (median(ours) / median(yardstick)).toFixed(2), 'aim: under 1.50');
}

await onEmbeddedEngine(async (uri) => {
  const product = await startProduct(uri);
  await serving(product.form);
  await painting(product.form);
  await sending('embedded engine', product);
  await product.stop();
  if (process.env.REFERENCE_URI) {
    const other = await startProduct(process.env.REFERENCE_URI);
    await sending('reference server', other);
    await other.stop();
  } else console.log('(no REFERENCE_URI: sends on a reference server not measured)');
});
