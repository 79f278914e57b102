import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngineServer } from './engineServer.js';
import { Writers } from './engineWriters.js';

/** `npm run test:kills` sets it to 200. */
const KILLS = Number(process.env.KILLS ?? 5);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('an embedded engine killed at any instant', { timeout: 60_000 + KILLS * 3000 }, () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'engine-kills-'));
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  test('loses no acknowledged write, applies none twice, and keeps documents and indexes in agreement', async () => {
    const port = await freePort();
    let engine = await startEngineServer(dataDir, port);
    const writers = await Writers.connect(engine.uri);
    await writers.prepare();
    const starts: number[] = [];
    const wrong: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const writing = writers.start(16);
      await sleep(20 + Math.random() * 150);
      await engine.kill();
      engine = await startEngineServer(dataDir, port);
      starts.push(engine.startedInMs);
      writers.stop();
      await writing;
      wrong.push(...(await writers.differences()));
    }
    console.log(
      `${KILLS} kills, ${writers.acknowledged.writes} acknowledged writes, slowest start ${Math.round(Math.max(...starts))} ms`,
    );
    await writers.client.close();
    expect(await engine.terminate()).toBe(0);
    expect(wrong).toEqual([]);
    expect(writers.acknowledged.writes).toBeGreaterThan(KILLS * 10);
  });

  test('while it builds an index, has the whole index afterwards or none', async () => {
    const port = await freePort();
    let engine = await startEngineServer(dataDir, port);
    const client = await new mongo.MongoClient(engine.uri).connect();
    const docs = client.db('builds').collection<{ _id: number; n: number }>('docs');
    await docs.insertMany(Array.from({ length: 20_000 }, (_, at) => ({ _id: at, n: at % 100 })));
    const rounds = Math.max(2, Math.ceil(KILLS / 10));
    for (let round = 0; round < rounds; round++) {
      const building = docs.createIndex({ n: 1, _id: round % 2 ? 1 : -1 }).then(
        () => true,
        () => false,
      );
      await sleep(Math.random() * 250);
      await engine.kill();
      engine = await startEngineServer(dataDir, port);
      await building;
      const indexes = await docs.indexes();
      const { valid, errors } = await client.db('builds').command({ validate: 'docs' });
      expect({ valid, errors }).toEqual({ valid: true, errors: [] });
      if (indexes.length > 1) await docs.dropIndexes();
    }
    await client.close();
    await engine.terminate();
  });
});
