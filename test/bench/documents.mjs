/**
 * `npm run bench:documents`: how long the Word files of a whole province take, how long they keep everybody else
 * waiting, and what they need. It prints figures and the aims they are held against; it fails nothing. BENCH_UNITS and
 * BENCH_RESPONSES make it smaller.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { roundByCode } from '../../dist/models/rounds.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { wordFile } from '../../dist/server/documents/form/wordFile.js';
import { planDocument } from '../../dist/server/documents/plan/planDocument.js';
import { planSource } from '../../dist/server/documents/plan/planSource.js';
import { chartsOf } from '../../dist/server/documents/report/charts.js';
import { reportDocument } from '../../dist/server/documents/report/reportDocument.js';
import { reportSource } from '../../dist/server/documents/report/reportSource.js';
import { countResponses } from '../../dist/server/results/counting.js';
import { resultsOf } from '../../dist/server/results/resultsOf.js';
import { inFreshProcess, onEmbeddedEngine } from './databases.mjs';
import { inMegabytes, line } from './printed.mjs';
import { addMadeUp, benchContext, openedRound, responsesWanted, storeProvince } from './province.mjs';

async function build() {
  const context = benchContext();
  await storeProvince({});
  const code = await openedRound(context);
  await addMadeUp(context, code, responsesWanted(60_000));
  await countResponses(await roundByCode(code));
  return code;
}

/** In a process of its own, as a server that has just started. */
async function write(uri, code) {
  await connectTo(uri);
  const context = benchContext();
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
  line('memory beside the figures', inMegabytes(process.memoryUsage.rss() - before), 'aim: under 200 MB');
  await mongoose.disconnect();
}

const [uri, code] = process.argv.slice(2);
if (uri) await write(uri, code);
else
  await onEmbeddedEngine(async (engine) => {
    await connectTo(engine);
    await inFreshProcess(fileURLToPath(import.meta.url), [engine, await build()]);
    await mongoose.disconnect();
  });
