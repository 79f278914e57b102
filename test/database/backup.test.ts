import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { EJSON } from 'bson';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backupDatabase } from '../../server/database/backupDatabase.js';
import { restoreDatabase } from '../../server/database/restoreDatabase.js';
import { freshDatabaseUri } from '../database.js';
import { ownEngine } from './ownEngine.js';

const { Decimal128, Double, Int32, Long, MongoClient } = mongo;
const run = promisify(execFile);

async function fill(db: mongo.Db): Promise<void> {
  const answers = db.collection('answers');
  await answers.createIndex({ round: 1, unit: -1 });
  await answers.createIndex(
    { key: 1 },
    { unique: true, partialFilterExpression: { key: { $exists: true } } },
  );
  await answers.insertMany(
    Array.from({ length: 2500 }, (_, n) => ({
      key: `k${n}`,
      round: 'r1',
      unit: n % 7,
      note: 'Trường '.repeat(n % 9),
    })),
  );
  await db.collection<{ _id: string }>('odd').insertOne({
    _id: 'types',
    int: new Int32(1),
    double: new Double(1),
    long: Long.fromString('9007199254740993'),
    decimal: Decimal128.fromString('1.50'),
    nothing: null,
    pattern: /^a/i,
    at: new Date(5),
  } as { _id: string });
}

/** Everything in a database as text: documents with their types, and indexes. */
async function contentOf(db: mongo.Db): Promise<string> {
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  const parts = collections
    .map(({ name }) => name)
    .sort()
    .map(async (name) => {
      const docs = await db
        .collection(name)
        .find({}, { promoteValues: false, bsonRegExp: true })
        .sort({ _id: 1 })
        .toArray();
      const indexes = (await db.collection(name).indexes()).map(shownIndex).sort();
      return `${name} ${indexes.join(' ')} ${EJSON.stringify(docs, { relaxed: false })}`;
    });
  return (await Promise.all(parts)).join('\n');
}

/** What makes an index, in a fixed order; servers add their own notes to it. */
function shownIndex({ name, key, unique, partialFilterExpression }: mongo.IndexDescriptionInfo): string {
  return EJSON.stringify({ name, key, unique, partialFilterExpression });
}

