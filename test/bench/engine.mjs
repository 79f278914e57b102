/**
 * `npm run bench:engine`: how fast the embedded engine is, in one run, beside two yardsticks: a server that
 * acknowledges without storing, and (where REFERENCE_URI names one that syncs) a reference server.
 * It prints figures and the limits they are held against; it fails nothing.
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mongo } from 'mongoose';
import { startEmbeddedEngine } from '../../dist/server/database/embedded/index.js';
import { inFolder } from './databases.mjs';
import { formPageWhileBusy } from './formPage.mjs';
import { inWords, line, timed } from './printed.mjs';

const { MongoClient, ObjectId } = mongo;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const ROWS = Number(process.env.BENCH_ROWS ?? 500_000);

function answer(n) {
  return {
    _id: new ObjectId(),
    round: `r${n % 4}`,
    unit: `u${n % 85}`,
    service: `s${n % 5}`,
    day: 20_000 + (n % 60),
    answers: { a1: (n % 5) + 1, a2: ((n >> 1) % 5) + 1, a3: ((n >> 2) % 5) + 1, note: 'Trường học sạch đẹp' },
  };
}

/** Acknowledged inserts per second with so many in flight. */
async function insertsPerSecond(uri, inFlight, seconds = SECONDS) {
  const client = await new MongoClient(uri, { maxPoolSize: inFlight }).connect();
  const rows = client.db('bench').collection(`inserts${inFlight}`);
  await rows.insertOne(answer(0));
  let done = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() - began < seconds * 1000) {
        await rows.insertOne(answer(done));
        done++;
      }
    }),
  );
  const rate = done / ((performance.now() - began) / 1000);
  await client.db('bench').dropDatabase();
  await client.close();
  return rate;
}

function perSecond(rate) {
  return `${inWords(Math.round(rate))} /s`;
}

function nullServer(dataDir) {
  const child = fork(new URL('./nullServer.mjs', import.meta.url), [path.join(dataDir, 'nothing.sock')]);
  return new Promise((resolve) => child.once('message', (uri) => resolve({ uri, stop: () => child.kill() })));
}

async function inserts(engine, dataDir) {
  const nothing = await nullServer(dataDir);
  const reference = process.env.REFERENCE_URI;
  for (const inFlight of [1, 16, 64]) {
    const stored = await insertsPerSecond(engine.uri, inFlight);
    const empty = await insertsPerSecond(nothing.uri, inFlight);
    line(`durable inserts, ${inFlight} in flight`, perSecond(stored));
    line(
      '  against acknowledging without storing',
      (stored / empty).toFixed(2),
      inFlight === 64 ? 'aim: at least 0.70' : '',
    );
    if (!reference) continue;
    const other = await insertsPerSecond(reference, inFlight);
    line(
      '  against the reference server',
      (stored / other).toFixed(2),
      inFlight === 16 ? 'aim: at least 1 (with ENGINE_FSYNC=on)' : '',
    );
  }
  if (!reference) console.log('  (no REFERENCE_URI: not compared with a reference server)');
  nothing.stop();
}

/** Inserts the bench's rows and gives some of their ids. */
async function fill(rows) {
  const ids = [];
  for (let at = 0; at < ROWS; at += 5000) {
    const batch = Array.from({ length: 5000 }, (_, n) => answer(at + n));
    ids.push(batch[0]._id);
    await rows.insertMany(batch, { ordered: false });
  }
  return ids;
}

