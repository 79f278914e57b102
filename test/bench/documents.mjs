/**
 * `npm run bench:documents`: how long the Word files of a whole province take, how long they keep everybody else
 * waiting, and what they need. It prints figures and the aims they are held against; it fails nothing. BENCH_UNITS and
 * BENCH_RESPONSES make it smaller.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { addResponses } from '../../dist/models/responses.js';
import { roundByCode } from '../../dist/models/rounds.js';
import { unitsOfRound } from '../../dist/models/roundUnits.js';
import { storeUnits } from '../../dist/models/units.js';
import { readConfig } from '../../dist/server/config.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { madeUpAnswers, randomFrom } from '../../dist/server/demo/answers.js';
import { wordFile } from '../../dist/server/documents/form/wordFile.js';
import { planDocument } from '../../dist/server/documents/plan/planDocument.js';
import { planSource } from '../../dist/server/documents/plan/planSource.js';
import { chartsOf } from '../../dist/server/documents/report/charts.js';
import { reportDocument } from '../../dist/server/documents/report/reportDocument.js';
import { reportSource } from '../../dist/server/documents/report/reportSource.js';
import { countResponses } from '../../dist/server/results/counting.js';
import { resultsOf } from '../../dist/server/results/resultsOf.js';
import { createRound, openRound } from '../../dist/server/rounds/rounds.js';
import { readContext } from '../../dist/server/serve.js';

const UNITS = Number(process.env.BENCH_UNITS ?? 3000);
const RESPONSES = Number(process.env.BENCH_RESPONSES ?? 60_000);
const COMMUNES = 100;
const SURVEYS = ['parents-mam-non', 'parents-tieu-hoc', 'parents-thcs', 'parents-thpt'];
const LEVELS = ['mam-non', 'tieu-hoc', 'thcs', 'thpt'];

function line(what, figure, aim = '') {
  console.log(`${what.padEnd(58)} ${String(figure).padStart(12)}   ${aim}`);
}

function newContext() {
  return readContext(readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' }));
}

async function build() {
  const context = newContext();
  const unit = (_id, name, levels, parent, area = null) => ({
    ...{ _id, name, levels, parent, area },
    enrolment: levels.length > 0 ? 300 : null,
  });
  const communes = Array.from({ length: COMMUNES }, (_, at) => unit(`XA${at}`, `Xã số ${at}`, [], null));
  const schools = Array.from({ length: UNITS }, (_, at) =>
    unit(
      `DV${String(at).padStart(4, '0')}`,
      `Trường số ${at} của xã`,
      [LEVELS[at % 4]],
      `XA${at % COMMUNES}`,
    ),
  );
  await storeUnits(communes);
  for (let at = 0; at < UNITS; at += 500) await storeUnits(schools.slice(at, at + 500));
  const code = await createRound(context, {
    ...{ label: 'Đợt đo tốc độ', subject: 'education', numbering: 'calendar-year' },
    ...{ opens: '2026-10-01', closes: '2026-11-30', continuous: false, targets: [], lead: '', source: '' },
    ...{ surveys: SURVEYS, units: null },
  });
  const problems = await openRound(context, code);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const units = await unitsOfRound(code);
  const random = randomFrom(1);
  for (let added = 0; added < RESPONSES; added += 1000)
    await addResponses(
      Array.from({ length: Math.min(1000, RESPONSES - added) }, (_, at) => {
        const { unit, offers } = units[(added + at) % units.length];
        const [{ survey, service }] = offers;
        const asked = context.surveys.get(survey);
        const answers = madeUpAnswers(asked, random() - 0.5, random, ['Không có ý kiến gì thêm.']);
        return {
          ...{ _id: randomBytes(16).toString('base64url'), round: code, unit, survey, service, answers },
          ...{ version: asked.version, channel: 'link', language: 'vi', day: '2026-10-15', flags: [] },
        };
      }),
    );
  await countResponses(await roundByCode(code));
  return code;
}

/** In a process of its own, as a server that has just started. */
async function write(uri, code) {
  await connectTo(uri);
  const context = newContext();
  const round = await roundByCode(code);
  await resultsOf(context, round);
  const before = process.memoryUsage.rss();
  for (const [name, made] of [
    ['Kế hoạch', async () => planDocument(await planSource(context, round))],
    [
      'Báo cáo',
      async () => {
        const source = await reportSource(context, round);
        return reportDocument(source, await chartsOf(source));
      },
    ],
  ]) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const began = performance.now();
    const document = await made();
    const collected = performance.now();
    const file = await wordFile(document);
    const ended = performance.now();
    delay.disable();
    line(
      `${name}: ${(file.length / 1024).toFixed(0)} KB`,
      `${((ended - began) / 1000).toFixed(2)} s`,
      'aim: under 5 s',
    );
    line('  what it says', `${Math.round(collected - began)} ms`);
    line('  the file', `${Math.round(ended - collected)} ms`);
    line('  longest that others waited', `${Math.round(delay.max / 1e6)} ms`, 'aim: under 500 ms');
  }
  line(
    'memory beside the figures',
    `${Math.round((process.memoryUsage.rss() - before) / 2 ** 20)} MB`,
    'aim: under 200 MB',
  );
  await mongoose.disconnect();
}

const [uri, code] = process.argv.slice(2);
if (uri) await write(uri, code);
else {
  const { startEmbeddedEngine } = await import('../../dist/server/database/embedded/index.js');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'documents-bench-'));
  const engine = await startEmbeddedEngine({ dataDir });
  try {
    await connectTo(engine.uri);
    const built = await build();
    const child = fork(fileURLToPath(import.meta.url), [engine.uri, built]);
    await new Promise((resolve, reject) =>
      child.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`ended with ${status}`)))),
    );
    await mongoose.disconnect();
  } finally {
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
