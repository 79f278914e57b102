/** Single documents found, replaced, inserted and removed: what the writing commands have in common. */
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import type { Query } from '../query/reading.js';
import type { Collection } from '../storage/catalog.js';
import { recordKeyOf } from '../storage/records.js';
import type { Update } from '../update/compile.js';
import { type Doc, decode, encode, isDoc, isRegExp } from '../values.js';
import type { Call, Engine } from './call.js';

/** The refusal of an _id that MongoDB does not take. */
export function refuseId(id: unknown): CommandError | undefined {
  if (Array.isArray(id)) return new CommandError(53, "The '_id' value cannot be of type array");
  if (isRegExp(id)) return new CommandError(53, "The '_id' value cannot be of type regex");
  if (isDoc(id) && Object.keys(id).some((key) => key.startsWith('$'))) {
    return new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${Object.keys(id)[0]} is not valid for storage.`,
    );
  }
  return undefined;
}

/** Inside a write: the first document a query finds. */
export function findOne({ engine, db }: Call, name: string, query: Query): Doc | undefined {
  const collection = engine.catalog.get(db, name);
  if (!collection) return undefined;
  for (const [found] of engine.reader.findNow(collection, query)) if (found) return decode(found.bytes);
  return undefined;
}

/** Inside a write: puts a document's successor in its place; whether that changed anything. */
export function replace({ engine, db }: Call, name: string, doc: Doc, change: Update): Doc | undefined {
  const { next, always } = change.apply(doc);
  if (!always && Buffer.compare(encode(doc), encode(next)) === 0) return undefined;
  engine.records.replace(engine.catalog.ensure(db, name), doc, next);
  return next;
}

/** Inside a write: inserts what an upsert makes. */
export function upsertNow({ engine, db }: Call, name: string, change: Update): Doc {
  const made = change.insert();
  const refusal = refuseId(made._id);
  if (refusal) throw refusal;
  engine.records.insert(engine.catalog.ensure(db, name), made, encode(made));
  return made;
}

/** Inside a write. */
export function removeNow({ engine, db }: Call, name: string, doc: Doc): void {
  engine.records.remove(engine.catalog.ensure(db, name), doc);
}

const PER_COMMIT = 200;

/**
 * Acts on every document a query finds, a few hundred per commit; each is read again inside its commit. Ends early
 * where the collection is dropped or renamed meanwhile.
 */
export async function eachMatch(
  engine: Engine,
  collection: Collection | undefined,
  query: Query,
  act: (doc: Doc, current: Collection) => void,
): Promise<void> {
  if (!collection) return;
  const keys: Buffer[] = [];
  for await (const chunk of engine.reader.find(collection, query)) {
    for (const { doc } of chunk) keys.push(recordKeyOf(doc()._id));
  }
  const test = compileFilter(query.filter, query.evaluate);
  for (let at = 0; at < keys.length; at += PER_COMMIT) {
    await engine.store.write(() => {
      const current = engine.catalog.get(collection.db, collection.name);
      if (current?.id !== collection.id) return;
      for (const key of keys.slice(at, at + PER_COMMIT)) {
        const bytes = engine.records.read(current, key);
        const doc = bytes && decode(bytes);
        if (doc && test(doc)) act(doc, current);
      }
    });
  }
}
