import { EJSON } from 'bson';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type OwnEngine, ownEngine } from './ownEngine.js';
import { pipeline } from './randomPipelines.js';
import { compoundSort, documents, filter, indexes, projection, sort, update } from './randomRequests.js';
import { openSides, property, REFERENCE, refusal, type Sides, texts, unordered } from './sides.js';

test.runIf(!REFERENCE)(
  'the comparison with a reference server is skipped: REFERENCE_URI is not set',
  () => {},
);

/** The same requests to the embedded engine and to the reference server must come to the same. */
describe.runIf(REFERENCE)('the embedded engine answers as the reference server', () => {
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

  // parallel arrays, which only MongoDB refuses in compound indexes, and empty arrays, which only MongoDB sorts below null
  const singleKeys = indexes.map((all) =>
    all.map((keys) => Object.fromEntries(Object.entries(keys).slice(0, 1))),
  );
  const withoutEmptyArrays = documents.filter((docs) => !JSON.stringify(docs).includes('[]'));

  // the reference server counts true as 1 in $inc and $mul, and infinity as changed by them
  const withoutFlags = documents.filter((docs) => !/true|false|Infinity/.test(EJSON.stringify(docs)));

  test('for filters, with and without an index', async () => {
    await property([documents, filter, singleKeys], (docs, query, keys) =>
      sides.compare(docs, keys, async (collection) => [
        await collection.find(query).sort({ _id: 1 }).toArray(),
        await collection.countDocuments(query),
      ]),
    );
  });

  test('for sorts, skips and limits', async () => {
    await property(
      [withoutEmptyArrays, sort, singleKeys, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })],
      (docs, order, keys, skip, limit) =>
        sides.compare(docs, keys, (collection) =>
          collection.find({}).sort(order).skip(skip).limit(limit).toArray(),
        ),
    );
  });

  test('for sorts by several fields', async () => {
    const withoutArrays = documents.filter((docs) => !JSON.stringify(docs).slice(1).includes('['));
    const compound = indexes.map((all) =>
      all.filter((keys) => !/\d/.test(JSON.stringify(Object.keys(keys)))),
    );
    await property([withoutArrays, filter, compoundSort, compound], (docs, query, order, keys) =>
      sides.compare(docs, keys, (collection) => collection.find(query).sort(order).toArray()),
    );
  });

  test('for projections', async () => {
    const clean = projection.filter((spec) => !collides(Object.keys(spec)));
    await property([documents, clean], (docs, spec) =>
      sides.compare(docs, [], (collection) =>
        collection.find({}, { projection: spec }).sort({ _id: 1 }).toArray(),
      ),
    );
  });

  test('for updates of one document', async () => {
    await property([withoutFlags, update, singleKeys], (docs, change, keys) =>
      sides.compare(docs, keys, async (collection) => {
        const result = await collection.updateOne({ _id: docs[0]?._id as never }, change).catch(refusal);
        return [result, unordered(await collection.find({}).sort({ _id: 1 }).toArray())];
      }),
    );
  });

  test('for pipelines', async () => {
    await property([withoutEmptyArrays, pipeline], (docs, stages) =>
      sides.compare(docs, [], async (collection) => {
        const found = await collection.aggregate(stages).toArray();
        const shown = found.map((doc) => unordered({ ...doc, joined: texts(doc.joined) }));
        // the reference server groups without regard to the order in which documents come
        return stages.at(-1)?.$group ? texts(shown.map(sortedLists)) : shown;
      }),
    );
  });
});

function collides(paths: string[]): boolean {
  return paths.some((path) => paths.some((other) => other !== path && `${other}.`.startsWith(`${path}.`)));
}

function sortedLists(doc: unknown): unknown {
  return Object.fromEntries(
    Object.entries(doc as object).map(([key, inner]) => [key, texts(inner) ?? inner]),
  );
}
