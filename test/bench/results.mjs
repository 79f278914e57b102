/**
 * `npm run bench:results`: how fast figures are at the size of a whole province. Builds one round by the product's own
 * code, then reads its figures in a process of its own, as a server does that has just started. It prints figures and
 * the aims they are held against; it fails nothing. REFERENCE_URI runs it on a reference server instead of the embedded
 * engine; BENCH_RESPONSES and BENCH_UNITS make it smaller.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { addResponses } from '../../dist/models/responses.js';
import { roundByCode } from '../../dist/models/rounds.js';
import { unitsOfRound } from '../../dist/models/roundUnits.js';
import { storeUnits } from '../../dist/models/units.js';
import { readConfig } from '../../dist/server/config.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { madeUpAnswers, randomFrom } from '../../dist/server/demo/answers.js';
import { countResponses, rebuildTallies } from '../../dist/server/results/counting.js';
import { itemPage } from '../../dist/server/results/itemPage.js';
import { overviewOf } from '../../dist/server/results/overview.js';
import { overviewPage } from '../../dist/server/results/overviewPage.js';
import { drawnPictures } from '../../dist/server/results/page.js';
import { resultsOf } from '../../dist/server/results/resultsOf.js';
import { talliesOfUnit } from '../../dist/server/results/tallies.js';
import { unitResults } from '../../dist/server/results/unitResults.js';
import { unitsPage } from '../../dist/server/results/unitsPage.js';
import { wordsOf } from '../../dist/server/results/words.js';
import { createRound, openRound } from '../../dist/server/rounds/rounds.js';
import { readContext } from '../../dist/server/serve.js';
import { itemsOf } from '../../dist/surveys/read.js';

const RESPONSES = Number(process.env.BENCH_RESPONSES ?? 500_000);
const UNITS = Number(process.env.BENCH_UNITS ?? 3000);
const COMMUNES = 100;
const SURVEYS = ['parents-mam-non', 'parents-tieu-hoc', 'parents-thcs', 'parents-thpt'];
const LEVELS = ['mam-non', 'tieu-hoc', 'thcs', 'thpt'];
const DAY = '2026-10-15';

function line(what, figure, aim = '') {
  console.log(`${what.padEnd(62)} ${String(figure).padStart(14)}   ${aim}`);
}

const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const inMs = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
const resident = () => `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`;

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

/** Adds so many made-up responses, spread over all units. */
async function addMadeUp(context, round, count, seed) {
  const random = randomFrom(seed);
  const units = await unitsOfRound(round);
  for (let added = 0; added < count; ) {
    const batch = [];
    for (; batch.length < 1000 && added < count; added++) {
      const unit = units[Math.floor(random() * units.length)];
      const { survey: id, service } = unit.offers[Math.floor(random() * unit.offers.length)];
      const survey = context.surveys.get(id);
      batch.push({
        _id: randomBytes(32).toString('base64url'),
        round,
        unit: unit.unit,
        survey: id,
        version: survey.version,
        service,
        channel: 'link',
        answers: madeUpAnswers(survey, random() - 0.5, random, ['Không có ý kiến gì thêm.']),
        language: 'vi',
        day: DAY,
        flags: random() < 0.03 ? ['fast'] : [],
      });
    }
    await addResponses(batch);
  }
}

async function build() {
  const context = newContext();
  const communes = Array.from({ length: COMMUNES }, (_, number) => ({
    _id: `XA${String(number).padStart(3, '0')}`,
    name: `Xã số ${number}`,
    levels: [],
    parent: null,
    enrolment: null,
    area: null,
  }));
  const rows = Array.from({ length: UNITS }, (_, number) => ({
    _id: `DV${String(number).padStart(4, '0')}`,
    name: `Trường số ${number}`,
    levels: [LEVELS[Math.floor((number * LEVELS.length) / UNITS)]],
    parent: communes[number % COMMUNES]._id,
    enrolment: 300,
    area: ['Đô thị', 'Nông thôn', 'Miền núi'][number % 3],
  }));
  await storeUnits(communes);
  for (let at = 0; at < rows.length; at += 500) await storeUnits(rows.slice(at, at + 500));
  const code = await createRound(context, {
    label: 'Đợt đo tốc độ',
    subject: 'education',
    numbering: 'calendar-year',
    opens: '2026-10-01',
    closes: '2026-11-30',
    continuous: false,
    targets: [],
    lead: '',
    source: '',
    surveys: SURVEYS.filter((id) => context.surveys.has(id)),
    units: null,
  });
  const problems = await openRound(context, code);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const { ms } = await timed(() => addMadeUp(context, code, RESPONSES, 1));
  const items = [...context.surveys.values()]
    .filter(({ id }) => SURVEYS.includes(id))
    .map((survey) => itemsOf(survey).filter(({ kind }) => kind === 'likert').length);
  line(
    `adding ${RESPONSES.toLocaleString('en')} responses, ${UNITS.toLocaleString('en')} units, ${Math.max(...items)} items`,
    inSeconds(ms),
  );
  return code;
}

