import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Cursors } from '../../server/database/embedded/commands/cursors.js';
import { type OwnEngine, ownEngine } from './ownEngine.js';

type Row = mongo.BSON.Document & { _id: number };

/** What a request says is done or refused: nothing in it is passed over in silence. */
describe('the embedded engine passes over nothing it is told:', () => {
  let engine: OwnEngine;
  let client: mongo.MongoClient;
  let db: mongo.Db;
  let rows: mongo.Collection<Row>;

  beforeAll(async () => {
    engine = await ownEngine();
    client = await new mongo.MongoClient(engine.uri).connect();
    db = client.db('told');
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

  test('fields of a statement that it does not know', async () => {
    await rows.insertOne({ _id: 1 });
    const update = { update: 'rows', updates: [{ q: {}, u: { $set: { a: 1 } }, nope: 1 }] };
    await expect(db.command(update)).rejects.toEqual(refused(40415));
    const remove = { delete: 'rows', deletes: [{ q: {}, limit: 0, nope: 1 }] };
    await expect(db.command(remove)).rejects.toEqual(refused(40415));
    expect(await rows.findOne()).toEqual({ _id: 1 });
  });

  test('options of a stage that it does not know', async () => {
    await rows.insertOne({ _id: 1, a: [1] });
    const stages = {
      9: { $lookup: { from: 'rows', as: 'b', pipeline: [], nope: 1 } },
      28811: { $unwind: { path: '$a', nope: 1 } },
      28748: { $sample: { size: 1, nope: 1 } },
      40197: { $bucket: { groupBy: '$_id', boundaries: [1, 2], nope: 1 } },
      40245: { $bucketAuto: { groupBy: '$_id', buckets: 2, nope: 1 } },
      40104: { $graphLookup: { from: 'rows', startWith: 1, nope: 1 } },
      40415: { $merge: { into: 'other', nope: 1 } },
    };
    for (const [code, stage] of Object.entries(stages))
      await expect(rows.aggregate([stage]).toArray()).rejects.toEqual(refused(Number(code)));
    const twoInOne = { $lookup: { from: 'rows', as: 'b', pipeline: [{ $match: {}, $limit: 1 }] } };
    await expect(rows.aggregate([twoInOne]).toArray()).rejects.toEqual(refused(40323));
  });

  test('parameters, locks and patterns that it cannot honour', async () => {
    await rows.insertOne({ _id: 1, a: 'x' });
    await expect(db.admin().command({ getParameter: 1, nope: 1 })).rejects.toEqual(refused(72));
    await expect(db.admin().command({ fsync: 1, lock: true })).rejects.toEqual(refused(40415));
    const explained = { explain: { find: 'rows', filter: {}, collation: { locale: 'vi' } } };
    await expect(db.command(explained)).rejects.toEqual(refused(115));
    const pattern = new mongo.BSONRegExp('a++');
    await expect(rows.findOne({ a: pattern })).rejects.toEqual(refused(51091));
    await rows.insertOne({ _id: 2, a: pattern });
    expect(await rows.countDocuments({ a: /x/ })).toBe(1);
    const push = { $push: { b: { $each: [], $sort: { k: 'up' } } } } as never;
    await expect(rows.updateOne({ _id: 1 }, push)).rejects.toEqual(refused(2));
  });

  test('the time limit of an update, before anything is changed', async () => {
    await rows.insertMany(Array.from({ length: 3000 }, (_, _id): Row => ({ _id, a: 'x'.repeat(2000) })));
    const slow = rows.updateMany({ a: /^(x+x+)+y?$/ }, { $set: { b: 1 } }, { maxTimeMS: 1 });
    await expect(slow).rejects.toEqual(refused(50));
    expect(await rows.countDocuments({ b: 1 })).toBe(0);
  });

  test('the wish for the natural order, backwards too', async () => {
    await rows.createIndex({ a: 1 });
    await rows.insertMany([3, 1, 2].map((_id) => ({ _id, a: -_id })));
    const ids = (found: Row[]) => found.map(({ _id }) => _id);
    expect(ids(await rows.find({ a: { $lt: 0 } }, { sort: { $natural: 1 } }).toArray())).toEqual([1, 2, 3]);
    expect(ids(await rows.find({}, { sort: { $natural: -1 } }).toArray())).toEqual([3, 2, 1]);
  });

  test('the wish that a cursor be kept while its reader thinks', async () => {
    const cursors = new Cursors();
    const source = async function* () {
      yield [new Uint8Array(5), new Uint8Array(5)];
    };
    for (const noTimeout of [true, false])
      await cursors.open(source(), { namespace: 'a.b', batchSize: 1, noTimeout });
    const minutes = (count: number) => Date.now() + count * 60_000;
    cursors.closeIdle(minutes(9));
    expect(cursors.size).toBe(2);
    cursors.closeIdle(minutes(11));
    expect(cursors.size).toBe(1);
    cursors.closeIdle(minutes(31));
    expect(cursors.size).toBe(0);
  });

  test('two indexes of one name in one command', async () => {
    const indexes = [
      { key: { a: 1 }, name: 'same' },
      { key: { b: 1 }, name: 'same' },
    ];
    await expect(rows.createIndexes(indexes)).rejects.toEqual(refused(86));
    expect(await rows.indexExists('same').catch(() => false)).toBe(false);
  });

  test('what a $merge names: fields, variables and ways', async () => {
    const other = db.collection<Row>('other');
    await other.drop();
    await other.createIndex({ 'k.id': 1 }, { unique: true });
    await other.insertOne({ _id: 7, k: { id: 1 }, n: 1 });
    await rows.insertOne({ _id: 1, k: { id: 1 }, n: 5 });
    const merge = (more: mongo.BSON.Document) =>
      rows.aggregate([{ $unset: '_id' }, { $merge: { into: 'other', on: 'k.id', ...more } }]).toArray();
    await merge({ let: { by: '$n' }, whenMatched: [{ $set: { n: { $add: ['$n', '$$by', '$$new.n'] } } }] });
    expect(await other.find().toArray()).toEqual([{ _id: 7, k: { id: 1 }, n: 11 }]);
    await merge({ whenMatched: 'replace' });
    expect(await other.find().toArray()).toEqual([{ _id: 7, k: { id: 1 }, n: 5 }]);
    await expect(merge({ whenMatched: 'nope' })).rejects.toEqual(refused(2));
    await expect(merge({ whenNotMatched: 'nope' })).rejects.toEqual(refused(2));
    const another = [{ $merge: { into: 'other', on: 'k.id' } }];
    await expect(rows.aggregate(another).toArray()).rejects.toEqual(refused(66));
    await rows.insertOne({ _id: 2 });
    await expect(merge({})).rejects.toEqual(refused(51132));
  });
});
