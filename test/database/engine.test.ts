import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doChores, openEngine } from '../../server/database/embedded/engine.js';
import { embeddedModule, type OwnEngine, ownEngine } from './ownEngine.js';

const { Binary, BSON, Long, MongoClient, UUID } = mongo;

type Reply = Record<string, unknown>;

interface Row {
  _id?: number | string;
  a?: unknown;
  b?: unknown;
  n?: number;
}

describe('the embedded engine', () => {
  let engine: OwnEngine;
  let client: mongo.MongoClient;
  let db: mongo.Db;

  beforeAll(async () => {
    engine = await ownEngine();
    client = await new MongoClient(engine.uri).connect();
    db = client.db('engine');
  });

  afterAll(async () => {
    await client.close();
    await engine.remove();
  });

  const outOfScope: [string, Reply, number][] = [
    ['an unknown command', { frobnicate: 1 }, 59],
    ['an unknown field of a command', { find: 'rows', frobnicate: 1 }, 40415],
    ['a collation by language', { find: 'rows', collation: { locale: 'vi' } }, 115],
    ['a tailable cursor', { find: 'rows', tailable: true }, 115],
    ['a capped collection', { create: 'c', capped: true, size: 1 }, 115],
    ['a view', { create: 'c', viewOn: 'rows', pipeline: [] }, 115],
    ['a text index', { createIndexes: 'rows', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 67],
    ['a change stream', { aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573],
    ['an unknown stage', { aggregate: 'rows', pipeline: [{ $frobnicate: {} }], cursor: {} }, 40324],
    ['JavaScript in a filter', { find: 'rows', filter: { $where: 'true' } }, 115],
    ['a getMore of no cursor', { getMore: Long.fromNumber(7), collection: 'rows' }, 43],
    ['a hint that names no index', { find: 'hinted', filter: { a: 1 }, hint: 'none' }, 2],
  ];

  test.each(outOfScope)('refuses %s with MongoDB’s error', async (_, command, code) => {
    await db.collection<Row>('hinted').updateOne({ _id: 1 }, { $set: { a: 1 } }, { upsert: true });
    await expect(db.command(command)).rejects.toMatchObject({ code });
  });

  test('refuses a transaction as a single server does', async () => {
    const session = client.startSession();
    session.startTransaction();
    const read = db.collection<Row>('rows').findOne({ a: 1 }, { session });
    await expect(read).rejects.toMatchObject({ code: 20, codeName: 'IllegalOperation' });
    await session.abortTransaction().catch(() => {});
    await session.endSession();
  });

  test('refuses a second process on the same directory with a sentence', async () => {
    const { startEmbeddedEngine } = await embeddedModule();
    await expect(startEmbeddedEngine({ dataDir: engine.dataDir })).rejects.toMatchObject({
      code: 'ENGINE_IN_USE',
      message: expect.stringContaining(engine.dataDir),
    });
  });

  test('lets no other user of the machine read its files', async () => {
    expect((await stat(engine.dataDir)).mode & 0o077).toBe(0);
  });

  test('keeps documents in the order of their ids, which tells nothing about when they came', async () => {
    const rows = db.collection<Row>('ordered');
    for (const _id of ['m', 'c', 'x', 'a']) await rows.insertOne({ _id });
    expect((await rows.find().toArray()).map(({ _id }) => _id)).toEqual(['a', 'c', 'm', 'x']);
  });

  test('applies a retried write once, also after a restart in between', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'engine-retry-'));
    const lsid = { id: new Binary(new UUID().buffer, 4) };
    const update = {
      update: 'counters',
      updates: [{ q: { _id: 'a' }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid,
      txnNumber: Long.fromNumber(5),
    };
    const replies: Reply[] = [];
    for (let round = 0; round < 2; round++) {
      const own = await ownEngine(dataDir);
      const direct = await new MongoClient(own.uri).connect();
      for (let send = 0; send < 2; send++) {
        const { n, nModified, upserted } = await rawCommand(own.uri, { ...update, $db: 'retry' });
        replies.push({ n, nModified, upserted });
      }
      const found = await direct.db('retry').collection<Row>('counters').findOne({ _id: 'a' });
      expect(found).toEqual({ _id: 'a', n: 1 });
      const older = await rawCommand(own.uri, { ...update, txnNumber: Long.fromNumber(4), $db: 'retry' });
      expect(older).toMatchObject({ ok: 0, code: 225 });
      await direct.close();
      await own.stop();
    }
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    await rm(dataDir, { recursive: true, force: true });
  });

  test('says in explain whether an index was used', async () => {
    const rows = db.collection<Row>('explained');
    await rows.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n, a: n % 5, b: n })));
    await rows.createIndex({ a: 1, b: -1 });
    const byIndex = JSON.stringify(
      await rows
        .find({ a: 3, b: { $gt: 10 } })
        .sort({ b: -1 })
        .explain('executionStats'),
    );
    expect(byIndex).toContain('"stage":"IXSCAN"');
    expect(byIndex).toContain('"totalDocsExamined":8');
    expect(byIndex).not.toMatch(/SORT|COLLSCAN/);
    expect(JSON.stringify(await rows.find({ n: 3 }).explain())).toContain('"stage":"COLLSCAN"');
    expect(JSON.stringify(await rows.find({ _id: 3 }).explain())).toContain('"indexName":"_id_"');
    expect(JSON.stringify(await rows.aggregate([{ $match: { a: 3 } }, { $limit: 2 }]).explain())).toContain(
      'IXSCAN',
    );
  });

  test('answers the same from the keys of an index as from the documents', async () => {
    const rows = db.collection<Row>('covered');
    const odd = [1, 1.5, '1', 'a\0b', null, true, new Date(5), { x: 1 }, Long.fromString('9007199254740993')];
    await rows.insertMany([...odd, ...odd].map((a, n) => ({ _id: n, a, n: n % 3 })));
    await rows.insertOne({ _id: 99, n: 1 });
    const stages = [{ $group: { _id: '$a', n: { $sum: '$n' } } }, { $sort: { _id: 1, n: 1 } }];
    const fromDocuments = await rows.aggregate(stages).toArray();
    await rows.createIndex({ a: -1, n: 1 });
    expect(await rows.aggregate(stages).toArray()).toEqual(fromDocuments);
  });

  test('keeps long keys apart and in order, though the file holds only their beginnings', async () => {
    const rows = db.collection<Row>('long');
    const long = 'x'.repeat(3000);
    await rows.createIndex({ a: 1 }, { unique: true });
    await rows.insertMany([
      { _id: 1, a: `${long}b` },
      { _id: 2, a: `${long}a` },
      { _id: 3, a: 'y' },
      { _id: `${long}id`, a: 'w' },
    ]);
    await expect(rows.insertOne({ _id: 4, a: `${long}a` })).rejects.toMatchObject({ code: 11000 });
    expect(await rows.findOne({ a: `${long}b` })).toMatchObject({ _id: 1 });
    const sorted = await rows
      .find({ a: { $gte: 'x' } })
      .sort({ a: 1 })
      .toArray();
    expect(sorted.map(({ _id }) => _id)).toEqual([2, 1, 3]);
    expect(await rows.findOne({ _id: `${long}id` })).toMatchObject({ a: 'w' });
  });

  test('expires documents by a TTL index, of a partial one only those that belong to it', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'engine-expiry-'));
    const own = await ownEngine(dataDir);
    const direct = await new MongoClient(own.uri).connect();
    const sessions = direct.db('t').collection<Row & { expires: Date | string }>('sessions');
    await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 10 });
    const now = Date.now();
    await sessions.insertMany([
      { _id: 1, expires: new Date(now - 20_000) },
      { _id: 2, expires: new Date(now) },
      { _id: 3, expires: 'never' },
    ]);
    const drafts = direct.db('t').collection<Row & { at: Date; draft?: boolean }>('drafts');
    const partialFilterExpression = { draft: true };
    await drafts.createIndex({ at: 1 }, { expireAfterSeconds: 10, partialFilterExpression });
    const at = new Date(now - 20_000);
    await drafts.insertMany([
      { _id: 1, at, draft: true },
      { _id: 2, at, draft: false },
      { _id: 3, at },
    ]);
    await direct.close();
    await own.stop();
    const parts = openEngine(dataDir, () => '');
    await doChores(parts, new Date(now));
    for (const name of ['sessions', 'drafts']) {
      const collection = parts.catalog.get('t', name);
      expect(collection && parts.records.keyCount(collection, '_id_')).toBe(2);
    }
    await parts.store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('reads messages with a checksum and a document sequence, and answers what it cannot read with an error', async () => {
    const body = BSON.serialize({ insert: 'wire', $db: 'engine' });
    const docs = Buffer.concat([BSON.serialize({ _id: 1 }), BSON.serialize({ _id: 2 })]);
    const sequence = Buffer.concat([
      int32(4 + 'documents\0'.length + docs.length),
      Buffer.from('documents\0'),
      docs,
    ]);
    const sections = Buffer.concat([Buffer.of(0), body, Buffer.of(1), sequence]);
    const message = Buffer.concat([int32(1), sections, Buffer.alloc(4)]);
    expect(await exchange(engine.uri, 2013, message)).toMatchObject({ ok: 1, n: 2 });
    const unknownFlags = Buffer.concat([int32(4), Buffer.of(0), body]);
    expect(await exchange(engine.uri, 2013, unknownFlags)).toMatchObject({ ok: 0 });
    expect(await exchange(engine.uri, 2012, Buffer.alloc(9))).toMatchObject({ ok: 0, code: 115 });
  });

  test('says in its README what lies in scope and what does not', async () => {
    const readme = await readFile('server/database/embedded/README.md', 'utf8');
    expect(readme).toMatch(/## In scope[\s\S]+## Out of scope/);
  });
});

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function rawCommand(uri: string, command: Reply): Promise<Reply> {
  return exchange(uri, 2013, Buffer.concat([int32(0), Buffer.of(0), BSON.serialize(command)]));
}

/** Sends one message as bytes and reads the document that comes back. */
function exchange(uri: string, opcode: number, payload: Buffer): Promise<Reply> {
  const socketPath = decodeURIComponent(/\/\/([^/]+)/.exec(uri)?.[1] ?? '');
  const message = Buffer.concat([int32(16 + payload.length), int32(1), int32(0), int32(opcode), payload]);
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(message));
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < 4 || received.length < received.readInt32LE(0)) return;
      socket.destroy();
      resolve(BSON.deserialize(received.subarray(21)) as Reply);
    });
  });
}
