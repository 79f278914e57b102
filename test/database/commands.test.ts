import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabaseUri } from '../database.js';

const { Int32, Long, MongoClient, ObjectId } = mongo;

type Row = mongo.BSON.Document & { _id: number };

/** What a program written for MongoDB relies on, said once for whichever engine the run uses. */
describe('the database', () => {
  let client: mongo.MongoClient;
  let db: mongo.Db;
  let rows: mongo.Collection<Row>;

  beforeAll(async () => {
    client = await new MongoClient(freshDatabaseUri()).connect();
    db = client.db();
  });

  beforeEach(async () => {
    rows = db.collection<Row>(`rows-${new ObjectId().toHexString()}`);
  });

  afterAll(async () => {
    await db.dropDatabase();
    await client.close();
  });

  test('refuses a duplicate with the key that clashes', async () => {
    await rows.createIndex({ a: 1, b: 1 }, { unique: true });
    await rows.insertOne({ _id: 1, a: 'x', b: 2 });
    await expect(rows.insertOne({ _id: 2, a: 'x', b: 2 })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { a: 1, b: 1 },
      keyValue: { a: 'x', b: 2 },
    });
    await expect(rows.insertOne({ _id: 1 })).rejects.toMatchObject({ code: 11000, keyPattern: { _id: 1 } });
    await expect(
      rows.updateOne({ _id: 3 }, { $set: { a: 'x', b: 2 } }, { upsert: true }),
    ).rejects.toMatchObject({ code: 11000 });
  });

  test('counts a missing field as null in a unique index, and leaves it out of a sparse or partial one', async () => {
    await rows.createIndex({ a: 1 }, { unique: true });
    await rows.insertOne({ _id: 1 });
    await expect(rows.insertOne({ _id: 2, a: null })).rejects.toMatchObject({ code: 11000 });
    await rows.dropIndexes();
    await rows.createIndex({ a: 1 }, { unique: true, sparse: true });
    await rows.createIndex({ b: 1 }, { unique: true, partialFilterExpression: { n: { $gt: 1 } } });
    await rows.insertMany([
      { _id: 3, b: 1 },
      { _id: 4, b: 1 },
      { _id: 5, b: 1, n: 2 },
    ]);
    await expect(rows.insertOne({ _id: 6, b: 1, n: 3 })).rejects.toMatchObject({ code: 11000 });
  });

  test('refuses a unique index over duplicates, and then has no such index', async () => {
    await rows.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    await expect(rows.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  const wrong: [string, () => Promise<unknown>, number][] = [
    ['an unknown filter operator', () => rows.findOne({ a: { $frob: 1 } }), 2],
    ['an unknown update operator', () => rows.updateOne({}, { $frob: { a: 1 } } as never), 9],
    ['two updates of one path', () => rows.updateOne({ _id: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }), 40],
    ['a changed _id', () => rows.updateOne({ _id: 1 }, { $set: { _id: 2 } }), 66],
    ['a path through a scalar', () => rows.updateOne({ _id: 1 }, { $set: { 'a.b': 1 } }), 28],
    ['adding to a string', () => rows.updateOne({ _id: 1 }, { $inc: { b: 1 } }), 14],
    ['pushing onto a number', () => rows.updateOne({ _id: 1 }, { $push: { a: 1 } as never }), 2],
    ['an unknown stage', () => rows.aggregate([{ $frob: {} }]).toArray(), 40324],
    ['an index that is not there', () => rows.dropIndex('none'), 27],
    ['an index of the same name on other fields', () => rows.createIndex({ b: 1 }, { name: 'taken' }), 86],
    ['an index of another name on the same fields', () => rows.createIndex({ a: 1 }, { name: 'other' }), 85],
    ['$in without an array', () => rows.findOne({ a: { $in: 1 } } as never), 2],
    [
      'inclusion and exclusion in one projection',
      () => rows.findOne({}, { projection: { a: 1, b: 0 } }),
      31254,
    ],
  ];

  test.each(wrong)('refuses %s', async (_, request, code) => {
    await rows.insertOne({ _id: 1, a: 1, b: 'text' });
    await rows.createIndex({ a: 1 }, { name: 'taken' });
    await expect(request()).rejects.toMatchObject({ code });
  });

  test('goes on after a failure in an unordered write and stops in an ordered one', async () => {
    const docs = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const failure = await rows.insertMany(docs, { ordered: false }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ result: { insertedCount: 2 }, writeErrors: [{ index: 1, code: 11000 }] });
    const ordered = await rows
      .bulkWrite([
        { insertOne: { document: { _id: 3 } } },
        { insertOne: { document: { _id: 3 } } },
        { updateOne: { filter: { _id: 9 }, update: { $set: { a: 1 } }, upsert: true } },
      ])
      .catch((error: unknown) => error);
    expect(ordered).toMatchObject({ result: { insertedCount: 1, upsertedCount: 0 } });
    expect(await rows.countDocuments()).toBe(3);
  });

  test('upserts with what the filter fixes, and says what it did', async () => {
    const made = await rows.updateOne(
      { _id: 7, a: { $eq: 2 }, n: { $gt: 1 } },
      { $setOnInsert: { b: 1 }, $inc: { n: 1 } },
      { upsert: true },
    );
    expect(made).toMatchObject({ matchedCount: 0, upsertedCount: 1, upsertedId: 7 });
    expect(await rows.findOne({ _id: 7 })).toEqual({ _id: 7, a: 2, b: 1, n: 1 });
    const again = await rows.updateOne(
      { _id: 7 },
      { $setOnInsert: { b: 9 }, $set: { a: 2 } },
      { upsert: true },
    );
    expect(again).toMatchObject({ matchedCount: 1, modifiedCount: 0, upsertedCount: 0 });
  });

  test('finds and changes in one step, giving the document before or after', async () => {
    await rows.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 5 },
    ]);
    expect(await rows.findOneAndUpdate({}, { $inc: { n: 1 } }, { sort: { n: -1 } })).toEqual({
      _id: 2,
      n: 5,
    });
    const after = { returnDocument: 'after', projection: { n: 1, _id: 0 } } as const;
    expect(await rows.findOneAndUpdate({ _id: 2 }, { $inc: { n: 1 } }, after)).toEqual({ n: 7 });
    expect(await rows.findOneAndUpdate({ _id: 3 }, { $set: { n: 0 } }, { upsert: true, ...after })).toEqual({
      n: 0,
    });
    expect(await rows.findOneAndReplace({ _id: 3 }, { a: 1 }, { returnDocument: 'after' })).toEqual({
      _id: 3,
      a: 1,
    });
    expect(await rows.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, n: 1 });
    expect(await rows.findOneAndDelete({ _id: 1 })).toBeNull();
  });

  test('changes the elements that array filters and positions name', async () => {
    await rows.insertOne({
      _id: 1,
      list: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
        { k: 3, v: 3 },
      ],
    });
    await rows.updateOne({ _id: 1, 'list.k': 2 }, { $set: { 'list.$.v': 20 } });
    await rows.updateOne(
      { _id: 1 },
      { $inc: { 'list.$[big].v': 100 } },
      { arrayFilters: [{ 'big.k': { $gte: 3 } }] },
    );
    await rows.updateOne({ _id: 1 }, { $set: { 'list.$[].seen': true } });
    expect(await rows.findOne({ 'list.k': 3 }, { projection: { 'list.$': 1 } })).toEqual({
      _id: 1,
      list: [{ k: 3, v: 103, seen: true }],
    });
    expect(await rows.distinct('list.v')).toEqual([1, 20, 103]);
  });

  test('keeps the type of every number', async () => {
    await rows.insertOne({ _id: 1, a: new Int32(2147483647), b: Long.fromNumber(1), n: 1.5 });
    await rows.updateOne({ _id: 1 }, { $inc: { a: 1, b: 1 }, $mul: { n: 2 } });
    const found = await rows.findOne({ _id: 1 }, { promoteValues: false });
    expect(found).toMatchObject({
      a: Long.fromNumber(2147483648),
      b: Long.fromNumber(2),
      n: new mongo.Double(3),
    });
  });

  test('hands out a long result in batches', async () => {
    await rows.insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id })));
    const cursor = rows.find().sort({ _id: 1 }).batchSize(40);
    const ids = (await cursor.toArray()).map(({ _id }) => _id);
    expect(ids).toEqual([...Array(250).keys()]);
    const left = rows.find().batchSize(2);
    await left.next();
    await left.close();
    expect(await rows.find().skip(245).limit(10).toArray()).toHaveLength(5);
    expect(
      await rows
        .aggregate([{ $match: { _id: { $gte: 240 } } }, { $sort: { _id: -1 } }, { $limit: 2 }])
        .toArray(),
    ).toEqual([{ _id: 249 }, { _id: 248 }]);
  });

  test('joins, unwinds, groups and writes out', async () => {
    const other = db.collection<{ _id: string; name: string }>('units');
    await other.insertMany([
      { _id: 'u1', name: 'Một' },
      { _id: 'u2', name: 'Hai' },
    ]);
    await rows.insertMany([
      { _id: 1, a: 'u1', list: [5, 4] },
      { _id: 2, a: 'u2', list: [1] },
      { _id: 3, a: 'u1', list: [] },
    ]);
    const stages = [
      { $unwind: '$list' },
      { $group: { _id: '$a', n: { $sum: 1 }, mean: { $avg: '$list' } } },
      { $lookup: { from: 'units', localField: '_id', foreignField: '_id', as: 'unit' } },
      { $project: { n: 1, mean: 1, name: { $arrayElemAt: ['$unit.name', 0] } } },
      { $sort: { _id: 1 } },
    ];
    const expected = [
      { _id: 'u1', n: 2, mean: 4.5, name: 'Một' },
      { _id: 'u2', n: 1, mean: 1, name: 'Hai' },
    ];
    expect(await rows.aggregate(stages).toArray()).toEqual(expected);
    await rows.aggregate([...stages, { $out: 'result' }]).toArray();
    expect(await db.collection('result').find().sort({ _id: 1 }).toArray()).toEqual(expected);
  });

  test('gives a collection another name, in the place of one that is there', async () => {
    await rows.insertOne({ _id: 1 });
    await db.collection<Row>('place').insertOne({ _id: 2 });
    await expect(rows.rename('place')).rejects.toMatchObject({ code: 48 });
    await rows.rename('place', { dropTarget: true });
    expect(await db.collection('place').find().toArray()).toEqual([{ _id: 1 }]);
    expect(await db.listCollections({ name: rows.collectionName }).toArray()).toEqual([]);
  });
});
