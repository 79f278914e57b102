/** Indexes: made (while writers go on), listed, changed, dropped. */
import { CommandError } from '../errors.js';
import { keyText } from '../query/keys.js';
import {
  after,
  type Collection,
  ID_INDEX,
  type Index,
  indexFrom,
  indexPrefix,
  namespaceOf,
  recordPrefix,
} from '../storage/catalog.js';
import { asNumber, type Doc, decode, isDoc } from '../values.js';
import { type Call, type Command, collectionName, collectionOf, type Engine } from './call.js';
import { clearLater, listed } from './collections.js';
import { isNew, specOf } from './indexSpecs.js';

const PER_COMMIT = 500;

async function createIndexes(call: Call): Promise<Doc> {
  const { command, db, engine } = call;
  const name = collectionName(call);
  if (!Array.isArray(command.indexes))
    throw new CommandError(40414, "BSON field 'createIndexes.indexes' is missing but a required field");
  if (command.indexes.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const specs = command.indexes.map(specOf);
  const created = engine.catalog.get(db, name) === undefined;
  const wanted = await engine.store.write(() => {
    const collection = engine.catalog.ensure(db, name);
    const before = collection.indexes.length + 1;
    const indexes: Index[] = [];
    for (const spec of specs)
      if (isNew([...collection.indexes, ...indexes], spec))
        indexes.push({ ...indexFrom(engine.catalog.freshId(), spec), building: true });
    collection.indexes.push(...indexes);
    if (indexes.length > 0) engine.catalog.save(collection);
    return { before, ids: indexes.map(({ id }) => id) };
  });
  await build(engine, db, name, wanted.ids);
  const after = (engine.catalog.get(db, name)?.indexes.length ?? 0) + 1;
  const note = after === wanted.before ? { note: 'all indexes already exist' } : {};
  return {
    numIndexesBefore: wanted.before,
    numIndexesAfter: after,
    createdCollectionAutomatically: created,
    ...note,
  };
}

/** Enters the documents that are there into new indexes, some per commit, while writers keep what they write. */
async function build(engine: Engine, db: string, name: string, ids: number[]): Promise<void> {
  const current = (): { collection: Collection; indexes: Index[] } | undefined => {
    const collection = engine.catalog.get(db, name);
    return collection && { collection, indexes: collection.indexes.filter(({ id }) => ids.includes(id)) };
  };
  const first = current();
  if (ids.length === 0 || !first) return;
  const prefix = recordPrefix(first.collection);
  let start = prefix;
  try {
    for (let more = true; more; ) {
      more = await engine.store.write(() => {
        const state = current();
        if (!state) return false;
        const entries = engine.store.entries(start, after(prefix), { limit: PER_COMMIT });
        for (const { value } of entries) {
          const doc = decode(value);
          for (const index of state.indexes) engine.records.enter(state.collection, index, doc);
        }
        const last = entries.at(-1);
        if (last) start = Buffer.concat([last.key, Buffer.of(0)]);
        if (entries.length === PER_COMMIT) return true;
        for (const index of state.indexes) index.building = false;
        engine.catalog.save(state.collection);
        return false;
      });
    }
  } catch (error) {
    await removeIndexes(engine, db, name, ids);
    throw error;
  }
}

async function removeIndexes(engine: Engine, db: string, name: string, ids: number[]): Promise<void> {
  const collection = engine.catalog.get(db, name);
  if (!collection) return;
  const gone = collection.indexes.filter(({ id }) => ids.includes(id));
  await engine.store.write(() => {
    const now = engine.catalog.get(db, name);
    if (!now) return;
    now.indexes = now.indexes.filter(({ id }) => !ids.includes(id));
    engine.catalog.save(now);
  });
  clearLater(engine, gone.map(indexPrefix));
}

async function dropIndexes(call: Call): Promise<Doc> {
  const { command, db, engine } = call;
  const collection = collectionOf(call);
  if (!collection) throw new CommandError(26, `ns not found ${db}.${collectionName(call)}`);
  const nIndexesWas = collection.indexes.length + 1;
  const gone =
    command.index === '*'
      ? collection.indexes
      : (Array.isArray(command.index) ? command.index : [command.index]).flatMap((wanted) =>
          matching(collection, wanted),
        );
  await removeIndexes(
    engine,
    db,
    collection.name,
    gone.map(({ id }) => id),
  );
  return { nIndexesWas };
}

function matching(collection: Collection, wanted: unknown): Index[] {
  if (wanted === '_id_' || (isDoc(wanted) && keyText(wanted) === keyText({ _id: 1 })))
    throw new CommandError(72, 'cannot drop _id index');
  if (typeof wanted === 'string') {
    const found = collection.indexes.filter(({ name }) => name === wanted);
    if (found.length === 0) throw new CommandError(27, `index not found with name [${wanted}]`);
    return found;
  }
  if (!isDoc(wanted))
    throw new CommandError(
      14,
      "BSON field 'dropIndexes.index' is the wrong type, expected types '[string, object]'",
    );
  const found = collection.indexes.filter(({ spec }) => keyText(spec.key) === keyText(wanted));
  if (found.length === 0) throw new CommandError(27, `can't find index with key: ${JSON.stringify(wanted)}`);
  return found;
}

/** All index specifications of a collection, as listIndexes answers. */
export function listedIndexes(collection: Collection): Doc[] {
  return [ID_INDEX, ...collection.indexes.filter(({ building }) => !building).map(({ spec }) => spec)];
}

function listIndexes(call: Call): Promise<Uint8Array> {
  const collection = collectionOf(call);
  if (!collection) throw new CommandError(26, `ns does not exist: ${call.db}.${collectionName(call)}`);
  return listed(call, namespaceOf(collection), listedIndexes(collection));
}

async function collMod(call: Call): Promise<Doc> {
  const { command, engine } = call;
  const collection = collectionOf(call);
  if (!collection) throw new CommandError(26, 'ns does not exist');
  const { index } = command;
  if (!isDoc(index)) return {};
  const [found] = matching(collection, index.name ?? index.keyPattern);
  const seconds = asNumber(index.expireAfterSeconds);
  if (!found || seconds === undefined)
    throw new CommandError(72, 'only expireAfterSeconds of an index can be changed');
  const expireAfterSeconds_old = found.expireAfterSeconds;
  await engine.store.write(() => {
    found.spec = { ...found.spec, expireAfterSeconds: seconds };
    found.expireAfterSeconds = seconds;
    engine.catalog.save(collection);
  });
  return {
    ...(expireAfterSeconds_old === undefined ? {} : { expireAfterSeconds_old }),
    expireAfterSeconds_new: seconds,
  };
}

export const INDEX_COMMANDS: Record<string, Command> = {
  createIndexes: { fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'], run: createIndexes },
  dropIndexes: { fields: ['index'], run: dropIndexes },
  deleteIndexes: { fields: ['index'], run: dropIndexes },
  listIndexes: { fields: ['cursor'], run: listIndexes },
  collMod: { fields: ['index'], run: collMod },
};
