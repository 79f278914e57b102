/**
 * `npm run bench:publishing`: how long a whole province takes to be published, and how fast its public pages are then.
 * Builds one round by the product's own code on the embedded engine; prints figures and the aims they are held against;
 * it fails nothing. BENCH_RESPONSES and BENCH_UNITS make it smaller.
 */
import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { roundByCode } from '../../dist/models/rounds.js';
import { createApp } from '../../dist/server/app.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { publish } from '../../dist/server/publishing/publish.js';
import { verifySeal } from '../../dist/server/publishing/verify.js';
import { closeRound } from '../../dist/server/rounds/rounds.js';
import { onEmbeddedEngine } from './databases.mjs';
import { inMegabytes, inSeconds, inWords, line, timed } from './printed.mjs';
import { addMadeUp, benchContext, openedRound, responsesWanted, storeProvince, UNITS } from './province.mjs';

const RESPONSES = responsesWanted(500_000);

async function build(context) {
  await storeProvince({});
  const code = await openedRound(context);
  await addMadeUp(context, code, RESPONSES);
  await closeRound(code, '2026-11-30');
  return code;
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

await onEmbeddedEngine(async (uri) => {
  await connectTo(uri);
  const context = benchContext();
  const built = await timed(() => build(context));
  const code = built.result;
  line(`adding ${inWords(RESPONSES)} responses at ${inWords(UNITS)} units`, inSeconds(built.ms));
  const round = await roundByCode(code);
  const published = await timed(() => publish(context, round, { account: 'system', reason: '' }));
  line('publishing: counted anew, sealed, stored', inSeconds(published.ms), 'aim: under 60 s');
  line('memory after it', inMegabytes(process.memoryUsage.rss()), 'aim: under 1.5 GB');
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
    ['one unit', '/don-vi/DV0007'],
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
  line('verifying the seal', inSeconds(verified.ms), `${verified.result.findings.length} findings`);
  await mongoose.disconnect();
});