async function reads(client) {
  const rows = client.db('bench').collection('rows');
  await rows.createIndexes([{ key: { round: 1, unit: 1, service: 1 } }, { key: { unit: 1, day: -1 } }]);
  const { ms, result: ids } = await timed(() => fill(rows));
  line(`filling ${inWords(ROWS)} documents, two indexes`, perSecond(ROWS / (ms / 1000)));
  const byId = await timed(async () => {
    for (let n = 0; n < 3000; n++) await rows.findOne({ _id: ids[n % ids.length] });
  });
  line('reads by id, one after another', perSecond(3000 / (byId.ms / 1000)));
  const byIndex = await timed(async () => {
    for (let n = 0; n < 1000; n++)
      await rows
        .find({ unit: `u${n % 85}`, day: { $gte: 20_010 } })
        .sort({ day: -1 })
        .limit(20)
        .toArray();
  });
  line('20 documents by index, sorted, one query after another', perSecond(1000 / (byIndex.ms / 1000)));
  const count = await timed(() => rows.countDocuments({ round: { $gte: 'r' } }));
  line(`covered count of ${inWords(count.result)} keys`, `${Math.round(count.ms)} ms`, 'aim: under 500 ms');
  const grouping = [
    { $match: { round: 'r1' } },
    { $group: { _id: { unit: '$unit', service: '$service' }, n: { $sum: 1 } } },
  ];
  const grouped = await timed(() => rows.aggregate(grouping).toArray());
  line(`covered $match and $group of ${inWords(ROWS / 4)} keys`, `${Math.round(grouped.ms)} ms`);
  await scan(client, rows);
  await groupAll(client, rows);
}

/** Megabytes of the engine's process: its own, and pages of files it has mapped. Linux only. */
async function memory(client) {
  const { pid } = await client.db('admin').command({ serverStatus: 1 });
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { own: megabytes('RssAnon'), mapped: megabytes('RssFile'), resident: megabytes('VmRSS') };
}

/** The most that `work` makes of each kind of memory. */
async function mostMemory(client, work) {
  const most = { own: 0, mapped: 0, resident: 0 };
  const look = async () => {
    const now = await memory(client);
    for (const kind of Object.keys(most)) most[kind] = Math.max(most[kind], now[kind]);
  };
  const timer = setInterval(() => void look().catch(() => {}), 50);
  await work();
  clearInterval(timer);
  await look();
  return most;
}

async function scan(client, rows) {
  let bytes = 0;
  let count = 0;
  let ms = 0;
  const most = await mostMemory(client, async () => {
    const scanned = await timed(async () => {
      for await (const doc of rows.find({}, { raw: true })) {
        bytes += doc.length;
        count++;
      }
    });
    ms = scanned.ms;
  });
  line(`scan of ${inWords(count)} documents`, `${(bytes / 2 ** 20 / (ms / 1000)).toFixed(0)} MB/s`);
  memoryLines(most);
}

function memoryLines({ own, mapped, resident }) {
  line("  the engine's memory at most: its own", `${own} MB`, 'aim: under 150 MB');
  line('  pages of files it has mapped', `${mapped} MB`);
  line('  resident, both together', `${resident} MB`, 'aim: under 150 MB');
}

const GROUPING = [{ $group: { _id: '$answers.a1', mean: { $avg: '$answers.a2' }, n: { $sum: 1 } } }];

async function groupAll(client, rows) {
  let ms = 0;
  const most = await mostMemory(client, async () => {
    ({ ms } = await timed(() => rows.aggregate(GROUPING).toArray()));
  });
  line('grouping all documents without an index', `${Math.round(ms)} ms`);
  memoryLines(most);
}

async function pages() {
  const { idle, busy } = await formPageWhileBusy(
    (rows) => fill(rows),
    (rows) => rows.aggregate(GROUPING).toArray(),
    SECONDS * 3,
  );
  line('a form page, 99th percentile, idle', `${idle.toFixed(1)} ms`);
  line('  while all documents are grouped', `${busy.toFixed(1)} ms`);
  line('  beyond idle', `${(busy - idle).toFixed(1)} ms`, 'aim: within 50 ms');
}

await inFolder(async (dataDir) => {
  const engine = await startEmbeddedEngine({ dataDir });
  try {
    await inserts(engine, dataDir);
    const client = await new MongoClient(engine.uri).connect();
    await reads(client);
    await client.close();
  } finally {
    await engine.stop();
  }
});
await pages();
