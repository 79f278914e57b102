/** The two stages that write: $out replaces a collection, $merge changes one document by document. */

import { ObjectId } from 'bson';
import { type Call, variablesOf } from '../commands/call.js';
import { dropNow, renameNow } from '../commands/collections.js';
import { findOne, replace } from '../commands/documents.js';
import { CommandError } from '../errors.js';
import { MISSING, valueAt } from '../query/paths.js';
import { compileUpdate } from '../update/compile.js';
import { runPipeline } from '../update/pipelineUpdate.js';
import { type Doc, encode, isDoc } from '../values.js';
import { evaluator, variablesIn } from './expressions.js';
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
  if (!Array.isArray(whenMatched)) requireOneOf('whenMatched', whenMatched, MATCHED);
  requireOneOf('whenNotMatched', whenNotMatched, ['insert', 'discard', 'fail']);
  const variables = variablesIn(options.let, variablesOf(call));
  const one = { call: { ...call, db }, name, keys, whenMatched, whenNotMatched, variables };
  for await (const chunk of docs) {
    await engine.store.write(() => {
      for (const doc of chunk) mergeOne(one, keys.includes('_id') ? withId(doc) : doc);
    });
  }
}

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'];

function requireOneOf(field: string, value: unknown, known: string[]): void {
  if (!known.includes(value as string))
    throw new CommandError(
      2,
      `Enumeration value '${String(value)}' for field '$merge.${field}' is not a valid value.`,
    );
}

function requireUnique({ engine }: Call, db: string, name: string, keys: string[]): void {
  if (keys.length === 1 && keys[0] === '_id') return;
  const collection = engine.catalog.get(db, name);
  const unique = collection?.indexes.some(
    (index) => index.unique && !index.partial && sameNames(Object.keys(index.spec.key as Doc), keys),
  );
  if (!unique) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

interface Merge {
  call: Call;
  name: string;
  keys: string[];
  whenMatched: unknown;
  whenNotMatched: unknown;
  variables: (doc: unknown) => Doc;
}

function mergeOne({ call, name, keys, whenMatched, whenNotMatched, variables }: Merge, doc: Doc): void {
  const { engine, db } = call;
  const filter = Object.fromEntries(keys.map((key) => [key, { $eq: keyValue(doc, key) }]));
  const found = findOne(call, name, { filter, sort: [], skip: 0, limit: 1 });
  if (!found) {
    if (whenNotMatched === 'fail')
      throw new CommandError(
        13113,
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      );
    const made = withId(doc);
    if (whenNotMatched === 'insert')
      engine.records.insert(engine.catalog.ensure(db, name), made, encode(made));
    return;
  }
  if (whenMatched === 'keepExisting') return;
  if (whenMatched === 'fail')
    throw new CommandError(11000, `$merge found a document that is there already: _id ${String(found._id)}`, {
      keyPattern: { _id: 1 },
      keyValue: { _id: found._id },
    });
  const update = whenMatched === 'merge' ? { $set: doc } : whenMatched === 'replace' ? doc : whenMatched;
  const run = runPipeline({ ...variables(doc), new: doc });
  const change = { filter, update, arrayFilters: undefined, evaluate: evaluator(), runPipeline: run };
  replace(call, name, found, compileUpdate(change));
}

function keyValue(doc: Doc, key: string): unknown {
  const found = valueAt(doc, key.split('.'));
  if (found === MISSING || found === null || Array.isArray(found))
    throw new CommandError(
      51132,
      `$merge write error: 'on' field '${key}' cannot be missing, null, undefined or an array`,
    );
  return found;
}

function sameNames(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
