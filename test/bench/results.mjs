/**
 * `npm run bench:results`: how fast figures are at the size of a whole province. Builds one round by the product's own
 * code, then reads its figures in a process of its own, as a server does that has just started. It prints figures and
 * the aims they are held against; it fails nothing. REFERENCE_URI runs it on a reference server instead of the embedded
 * engine; BENCH_RESPONSES and BENCH_UNITS make it smaller: 6000 responses show a round that has just begun, in which
 * most units have so few answers that they are hidden.
 */
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { roundByCode } from '../../dist/models/rounds.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { countResponses, rebuildTallies } from '../../dist/server/results/counting.js';
import { itemPage } from '../../dist/server/results/itemPage.js';
import { overviewOf } from '../../dist/server/results/overview.js';
import { overviewPage } from '../../dist/server/results/overviewPage.js';
import { picturesByName } from '../../dist/server/results/page.js';
import { resultsOf } from '../../dist/server/results/resultsOf.js';
import { talliesOfUnit } from '../../dist/server/results/tallies.js';
import { unitResults } from '../../dist/server/results/unitResults.js';
import { unitsPage } from '../../dist/server/results/unitsPage.js';
import { wordsOf } from '../../dist/server/results/words.js';
import { itemsOf } from '../../dist/surveys/read.js';
import { inFreshProcess, onDatabase } from './databases.mjs';
import { inMegabytes, inMs, inSeconds, inWords, line, median, timed } from './printed.mjs';
import {
  addMadeUp,
  benchContext,
  LEVELS,
  openedRound,
  responsesWanted,
  storeProvince,
  UNITS,
} from './province.mjs';

const RESPONSES = responsesWanted(500_000);
/** Days on which answers came before today. */
const DAYS = Array.from({ length: 14 }, (_, at) => `2026-10-${String(at + 1).padStart(2, '0')}`);

async function build() {
  const context = benchContext();
  await storeProvince({ levelsOf: (number) => [LEVELS[Math.floor((number * LEVELS.length) / UNITS)]] });
  const code = await openedRound(context);
  const { ms } = await timed(() => addMadeUp(context, code, RESPONSES, 1, DAYS));
  const items = LEVELS.map((level) => itemsOf(context.surveys.get(`parents-${level}`))).map(
    (asked) => asked.filter(({ kind }) => kind === 'likert').length,
  );
  line(
    `adding ${inWords(RESPONSES)} responses, ${inWords(UNITS)} units, ${Math.max(...items)} items`,
    inSeconds(ms),
  );
  return code;
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
  const context = benchContext();
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
    return picturesByName(pictures);
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
    line(`overview after ${inWords(fresh)} more responses`, inMs(refreshed.ms), 'grows with them only');
    const counted = await timed(() => countResponses(round));
    line('  counting them into the tallies, in the background', inMs(counted.ms), 'grows with them only');
    line('  overview after that', inMs((await timed(() => overview(context, code))).ms), 'aim: under 300 ms');
    await addMadeUp(context, code, 1, fresh + 1);
    total += 1;
    const unit = await timed(() => unitResults(context, round, 'DV0009'));
    line("  one unit's page after one more response", inMs(unit.ms), 'aim: under 100 ms');
    const page = await timed(() => shown(overviewPage));
    line('  the overview with its pictures after it', inMs(page.ms), 'aim: under 500 ms');
  }
  line('memory of the process that reads', inMegabytes(process.memoryUsage.rss()));
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
  await inFreshProcess(fileURLToPath(import.meta.url), [uri, code]);
  const rebuilt = await timed(() => rebuildTallies(round));
  line('rebuilding every tally', inSeconds(rebuilt.ms));
  await mongoose.connection.dropDatabase();
  await mongoose.disconnect();
}

const [uri, code] = process.argv.slice(2);
if (uri) await read(uri, code);
else await onDatabase(whole);
