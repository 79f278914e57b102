import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedModule, ownEngine } from '../database/ownEngine.js';

interface Row {
  n: number;
  pad: string;
}

const pad = 'x'.repeat(2000);

function hashOf(file: string): string | undefined {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined;
}

async function withEngine<T>(dataDir: string, use: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const engine = await ownEngine(dataDir);
  const client = await new mongo.MongoClient(engine.uri).connect();
  try {
    return await use(client);
  } finally {
    await client.close();
    await engine.stop();
  }
}

describe('a data file that cannot be trusted', () => {
  let dataDir: string;
  let file: string;
  let good: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'engine-damage-'));
    file = path.join(dataDir, 'data.mdb');
    good = path.join(dataDir, 'good');
    const rows = Array.from({ length: 500 }, (_, n) => ({ n, pad }));
    await withEngine(dataDir, async (client) => {
      await client.db('t').collection<Row>('rows').createIndex({ n: 1 });
      await client.db('t').collection<Row>('rows').insertMany(rows);
    });
    copyFileSync(file, good);
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  async function refusal(): Promise<unknown> {
    const { startEmbeddedEngine } = await embeddedModule();
    const started = await startEmbeddedEngine({ dataDir }).catch((error: unknown) => error);
    if (started instanceof Error)
      return { code: (started as Error & { code: string }).code, sentence: started.message };
    return 'it started';
  }

  const damages: [string, () => void][] = [
    ['cut short', () => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    [
      'overwritten at its beginning',
      () => writeFileSync(file, Buffer.concat([Buffer.alloc(8192, 7), readFileSync(good).subarray(8192)])),
    ],
    [
      'overwritten in its middle',
      () =>
        writeFileSync(
          file,
          Buffer.concat([
            readFileSync(good).subarray(0, 8192),
            Buffer.alloc(statSync(good).size - 8192, 0xa5),
          ]),
        ),
    ],
    ['emptied', () => truncateSync(file, 0)],
    ['removed', () => rmSync(file)],
  ];

  test.each(damages)('%s is reported at start and left as it is', async (_, damage) => {
    damage();
    const before = hashOf(file);
    expect(await refusal()).toMatchObject({
      code: 'ENGINE_DAMAGED',
      sentence: expect.stringContaining(dataDir),
    });
    expect(hashOf(file)).toBe(before);
    copyFileSync(good, file);
    await withEngine(dataDir, async (client) => {
      expect(
        await client
          .db('t')
          .collection('rows')
          .countDocuments({ n: { $gte: 0 } }),
      ).toBe(500);
    });
  });
});

/** Sets limits of a running process; part of every Debian. */
const PRLIMIT = '/usr/bin/prlimit';
const canLimit = process.platform === 'linux' && existsSync(PRLIMIT);

describe.runIf(canLimit)('a full disk', () => {
  test('is an error to the writer, harms nothing, and is forgotten when there is space again', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'engine-full-'));
    // a limit on the size of files stands in for a full disk; the engine inherits that the signal for it is ignored
    await withEngine(dataDir, async (client) => {
      const rows = client.db('t').collection<Row>('rows');
      await rows.createIndex({ n: 1 }, { unique: true });
      const { pid } = (await client.db('admin').command({ serverStatus: 1 })) as { pid: number };
      await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ n, pad })));
      limit(pid, String(statSync(path.join(dataDir, 'data.mdb')).size + 100_000));
      let stored = 100;
      const failure = await (async () => {
        for (;;) {
          await rows.insertOne({ n: stored, pad });
          stored++;
        }
      })().catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' });
      expect(await rows.countDocuments()).toBe(stored);
      limit(pid, 'unlimited');
      await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ n: stored + n, pad })));
      expect(await rows.countDocuments({ n: { $gte: 0 } })).toBe(stored + 100);
      expect(await client.db('t').command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] });
    });
    await rm(dataDir, { recursive: true, force: true });
  });
});

function limit(pid: number, size: string): void {
  execFileSync(PRLIMIT, [`--pid=${pid}`, `--fsize=${size}:unlimited`]);
}
