/**
 * `npm run bench:publishing`: how long a whole province takes to be published, and how fast its public pages are then.
 * Builds one round by the product's own code on the embedded engine; prints figures and the aims they are held against;
 * it fails nothing. BENCH_RESPONSES and BENCH_UNITS make it smaller.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { addResponses } from '../../dist/models/responses.js';
import { roundByCode } from '../../dist/models/rounds.js';
import { unitsOfRound } from '../../dist/models/roundUnits.js';
import { storeUnits } from '../../dist/models/units.js';
import { createApp } from '../../dist/server/app.js';
import { readConfig } from '../../dist/server/config.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { startEmbeddedEngine } from '../../dist/server/database/embedded/index.js';
import { madeUpAnswers, randomFrom } from '../../dist/server/demo/answers.js';
import { publish } from '../../dist/server/publishing/publish.js';
import { verifySeal } from '../../dist/server/publishing/verify.js';
import { closeRound, createRound, openRound } from '../../dist/server/rounds/rounds.js';
import { readContext } from '../../dist/server/serve.js';

const RESPONSES = Number(process.env.BENCH_RESPONSES ?? 500_000);
const UNITS = Number(process.env.BENCH_UNITS ?? 3000);
const LEVELS = ['mam-non', 'tieu-hoc', 'thcs', 'thpt'];

function line(what, figure, aim = '') {
  console.log(`${what.padEnd(62)} ${String(figure).padStart(14)}   ${aim}`);
}

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

async function build(context) {
  const communes = Array.from({ length: 100 }, (_, number) => unit(`XA${number}`, [], null));
  await storeUnits(communes);
  const schools = Array.from({ length: UNITS }, (_, number) =>
    unit(`DV${number}`, [LEVELS[number % LEVELS.length]], communes[number % 100]._id),
  );
  for (let at = 0; at < schools.length; at += 500) await storeUnits(schools.slice(at, at + 500));
  const code = await createRound(context, {
    ...{ label: 'Đợt đo tốc độ', subject: 'education', numbering: 'calendar-year', continuous: false },
    ...{ opens: '2026-10-01', closes: '2099-11-30', targets: [], lead: '', source: '', units: null },
    surveys: LEVELS.map((level) => `parents-${level}`),
  });
  const problems = await openRound(context, code);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const random = randomFrom(1);
  const units = await unitsOfRound(code);
  for (let added = 0; added < RESPONSES; added += 1000) {
    const batch = Array.from({ length: Math.min(1000, RESPONSES - added) }, () => {
      const one = units[Math.floor(random() * units.length)];
      const { survey: id, service } = one.offers[Math.floor(random() * one.offers.length)];
      const survey = context.surveys.get(id);
      return {
        ...{ _id: randomBytes(16).toString('base64url'), round: code, unit: one.unit, survey: id, service },
        ...{ version: survey.version, channel: 'link', language: 'vi', day: '2026-10-15', flags: [] },
        answers: madeUpAnswers(survey, random() - 0.5, random, ['Không có ý kiến gì thêm.']),
      };
    });
    await addResponses(batch);
  }
  await closeRound(code, '2026-11-30');
  return code;
}

function unit(_id, levels, parent) {
  return { _id, name: `Đơn vị ${_id}`, levels, parent, enrolment: 300, area: null };
}

async function requests(url, seconds) {
  const end = performance.now() + seconds * 1000;
  let [done, bytes] = [0, 0];
  const client = async () => {
    while (performance.now() < end) {
      const answer = await fetch(url, { headers: { 'accept-encoding': 'br' } });
      bytes = Number(answer.headers.get('content-length'));
      await answer.arrayBuffer();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  return { rate: Math.round(done / seconds), bytes };
}

const dataDir = mkdtempSync(path.join(tmpdir(), 'bench-publishing-'));
const engine = await startEmbeddedEngine({ dataDir });
try {
  await connectTo(engine.uri);
  const context = readContext(
    readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' }),
  );
  const built = await timed(() => build(context));
  const code = built.result;
  line(
    `adding ${RESPONSES.toLocaleString('en')} responses at ${UNITS.toLocaleString('en')} units`,
    seconds(built.ms),
  );
  const round = await roundByCode(code);
  const published = await timed(() => publish(context, round, { account: 'system', reason: '' }));
  line('publishing: counted anew, sealed, stored', seconds(published.ms), 'aim: under 60 s');
  line('memory after it', `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`, 'aim: under 1.5 GB');
  const parts = await mongoose.connection
    .collection('sealedParts')
    .find({}, { promoteBuffers: true })
    .toArray();
  const sizes = parts.map(({ content }) => content.length);
  line(
    `${parts.length} parts, the largest as stored`,
    `${(Math.max(...sizes) / 2 ** 20).toFixed(2)} MB`,
    'at most 16 MB',
  );
  const server = createServer(createApp(context)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const root = `http://127.0.0.1:${server.address().port}/ket-qua/${code}`;
  for (const [name, address] of [
    ['the round', ''],
    ['one unit', '/don-vi/DV7'],
    ['the list of units', '/don-vi'],
    ['a search among them', '/don-vi?tim=7'],
  ]) {
    const first = await timed(async () => (await fetch(root + address)).arrayBuffer());
    const { rate, bytes } = await requests(root + address, 2);
    line(
      `${name}: first time, then a second on one core with its client`,
      `${Math.round(first.ms)} ms, ${rate}`,
      `${bytes || '–'} bytes`,
    );
  }
  server.close();
  const verified = await timed(() => verifySeal(code));
  line('verifying the seal', seconds(verified.ms), `${verified.result.findings.length} findings`);
} finally {
  await mongoose.disconnect();
  await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
