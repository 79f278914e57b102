/** The same request to the embedded engine and to the reference server, and what both made of it. */
import { EJSON } from 'bson';
import { mongo } from 'mongoose';
import type { Doc } from './randomRequests.js';

export interface Sides {
  embedded: mongo.Collection<Doc>;
  reference: mongo.Collection<Doc>;
  close: () => Promise<void>;
}

/** Connects to both; every test run has a database of its own. */
export async function openSides(embeddedUri: string, referenceUri: string): Promise<Sides> {
  const name = `differential-${process.pid}-${Date.now()}`;
  const clients = await Promise.all(
    [embeddedUri, referenceUri].map((uri) => new mongo.MongoClient(uri).connect()),
  );
  const [embedded, reference] = clients.map((client) => client.db(name).collection<Doc>('docs'));
  if (!embedded || !reference) throw new Error('unreachable');
  const close = async () => {
    for (const client of clients) {
      await client.db(name).dropDatabase();
      await client.close();
    }
  };
  return { embedded, reference, close };
}

/** What a request came to, as text: its result with every BSON type shown, or the error's code. */
export async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return EJSON.stringify(await run(), { relaxed: false }, 1);
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return `error ${error.code}`;
    throw error;
  }
}
