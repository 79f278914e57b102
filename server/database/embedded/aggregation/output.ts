/** The two stages that write: $out replaces a collection, $merge changes one document by document. */

import { ObjectId } from 'bson';
import type { Call } from '../commands/call.js';
import { dropNow, renameNow } from '../commands/collections.js';
import { CommandError, notSupported } from '../errors.js';
import { runPipeline } from '../update/pipelineUpdate.js';
import { type Doc, decode, encode, isDoc } from '../values.js';
import type { Docs } from './pipeline.js';

/** Writes a pipeline's documents as its last stage says. */
export async function output(call: Call, stage: Doc, docs: Docs): Promise<void> {
  if ('$out' in stage) await out(call, stage.$out, docs);
  else await merge(call, stage.$merge, docs);
}

async function out(call: Call, spec: unknown, docs: Docs): Promise<void> {
  const { engine } = call;
  const name = isDoc(spec) ? spec.coll : spec;
  const db = isDoc(spec) && typeof spec.db === 'string' ? spec.db : call.db;
  if (typeof name !== 'string')
    throw new CommandError(16990, '$out only supports a string or object argument');
  const staging = `tmp.agg_out.${new ObjectId().toHexString()}`;
  try {
    await engine.store.write(() => {
      const target = engine.catalog.get(db, name);
      const made = engine.catalog.ensure(db, staging, target?.options);
      for (const index of target?.indexes ?? [])
        made.indexes.push({ ...index, id: engine.catalog.freshId(), arrays: [] });
      engine.catalog.save(made);
    });
    for await (const chunk of docs) {
      await engine.store.write(() => {
        const collection = engine.catalog.ensure(db, staging);
        for (const doc of chunk.map(withId)) engine.records.insert(collection, doc, encode(doc));
      });
    }
    await renameNow(engine, { db, name: staging }, { db, name }, true);
  } catch (error) {
    await dropNow(engine, db, staging);
    throw error;
  }
}

function withId(doc: Doc): Doc {
  return '_id' in doc ? doc : { _id: new ObjectId(), ...doc };
}

async function merge(call: Call, spec: unknown, docs: Docs): Promise<void> {
  const { engine } = call;
  const options: Doc = typeof spec === 'string' ? { into: spec } : isDoc(spec) ? spec : {};
  const { into, on = '_id', whenMatched = 'merge', whenNotMatched = 'insert' } = options;
  const name = isDoc(into) ? into.coll : into;
  const db = isDoc(into) && typeof into.db === 'string' ? into.db : call.db;
  if (typeof name !== 'string')
    throw new CommandError(51178, "$merge 'into' field must be a string or an object");
  const keys = (Array.isArray(on) ? on : [on]).map(String);
  requireUnique(call, db, name, keys);
  if (typeof whenMatched !== 'string' && !Array.isArray(whenMatched))
    throw new CommandError(51191, '$merge: whenMatched is malformed');
  const target = { ...call, db };
  for await (const chunk of docs) {
    await engine.store.write(() => {
      for (const doc of chunk) mergeOne(target, name, keys, withId(doc), whenMatched, String(whenNotMatched));
    });
  }
}

function requireUnique({ engine }: Call, db: string, name: string, keys: string[]): void {
  if (keys.length === 1 && keys[0] === '_id') return;
  const collection = engine.catalog.get(db, name);
  const unique = collection?.indexes.some(
    (index) => index.unique && !index.partial && sameNames(Object.keys(index.spec.key as Doc), keys),
  );
  if (!unique) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

function mergeOne(
  call: Call,
  name: string,
  keys: string[],
  doc: Doc,
  whenMatched: unknown,
  whenNotMatched: string,
): void {
  const { engine, db } = call;
  const collection = engine.catalog.ensure(db, name);
  const filter = Object.fromEntries(keys.map((key) => [key, { $eq: doc[key] ?? null }]));
  const query = { filter, sort: [], skip: 0, limit: 1 };
  const [found] = [...engine.reader.findNow(collection, query)].flat();
  if (!found) {
    if (whenNotMatched === 'fail')
      throw new CommandError(
        13113,
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      );
    if (whenNotMatched === 'insert') engine.records.insert(collection, doc, encode(doc));
    return;
  }
  const existing = decode(found.bytes);
  if (whenMatched === 'keepExisting') return;
  if (whenMatched === 'fail')
    throw new CommandError(
      11000,
      `$merge found a document that is there already: _id ${String(existing._id)}`,
      { keyPattern: { _id: 1 }, keyValue: { _id: existing._id } },
    );
  engine.records.replace(collection, existing, mergedWith(existing, doc, whenMatched));
}

function mergedWith(existing: Doc, doc: Doc, whenMatched: unknown): Doc {
  if (whenMatched === 'replace') return { ...doc, _id: existing._id };
  if (whenMatched === 'merge') return { ...existing, ...doc, _id: existing._id };
  if (!Array.isArray(whenMatched)) throw notSupported(`$merge with whenMatched ${String(whenMatched)}`);
  return runPipeline({ new: doc })(whenMatched as Doc[], existing);
}

function sameNames(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
