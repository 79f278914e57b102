import { EJSON } from 'bson';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type OwnEngine, ownEngine } from './ownEngine.js';
import { computed } from './randomPipelines.js';
import {
  type Doc,
  documents,
  field,
  filter,
  named,
  number,
  scalar,
  update,
  value,
} from './randomRequests.js';
import { openSides, property, REFERENCE, refusal, type Sides, texts, unordered } from './sides.js';

const { Int32, MongoBulkWriteError } = mongo;

test.runIf(!REFERENCE)(
  'the comparison with a reference server is skipped: REFERENCE_URI is not set',
  () => {},
);

/** The ways of writing beside a plain update: what they change, and what they answer. */
describe.runIf(REFERENCE)('the embedded engine writes as the reference server', () => {
  let engine: OwnEngine;
  let sides: Sides;

  beforeAll(async () => {
    engine = await ownEngine();
    sides = await openSides(engine.uri, REFERENCE ?? '');
  });

  afterAll(async () => {
    await sides?.close();
    await engine?.remove();
  });

  const withoutFlags = documents.filter((docs) => !/true|false|Infinity/.test(EJSON.stringify(docs)));
  const stored = async (collection: mongo.Collection<Doc>) =>
    unordered(await collection.find({}).sort({ _id: 1 }).toArray());

  test('for upserts', async () => {
    const wanted = fc
      .tuple(
        field,
        scalar.filter((held) => typeof held !== 'boolean'),
      )
      .map(([name, held]) => ({ _id: new Int32(99), [name]: held }));
    await property([wanted, update], (query, change) =>
      sides.compare([{ _id: new Int32(1) }], [], async (collection) => {
        const result = await collection
          .updateOne(query as Doc, change as mongo.UpdateFilter<Doc>, { upsert: true })
          .catch(refusal);
        return [result, await stored(collection)];
      }),
    );
  });

  test('for finding and changing in one step', async () => {
    const way = fc.constantFrom<1 | -1>(1, -1);
    const after = fc.constantFrom<'before' | 'after'>('before', 'after');
    await property([withoutFlags, filter, update, way, after], (docs, query, change, order, returnDocument) =>
      sides.compare(docs, [], async (collection) => {
        const options = { sort: { _id: order }, returnDocument } as const;
        const result = await collection
          .findOneAndUpdate(query, change as mongo.UpdateFilter<Doc>, options)
          .catch(refusal);
        return [unordered(result), await stored(collection)];
      }),
    );
  });

  const item = fc.oneof(number, fc.dictionary(field, number, { maxKeys: 2, noNullPrototype: true }));
  const withLists = fc
    .array(fc.array(item, { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((lists) => lists.map((list, at): Doc => ({ _id: new Int32(at), list })));
  const bound = fc
    .tuple(fc.constantFrom('$gte', '$lt', '$eq', '$ne'), number)
    .map(([operator, limit]) => ({ [operator]: limit }));
  const assigned = fc.oneof(
    value.map((made): [string, unknown] => ['$set', made]),
    number.map((made): [string, unknown] => ['$min', made]),
  );

  test('for the elements that array filters name', async () => {
    await property(
      [withLists, fc.constantFrom('', '.a', '.b'), bound, assigned],
      (docs, rest, condition, [operator, made]) =>
        sides.compare(docs, [], async (collection) => {
          const result = await collection
            .updateMany({}, { [operator]: { [`list.$[one]${rest}`]: made } } as mongo.UpdateFilter<Doc>, {
              arrayFilters: [{ [`one${rest}`]: condition }],
            })
            .catch(refusal);
          return [result === 'refused' ? result : [result, await stored(collection)]];
        }),
    );
  });

  test('for the element that the filter found', async () => {
    // whether $ne has found an element is where the reference server is odd
    const positive = bound.filter((condition) => !('$ne' in condition));
    const query = fc.oneof(
      positive.map((condition) => ({ list: condition })),
      positive.map((condition) => ({ list: { $elemMatch: condition } })),
      fc.tuple(field, positive).map(([name, condition]) => ({ [`list.${name}`]: condition })),
      fc.tuple(field, positive).map(([name, condition]) => ({ list: { $elemMatch: { [name]: condition } } })),
    );
    await property([withLists, query, assigned], (docs, where, [operator, made]) =>
      sides.compare(docs, [], async (collection) => {
        const result = await collection
          .updateMany(
            where as mongo.Filter<Doc>,
            { [operator]: { 'list.$': made } } as mongo.UpdateFilter<Doc>,
          )
          .catch(refusal);
        return [result, await stored(collection)];
      }),
    );
  });

  test('for updates by pipeline', async () => {
    await property([documents, filter, computed], (docs, query, fields) =>
      sides.compare(docs, [], async (collection) => {
        const result = await collection.updateMany(query, [{ $set: fields }]).catch(refusal);
        return [result === 'refused' ? result : [result, await stored(collection)]];
      }),
    );
  });

  test('for updates and deletions of many, and distinct values', async () => {
    await property([withoutFlags, filter, field, number, named], (docs, query, name, amount, at) =>
      sides.compare(docs, [], async (collection) => [
        texts(await collection.distinct(at, query)),
        await collection.updateMany(query, { $set: { [name]: amount } }).catch(refusal),
        await collection.deleteMany(query),
        await stored(collection),
      ]),
    );
  });

  test('for mixed writes against a unique index, ordered and unordered', async () => {
    const key = fc.integer({ min: 0, max: 3 }).map((at) => new Int32(at));
    const one = fc.oneof(
      fc.tuple(key, key).map(([_id, a]) => ({ insertOne: { document: { _id, a } } })),
      fc
        .tuple(key, key)
        .map(([_id, a]) => ({ updateOne: { filter: { _id }, update: { $set: { a } }, upsert: true } })),
      fc.tuple(key, key).map(([_id, a]) => ({ replaceOne: { filter: { _id }, replacement: { a, b: a } } })),
      key.map((_id) => ({ deleteOne: { filter: { _id } } })),
    );
    await property([fc.array(one, { minLength: 1, maxLength: 6 }), fc.boolean()], (writes, ordered) =>
      sides.compare([{ _id: new Int32(0), a: new Int32(0) }], [], async (collection) => {
        // in an unordered bulk the reference server looks for clashes only at the end
        if (ordered) await collection.createIndex({ a: 1 }, { unique: true });
        const result = await collection
          .bulkWrite(writes as mongo.AnyBulkWriteOperation<Doc>[], { ordered })
          .catch((error: unknown) => error);
        return [shape(result), await stored(collection)];
      }),
    );
  });

  /** What a bulk write reports: counts, and each failure's place and code. */
  function shape(result: unknown): unknown {
    const counted = result instanceof MongoBulkWriteError ? result.result : result;
    if (typeof counted !== 'object' || counted === null || !('getWriteErrors' in counted)) throw result;
    const bulk = counted as mongo.BulkWriteResult;
    const { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedIds } = bulk;
    const failures = bulk.getWriteErrors().map(({ index, code }) => ({ index, code }));
    return { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedIds, failures };
  }
});