function newContext() {
  return readContext(readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' }));
}

/** The same documents, one by one, through the driver alone. */
async function plainPass(round) {
  let read = 0;
  for await (const _ of mongoose.connection
    .collection('responses')
    .find(
      { round },
      { projection: { unit: 1, survey: 1, service: 1, answers: 1, flags: 1 }, batchSize: 1000 },
    ))
    read++;
  return read;
}

const overview = async (context, code) => {
  const round = await roundByCode(code);
  return overviewOf(round, await resultsOf(context, round));
};

/** A server that has just started: nothing in memory but the code. */
async function read(uri, code) {
  await connectTo(uri);
  const context = newContext();
  const round = await roundByCode(code);
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  const unit = await timed(() => talliesOfUnit(round, 'DV0007'));
  line("one unit's tallies, from cold", inMs(unit.ms), 'aim: under 100 ms');
  const cold = await timed(() => overview(context, code));
  line('overview from cold', inMs(cold.ms), 'aim: under 5 s');
  if (cold.result.total.responses !== RESPONSES) throw new Error(`${cold.result.total.responses} counted`);
  const again = async (work) => {
    const times = [];
    for (let time = 0; time < 11; time++) times.push((await timed(work)).ms);
    return median(times);
  };
  line('overview once warm (median)', inMs(await again(() => overview(context, code))), 'aim: under 300 ms');
  line(
    "one unit's tallies (median)",
    inMs(await again(() => talliesOfUnit(round, 'DV0008'))),
    'aim: under 100 ms',
  );
  line(
    "everything on one unit's page (median)",
    inMs(await again(() => unitResults(context, round, 'DV0008'))),
    'aim: under 100 ms',
  );
  const shown = async (page, query = {}) => {
    const words = wordsOf({ locals: { lang: 'vi' } });
    const { pictures } = await page({ context, round, words, request: { query, params: { item: 'A01' } } });
    return drawnPictures(pictures);
  };
  const figurePages = [
    ['the overview with its pictures', overviewPage, {}],
    ['the table of all units, sorted by rate', unitsPage, { xep: 'ty-le' }],
    ['the same, narrowed by a word', unitsPage, { xep: '-ty-le', tim: 'truong so 12' }],
    ['one item at all units, sorted by rate', itemPage, { xep: 'ty-le' }],
  ];
  for (const [what, page, query] of figurePages) {
    line(`${what}, first time`, inMs((await timed(() => shown(page, query))).ms), 'aim: under 500 ms');
    line('  again (median)', inMs(await again(() => shown(page, query))), 'aim: under 500 ms');
  }
  let total = RESPONSES;
  for (const fresh of [100, 10_000]) {
    await addMadeUp(context, code, fresh, fresh);
    total += fresh;
    await pause();
    const refreshed = await timed(() => overview(context, code));
    if (refreshed.result.total.responses !== total) throw new Error('not all were counted');
    line(
      `overview after ${fresh.toLocaleString('en')} more responses`,
      inMs(refreshed.ms),
      'grows with them only',
    );
    const counted = await timed(() => countResponses(round));
    line('  counting them into the tallies, in the background', inMs(counted.ms), 'grows with them only');
    line('  overview after that', inMs((await timed(() => overview(context, code))).ms), 'aim: under 300 ms');
    await addMadeUp(context, code, 1, fresh + 1);
    total += 1;
    const unit = await timed(() => unitResults(context, round, 'DV0009'));
    line("  one unit's page after one more response", inMs(unit.ms), 'aim: under 100 ms');
  }
  line('memory of the process that reads', resident(), '');
  const plain = await timed(() => plainPass(code));
  line('one plain pass over the same documents through the driver', inSeconds(plain.ms));
  line('  overview from cold against it', (cold.ms / plain.ms).toFixed(3));
  await mongoose.disconnect();
}

async function whole(uri) {
  await connectTo(uri);
  const code = await build();
  const round = await roundByCode(code);
  const first = await timed(() => countResponses(round));
  line('counting all of them for the first time, in the background', inSeconds(first.ms));
  const child = fork(fileURLToPath(import.meta.url), [uri, code]);
  await new Promise((resolve, reject) =>
    child.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`ended with ${status}`)))),
  );
  const rebuilt = await timed(() => rebuildTallies(round));
  line('rebuilding every tally', inSeconds(rebuilt.ms));
  await mongoose.connection.dropDatabase();
  await mongoose.disconnect();
}

async function onEmbeddedEngine() {
  const { startEmbeddedEngine } = await import('../../dist/server/database/embedded/index.js');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'results-bench-'));
  const engine = await startEmbeddedEngine({ dataDir });
  try {
    await whole(engine.uri);
  } finally {
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const [uri, code] = process.argv.slice(2);
if (uri) await read(uri, code);
else if (process.env.REFERENCE_URI) {
  const [base, query] = process.env.REFERENCE_URI.split('?');
  const name = `bench-${randomBytes(4).toString('hex')}`;
  await whole(`${base.replace(/(mongodb:\/\/[^/]+)\/?.*$/, '$1')}/${name}${query ? `?${query}` : ''}`);
} else await onEmbeddedEngine();
