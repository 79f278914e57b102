import { EJSON } from 'bson';
import fc from 'fast-check';
import type { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnEngine, ownEngine } from './ownEngine.js';
import { pipeline } from './randomPipelines.js';
import {
  compoundSort,
  type Doc,
  documents,
  filter,
  indexes,
  projection,
  sort,
  update,
} from './randomRequests.js';
import { openSides, outcome, type Sides } from './sides.js';

const REFERENCE = process.env.REFERENCE_URI;
/** Fixed, so that a run can be repeated; another one explores. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_121);
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 60);

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

  /** Fills both sides with the same documents and compares what a request comes to on each. */
  async function compare(
    docs: Doc[],
    keys: Record<string, 1 | -1>[],
    request: (collection: mongo.Collection<Doc>) => Promise<unknown>,
  ) {
    const [embedded, reference] = await Promise.all(
      [sides.embedded, sides.reference].map(async (collection) => {
        await collection.deleteMany({});
        await collection.dropIndexes().catch(() => {});
        for (const key of keys) await collection.createIndex(key);
        await collection.insertMany(docs);
        return outcome(() => request(collection));
      }),
    );
    expect(embedded).toEqual(reference);
  }

  function property<T extends [unknown, ...unknown[]]>(
    arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
    check: (...values: T) => Promise<void>,
  ) {
    const all = fc.tuple(...arbitraries) as unknown as fc.Arbitrary<T>;
    return fc.assert(
      fc.asyncProperty(all, (values) => check(...values)),
      { numRuns: RUNS, seed: SEED },
    );
  }

  // parallel arrays, which only MongoDB refuses in compound indexes, and empty arrays, which only MongoDB sorts below null
  const singleKeys = indexes.map((all) =>
    all.map((keys) => Object.fromEntries(Object.entries(keys).slice(0, 1))),
  );
  const withoutEmptyArrays = documents.filter((docs) => !JSON.stringify(docs).includes('[]'));

  // the reference server counts true as 1 in $inc and $mul
  const withoutFlags = documents.filter((docs) => !/true|false/.test(JSON.stringify(docs)));

  test('for filters, with and without an index', async () => {
    await property([documents, filter, singleKeys], (docs, query, keys) =>
      compare(docs, keys, async (collection) => [
        await collection.find(query).sort({ _id: 1 }).toArray(),
        await collection.countDocuments(query),
      ]),
    );
  });

  test('for sorts, skips and limits', async () => {
    await property(
      [withoutEmptyArrays, sort, singleKeys, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })],
      (docs, order, keys, skip, limit) =>
        compare(docs, keys, (collection) =>
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
      compare(docs, keys, (collection) => collection.find(query).sort(order).toArray()),
    );
  });

  test('for projections', async () => {
    const clean = projection.filter((spec) => !collides(Object.keys(spec)));
    await property([documents, clean], (docs, spec) =>
      compare(docs, [], (collection) => collection.find({}, { projection: spec }).sort({ _id: 1 }).toArray()),
    );
  });

  test('for updates of one document', async () => {
    await property([withoutFlags, update, singleKeys], (docs, change, keys) =>
      compare(docs, keys, async (collection) => {
        const result = await collection.updateOne({ _id: docs[0]?._id as never }, change).catch(refusal);
        return [result, unordered(await collection.find({}).sort({ _id: 1 }).toArray())];
      }),
    );
  });

  test('for pipelines', async () => {
    await property([withoutEmptyArrays, pipeline], (docs, stages) =>
      compare(docs, [], async (collection) => {
        const found = await collection.aggregate(stages).toArray();
        const shown = found.map((doc) => unordered(relaxed({ ...doc, joined: texts(doc.joined) })));
        // the reference server groups without regard to the order in which documents come
        return stages.at(-1)?.$group ? texts(shown.map(sortedLists)) : shown;
      }),
    );
  });
});

function collides(paths: string[]): boolean {
  return paths.some((path) => paths.some((other) => other !== path && `${other}.`.startsWith(`${path}.`)));
}

/** An update's refusal without its code: which of two mistakes is found first is left open. */
function refusal(error: unknown): string {
  if (error instanceof Error && 'code' in error) return 'refused';
  throw error;
}

function texts(list: unknown): string[] | undefined {
  return Array.isArray(list) ? list.map((item) => EJSON.stringify(unordered(item))).sort() : undefined;
}

function sortedLists(doc: unknown): unknown {
  return Object.fromEntries(Object.entries(doc as Doc).map(([key, inner]) => [key, texts(inner) ?? inner]));
}

/** Numbers without their BSON type: what an expression computes may be an int here and a double there. */
function relaxed(doc: Doc): unknown {
  return JSON.parse(EJSON.stringify(doc, { relaxed: true }));
}

/** The same with fields in the order of their names: servers differ in where a new field goes. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered);
  if (typeof value !== 'object' || value === null || value instanceof Date || '_bsontype' in value)
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, unordered(inner)]),
  );
}
