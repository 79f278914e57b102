/** The same request to the embedded engine and to the reference server, and what both made of it. */
import { EJSON } from 'bson';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { expect } from 'vitest';
import type { Doc } from './randomRequests.js';

export const REFERENCE = process.env.REFERENCE_URI;
/** Fixed, so that a run can be repeated; another one explores. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_121);
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 60);

export interface Sides {
  /** Fills both sides with the same documents and compares what a request comes to on each. */
  compare: (
    docs: Doc[],
    keys: Record<string, 1 | -1>[],
    request: (collection: mongo.Collection<Doc>) => Promise<unknown>,
  ) => Promise<void>;
  close: () => Promise<void>;
}

/** Checks something for random values. */
export function property<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => Promise<void>,
): Promise<void> {
  const all = fc.tuple(...arbitraries) as unknown as fc.Arbitrary<T>;
  return fc.assert(
    fc.asyncProperty(all, (values) => check(...values)),
    { numRuns: RUNS, seed: SEED },
  );
}

/** Connects to both; every test run has a database of its own. */
export async function openSides(embeddedUri: string, referenceUri: string): Promise<Sides> {
  const name = `differential-${process.pid}-${Date.now()}`;
  const clients = await Promise.all(
    [embeddedUri, referenceUri].map((uri) => new mongo.MongoClient(uri).connect()),
  );
  const compare: Sides['compare'] = async (docs, keys, request) => {
    const [embedded, reference] = await Promise.all(
      clients.map(async (client) => {
        const collection = client.db(name).collection<Doc>('docs', { promoteValues: false });
        await collection.deleteMany({});
        await collection.dropIndexes().catch(() => {});
        for (const key of keys) await collection.createIndex(key);
        await collection.insertMany(docs);
        return outcome(() => request(collection));
      }),
    );
    expect(embedded).toEqual(reference);
  };
  const close = async () => {
    for (const client of clients) {
      await client.db(name).dropDatabase();
      await client.close();
    }
  };
  return { compare, close };
}

/** What a request came to, as text: its result with every BSON type shown, or the error's code. */
async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return EJSON.stringify(await run(), { relaxed: false }, 1);
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return `error ${error.code}`;
    throw error;
  }
}

/** An update's refusal without its code: which of two mistakes is found first is left open. */
export function refusal(error: unknown): string {
  if (error instanceof Error && 'code' in error) return 'refused';
  throw error;
}

/** The same with fields in the order of their names: servers differ in where a new field goes. */
export function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered);
  if (typeof value !== 'object' || value === null || value instanceof Date || '_bsontype' in value)
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, unordered(inner)]),
  );
}

/** A list as texts without its order. */
export function texts(list: unknown): string[] | undefined {
  return Array.isArray(list) ? list.map((item) => EJSON.stringify(unordered(item))).sort() : undefined;
}