describe('a backup', () => {
  let folder: string;
  let file: string;
  let client: mongo.MongoClient;
  let source: mongo.Db;
  let target: mongo.Db;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'backup-'));
    file = path.join(folder, 'whole.backup');
    const uri = freshDatabaseUri();
    client = await new MongoClient(uri).connect();
    source = client.db();
    target = client.db(`${source.databaseName}-target`);
    await fill(source);
    await target.collection('answers').insertOne({ before: true });
    await target.collection('others').insertOne({ before: true });
  });

  afterAll(async () => {
    await source.dropDatabase();
    await target.dropDatabase();
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('tells how many documents of each collection it holds, and the hash of the file', async () => {
    const report = await backupDatabase(source, file);
    expect(report.collections).toEqual([
      { name: 'answers', count: 2500 },
      { name: 'odd', count: 1 },
    ]);
    expect(report.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  const spoilt: [string, (good: Buffer) => Buffer, RegExp][] = [
    ['cut short', (good) => good.subarray(0, good.length - 40), /cut short/],
    [
      'cut short at a frame',
      (good) => gzipSync(gunzipSync(good).subarray(0, -1 * lastFrame(gunzipSync(good)))),
      /cut short/,
    ],
    ['altered inside the compression', (good) => flipped(good, good.length >> 1), /altered|cut short/],
    [
      'altered in one letter of one document',
      (good) => gzipSync(flipped(gunzipSync(good), 40_000)),
      /altered/,
    ],
    ['empty', () => Buffer.alloc(0), /cut short|not a backup/],
    ['a picture', () => Buffer.from('\x89PNG and so on'), /not a backup/],
    [
      'another program’s archive',
      () => gzipSync(Buffer.from('some text that is long enough to be a frame')),
      /not a backup/,
    ],
  ];

  test.each(spoilt)(
    'that is %s is refused with a sentence and leaves the database as it was',
    async (_, spoil, sentence) => {
      const bad = path.join(folder, 'bad.backup');
      await writeFile(bad, spoil(await readFile(file)));
      const before = await contentOf(target);
      await expect(restoreDatabase(target, bad)).rejects.toThrow(sentence);
      expect(await contentOf(target)).toBe(before);
    },
  );

  test('that cannot be stored whole leaves the database as it was', async () => {
    const clashing = client.db(`${source.databaseName}-clash`);
    await clashing.collection('twice').insertMany([{ n: 1 }, { n: 1 }]);
    const clashFile = path.join(folder, 'clash.backup');
    await backupDatabase(clashing, clashFile);
    await clashing.dropDatabase();
    const withUnique = path.join(folder, 'unique.backup');
    await writeFile(withUnique, await withUniqueIndex(clashFile));
    const before = await contentOf(target);
    await expect(restoreDatabase(target, withUnique)).rejects.toThrow(/duplicate|E11000/i);
    expect(await contentOf(target)).toBe(before);
  });

  test('puts back every document with its types and every index, in the place of what was there', async () => {
    await restoreDatabase(target, file);
    expect(await contentOf(target)).toBe(await contentOf(source));
  });

  test('is made and restored by the commands, also while an engine serves the folder', async () => {
    const engine = await ownEngine();
    const own = await new MongoClient(engine.uri).connect();
    await fill(own.db('survey'));
    const env = { ...process.env, MONGODB_URI: '', DATA_DIR: engine.dataDir };
    const copy = path.join(folder, 'command.backup');
    const made = await run(process.execPath, ['dist/server/database/backup.js', copy], { env });
    expect(made.stdout).toContain('answers: 2500');
    const before = await contentOf(own.db('survey'));
    await own.db('survey').collection('answers').deleteMany({ unit: 3 });
    await run(process.execPath, ['dist/server/database/restore.js', copy], { env });
    expect(await contentOf(own.db('survey'))).toBe(before);
    await own.close();
    await engine.stop();
    const failure = run(
      process.execPath,
      ['dist/server/database/restore.js', path.join(folder, 'bad.backup')],
      { env },
    );
    await expect(failure).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('not a backup') });
    await engine.remove();
  });

  test('of a folder without a database, or of an empty one, is refused and leaves an earlier file as it was', async () => {
    const kept = path.join(folder, 'kept.backup');
    await backupDatabase(source, kept);
    const before = await readFile(kept);
    const nowhere = path.join(folder, 'mistyped');
    for (const command of [
      ['dist/server/database/backup.js', kept],
      ['dist/server/publishing/verifySeal.js', 'dot-1'],
    ]) {
      const env = { ...process.env, MONGODB_URI: '', DATA_DIR: nowhere };
      await expect(run(process.execPath, command, { env })).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`There is no database in ${nowhere}`),
      });
    }
    expect(existsSync(nowhere)).toBe(false);
    await expect(backupDatabase(client.db(`${source.databaseName}-empty`), kept)).rejects.toThrow(/empty/);
    expect(await readFile(kept)).toEqual(before);
  });

  test.each([
    ['restore', 'none.backup', 'no such file'],
    ['restore', '.', 'a folder'],
    ['backup', 'none/whole.backup', 'no such folder'],
  ])('that cannot be read or written is said in a sentence: %s %s', async (command, name, sentence) => {
    const engine = await ownEngine();
    const env = { ...process.env, MONGODB_URI: '', DATA_DIR: engine.dataDir };
    const ended = run(process.execPath, [`dist/server/database/${command}.js`, path.join(folder, name)], {
      env,
    });
    await expect(ended).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
    await expect(ended).rejects.toMatchObject({ stderr: expect.not.stringMatching(/E[A-Z]{4,}/) });
    await engine.stop();
    await engine.remove();
  });

  const reference = process.env.REFERENCE_URI;
  test.runIf(reference)('carries a database from the embedded engine to the reference server', async () => {
    const other = await new MongoClient(reference ?? '').connect();
    const copy = other.db(`${source.databaseName}-carried`);
    await restoreDatabase(copy, file);
    expect(await contentOf(copy)).toBe(await contentOf(source));
    await copy.dropDatabase();
    await other.close();
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const made = Buffer.from(bytes);
  made[at] = (made[at] ?? 0) ^ 0x20;
  return made;
}

function lastFrame(plain: Buffer): number {
  let at = 0;
  for (;;) {
    const size = 5 + plain.readUInt32LE(at + 1);
    if (at + size >= plain.length) return size;
    at += size;
  }
}

/** The same backup, honestly hashed, of a collection that claims a unique index its documents do not allow. */
async function withUniqueIndex(file: string): Promise<Buffer> {
  const { BackupFrames, readBackup } = await import('../../server/database/backupFile.js');
  const frames = new BackupFrames();
  const parts = [frames.header('clash')];
  for await (const event of readBackup(file)) {
    if (event.kind === 'collection') {
      const indexes = [...event.info.indexes, { v: 2, key: { n: 1 }, name: 'n_1', unique: true }];
      parts.push(frames.collection({ ...event.info, indexes }));
    } else if (event.kind === 'document') parts.push(frames.document(event.bytes));
    else parts.push(frames.end(event.name));
  }
  return gzipSync(Buffer.concat([...parts, frames.trailer()]));
}
