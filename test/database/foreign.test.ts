import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OwnEngine, ownEngine } from './ownEngine.js';

const { Double, Int32, Long, ObjectId } = mongo;

type Row = mongo.BSON.Document & { _id: number };

/** What programs and driver tests written elsewhere expect of MongoDB, and the reference server does not all show. */
describe('the embedded engine, to programs nobody here wrote,', () => {
  let engine: OwnEngine;
  let client: mongo.MongoClient;
  let db: mongo.Db;
  let rows: mongo.Collection<Row>;

  beforeAll(async () => {
    engine = await ownEngine();
    client = await new mongo.MongoClient(engine.uri).connect();
    db = client.db('foreign');
  });

  beforeEach(async () => {
    rows = db.collection<Row>('rows');
    await rows.drop();
  });

  afterAll(async () => {
    await client?.close();
    await engine?.remove();
  });

  const refused = (code: number) => expect.objectContaining({ code });

  test('refuses what it does not have, with the code of a server that does not have it either', async () => {
    const session = client.startSession();
    session.startTransaction();
    await expect(rows.insertOne({ _id: 1 }, { session })).rejects.toThrow();
    await session.endSession();
    expect(await rows.countDocuments()).toBe(0);
    await expect(client.watch().next()).rejects.toEqual(refused(40573));
    for (const options of [{ capped: true, size: 9 }, { validator: { a: 1 } }, { viewOn: 'rows' }])
      await expect(db.createCollection('other', options)).rejects.toEqual(refused(115));
    await expect(db.command({ ping: 1, apiVersion: '2' })).rejects.toEqual(refused(322));
    const strict = { apiVersion: '1', apiStrict: true };
    await expect(db.command({ distinct: 'rows', key: 'a', ...strict })).rejects.toEqual(refused(323));
  });

  test('refuses operands that an expression cannot take', async () => {
    await rows.insertOne({ _id: 1, a: 'x' });
    const codes = {
      31325: { $nope: 1 },
      16020: { $eq: ['$a'] },
      28689: { $arrayElemAt: ['$a', 0] },
      40400: { $mergeObjects: ['$a'] },
      16006: { $dateToString: { date: '$a' } },
      2: { $divide: [1, 0] },
    };
    for (const [code, made] of Object.entries(codes))
      await expect(rows.aggregate([{ $project: { made } }]).toArray()).rejects.toEqual(refused(Number(code)));
    await expect(rows.aggregate([{ $facet: { one: [{ $out: 'x' }] } }]).toArray()).rejects.toEqual(
      refused(40600),
    );
    const open = { $bucket: { groupBy: '$_id', boundaries: [5, 6] } };
    await expect(rows.aggregate([open]).toArray()).rejects.toEqual(refused(40066));
    await expect(rows.find({}, { projection: { a: 0, b: 1 } }).toArray()).rejects.toEqual(refused(31253));
  });

  test('does the write and then tells of a write concern that cannot be met; w: 0 is told nothing', async () => {
    await expect(rows.insertOne({ _id: 1 }, { writeConcern: { w: 3 } })).rejects.toEqual(refused(100));
    expect(await rows.countDocuments()).toBe(1);
    await rows.insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
    expect(await rows.countDocuments()).toBe(1);
  });

  test('counts nothing for a statement that failed', async () => {
    await rows.createIndex({ a: 1 }, { unique: true });
    await rows.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    const writes = [2, 3].map((a) => ({ updateOne: { filter: { _id: 1 }, update: { $set: { a } } } }));
    const error: unknown = await rows
      .bulkWrite(writes, { ordered: false })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 11000, result: { matchedCount: 1, modifiedCount: 1 } });
  });

  test('finds the greatest values of a kind by an index', async () => {
    await rows.createIndexes([{ key: { a: 1 } }, { key: { b: -1 } }]);
    const last = new ObjectId('f'.repeat(24));
    await rows.insertMany([
      { _id: 1, a: Number.POSITIVE_INFINITY, b: last },
      { _id: 2, a: last, b: 1e308 },
    ]);
    const first = new ObjectId('0'.repeat(24));
    for (const [field, kind, _id] of [
      ['a', 0, 1],
      ['b', 0, 2],
      ['a', first, 2],
      ['b', first, 1],
    ] as const)
      expect(await rows.distinct('_id', { [field]: { $gt: kind } })).toEqual([_id]);
  });

  test('takes an array inside an array for a document, as $elemMatch does', async () => {
    await rows.insertOne({ _id: 1, a: [[{ b: 1 }]] });
    expect(await rows.countDocuments({ a: { $elemMatch: { b: 1 } } })).toBe(0);
    expect(await rows.countDocuments({ a: { $elemMatch: { '0.b': 1 } } })).toBe(1);
  });

  test('keeps types through a pipeline, and gives computed numbers theirs', async () => {
    await rows.insertOne({ _id: 1, whole: new Double(2), long: Long.fromNumber(5), int: 7 });
    const made = {
      passed: { $ifNull: ['$nothing', '$whole'] },
      sum: { $add: ['$int', '$long'] },
      half: { $divide: ['$int', 7] },
      type: { $type: '$whole' },
    };
    const [found] = await rows
      .aggregate([{ $sort: { _id: 1 } }, { $set: made }], { promoteValues: false })
      .toArray();
    expect(found).toEqual({
      _id: new Int32(1),
      whole: new Double(2),
      long: Long.fromNumber(5),
      int: new Int32(7),
      passed: new Double(2),
      sum: Long.fromNumber(12),
      half: new Double(1),
      type: 'double',
    });
  });

  test('evaluates the values of let', async () => {
    await rows.insertMany([{ _id: 1 }, { _id: 2 }]);
    const variables = { let: { id: { $add: [1, 1] }, text: { $literal: '$_id' } } };
    const stages = [{ $match: { $expr: { $eq: ['$_id', '$$id'] } } }, { $set: { text: '$$text' } }];
    expect(await rows.aggregate(stages, variables).toArray()).toEqual([{ _id: 2, text: '$_id' }]);
  });

  test('sorts what is pushed by whole values, and renames only what is there', async () => {
    await rows.insertOne({ _id: 1, a: [{ k: [] }, 5], b: [] });
    const sorted = { $push: { a: { $each: [], $sort: { k: 1 } } } };
    await rows.updateOne({ _id: 1 }, sorted as never);
    await rows.updateOne({ _id: 1 }, { $rename: { 'b.0': 'c.d', x: 'b.y' } });
    expect(await rows.findOne()).toEqual({ _id: 1, a: [5, { k: [] }], b: [] });
    await expect(rows.updateOne({ _id: 1 }, { $rename: { 'b.z': 'c' } })).rejects.toEqual(refused(28));
  });

  test('sorts very many without an index, with and without a limit, keeping ties in order', async () => {
    const many = Array.from({ length: 9000 }, (_, _id): Row => ({ _id, a: (_id * 7919) % 1013 }));
    await rows.insertMany(many);
    const ordered = many.toSorted((x, y) => x.a - y.a).map(({ _id }) => _id);
    const ids = (found: Row[]) => found.map(({ _id }) => _id);
    expect(ids(await rows.find().sort({ a: 1 }).toArray())).toEqual(ordered);
    expect(ids(await rows.find().sort({ a: 1 }).skip(10).limit(3000).toArray())).toEqual(
      ordered.slice(10, 3010),
    );
    const stages = [{ $match: {} }, { $set: { b: 1 } }, { $sort: { a: 1 } }];
    expect(ids(await rows.aggregate<Row>(stages).toArray())).toEqual(ordered);
    expect(ids(await rows.aggregate<Row>([...stages, { $limit: 5 }]).toArray())).toEqual(ordered.slice(0, 5));
  });

  test('explains a pipeline with what it read', async () => {
    await rows.insertOne({ _id: 1 });
    const stages = [{ $match: { _id: 1 } }, { $unwind: '$a' }];
    const { stages: shown } = await rows.aggregate(stages).explain('executionStats');
    expect(shown[0].$cursor.executionStats).toMatchObject({ nReturned: 1, totalKeysExamined: 1 });
  });

  test('answers the questions of tools about the replica set it says to be', async () => {
    expect(await db.admin().command({ replSetGetStatus: 1 })).toMatchObject({ myState: 1 });
    expect(await db.aggregate([{ $listLocalSessions: {} }, { $count: 'n' }]).toArray()).toEqual([{ n: 1 }]);
    const strict = { apiVersion: '1', apiStrict: true, cursor: {} };
    const sessions = { aggregate: 1, pipeline: [{ $listLocalSessions: {} }], ...strict };
    await expect(db.command(sessions)).rejects.toEqual(refused(323));
    expect(await db.admin().command({ usersInfo: 1 })).toMatchObject({ users: [] });
  });

  test('tells tools how large collections, indexes and databases are, by any scale', async () => {
    await rows.createIndex({ a: 1 });
    await rows.insertMany(Array.from({ length: 50 }, (_, _id): Row => ({ _id, a: 'x'.repeat(1000) })));
    const [found] = await rows.aggregate([{ $collStats: { storageStats: {}, count: {} } }]).toArray();
    expect(found).toMatchObject({ ns: 'foreign.rows', count: 50, storageStats: { count: 50, nindexes: 2 } });
    const { size, indexSizes, totalIndexSize, totalSize } = found?.storageStats ?? {};
    expect(size).toBe(50 * mongo.BSON.calculateObjectSize({ _id: 1, a: 'x'.repeat(1000) }));
    expect(indexSizes).toEqual({ _id_: 0, a_1: totalIndexSize });
    expect(totalIndexSize).toBeGreaterThan(50 * 850);
    expect(await db.command({ collStats: 'rows', scale: 1024 })).toMatchObject({
      size: Math.round(size / 1024),
      avgObjSize: size / 50,
      scaleFactor: 1024,
    });
    expect(await db.stats({ scale: 2 })).toMatchObject({ objects: 50, dataSize: size / 2, scaleFactor: 2 });
    const { databases } = await db.admin().listDatabases();
    expect(databases.find(({ name }) => name === 'foreign')?.sizeOnDisk).toBe(totalSize);
    const none = db.collection('none').aggregate([{ $collStats: {} }]);
    await expect(none.toArray()).rejects.toEqual(refused(26));
  });
});
