/** Collections and databases: made, listed, renamed, dropped, described. */
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import {
  after,
  type Collection,
  ID_INDEX,
  indexPrefix,
  namespaceOf,
  recordPrefix,
} from '../storage/catalog.js';
import { asNumber, type Doc, encode, isDoc, isTruthy } from '../values.js';
import { type Call, type Command, collectionName, collectionOf, docField, type Engine } from './call.js';
import { collStats, dbStats, statsOf, validate } from './statistics.js';

async function create(call: Call): Promise<Doc> {
  const { db, engine } = call;
  const name = collectionName(call);
  for (const option of [
    'capped',
    'timeseries',
    'viewOn',
    'validator',
    'clusteredIndex',
    'expireAfterSeconds',
    'encryptedFields',
    'changeStreamPreAndPostImages',
  ]) {
    if (isTruthy(call.command[option])) throw notSupported(`create with ${option}`);
  }
  await engine.store.write(() => {
    engine.catalog.ensure(db, name);
  });
  return {};
}

async function drop(call: Call): Promise<Doc> {
  const collection = collectionOf(call);
  if (!collection) return {};
  await dropNow(call.engine, collection.db, collection.name);
  return { nIndexesWas: collection.indexes.length + 1, ns: namespaceOf(collection) };
}

async function dropDatabase({ engine, db }: Call): Promise<Doc> {
  const collections = engine.catalog.inDatabase(db);
  if (collections.length === 0) return {};
  await engine.store.write(() => {
    for (const collection of engine.catalog.inDatabase(db)) engine.catalog.forget(collection);
  });
  clearLater(engine, collections.flatMap(rangesOf));
  return { dropped: db };
}

/** Forgets a collection at once; its bytes are removed afterwards, a little at a time. */
export async function dropNow(engine: Engine, db: string, name: string): Promise<void> {
  const collection = engine.catalog.get(db, name);
  if (!collection) return;
  await engine.store.write(() => {
    const current = engine.catalog.get(db, name);
    if (current) engine.catalog.forget(current);
  });
  clearLater(engine, rangesOf(collection));
}

function rangesOf(collection: Collection): Buffer[] {
  return [recordPrefix(collection), ...collection.indexes.map(indexPrefix)];
}

const PER_COMMIT = 2000;

/** Removes all keys with the given beginnings in the background; what a kill leaves over, the next start removes. */
export function clearLater(engine: Engine, prefixes: Buffer[]): void {
  const clear = async () => {
    for (const prefix of prefixes) {
      for (;;) {
        const removed = await engine.store.write(() => {
          const keys = engine.store.keys(prefix, after(prefix), { limit: PER_COMMIT });
          for (const key of keys) engine.store.remove(key);
          return keys.length;
        });
        if (removed < PER_COMMIT) break;
      }
    }
  };
  clear().catch(() => {});
}

interface Namespace {
  db: string;
  name: string;
}

/** Gives a collection another name in one commit. @throws CommandError 26, 48, 73. */
export async function renameNow(
  engine: Engine,
  from: Namespace,
  to: Namespace,
  dropTarget: boolean,
): Promise<void> {
  const replaced = engine.catalog.get(to.db, to.name);
  await engine.store.write(() => {
    const source = engine.catalog.get(from.db, from.name);
    const target = engine.catalog.get(to.db, to.name);
    if (!source) throw new CommandError(26, `Source collection ${namespaceOf(from)} does not exist`);
    if (namespaceOf(from) === namespaceOf(to))
      throw new CommandError(20, `Can't rename a collection to itself`);
    if (target && !dropTarget) throw new CommandError(48, 'target namespace exists');
    if (target) engine.catalog.forget(target);
    engine.catalog.forget(source);
    engine.catalog.rename(source, to.db, to.name);
  });
  if (replaced) clearLater(engine, rangesOf(replaced));
}

async function renameCollection(call: Call): Promise<Doc> {
  const { command, engine } = call;
  const [from, to] = [command.renameCollection, command.to].map((name) => {
    const at = typeof name === 'string' ? name.indexOf('.') : -1;
    if (typeof name !== 'string' || at < 1)
      throw new CommandError(73, `Invalid namespace specified '${String(name)}'`);
    return { db: name.slice(0, at), name: name.slice(at + 1) };
  });
  if (from && to) await renameNow(engine, from, to, isTruthy(command.dropTarget));
  return {};
}

function listCollections(call: Call): Promise<Uint8Array> {
  const { command, db, engine } = call;
  const test = compileFilter(docField(call, 'filter'));
  const found = engine.catalog.inDatabase(db).map((collection) => {
    const brief = { name: collection.name, type: 'collection' };
    const whole = {
      ...brief,
      options: collection.options,
      info: { readOnly: false, uuid: collection.uuid },
      idIndex: ID_INDEX,
    };
    return { brief, whole };
  });
  const shown = found
    .filter(({ whole }) => test(whole))
    .map(({ brief, whole }) => (isTruthy(command.nameOnly) ? brief : whole));
  return listed(call, `${db}.$cmd.listCollections`, shown);
}

/** A list as the first batch of a cursor. */
export function listed({ command, engine }: Call, namespace: string, docs: Doc[]): Promise<Uint8Array> {
  const batchSize = isDoc(command.cursor) ? asNumber(command.cursor.batchSize) : undefined;
  const source = (async function* () {
    yield docs.map(encode);
  })();
  return engine.cursors.open(source, { namespace, batchSize: batchSize ?? Number.POSITIVE_INFINITY });
}

function listDatabases(call: Call): Doc {
  const { command, engine } = call;
  const names = [...new Set(engine.catalog.all().map(({ db }) => db))].sort();
  const test = compileFilter(docField(call, 'filter'));
  if (isTruthy(command.nameOnly)) return { databases: names.map((name) => ({ name })).filter(test) };
  const sizeOf = (name: string) =>
    engine.catalog.inDatabase(name).reduce((sum, one) => sum + statsOf(engine, one).totalSize, 0);
  const databases = names.map((name) => ({ name, sizeOnDisk: sizeOf(name), empty: false })).filter(test);
  const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) };
}

export const COLLECTION_COMMANDS: Record<string, Command> = {
  create: {
    fields: [
      'capped',
      'size',
      'max',
      'timeseries',
      'viewOn',
      'pipeline',
      'validator',
      'validationLevel',
      'validationAction',
      'clusteredIndex',
      'expireAfterSeconds',
      'encryptedFields',
      'changeStreamPreAndPostImages',
      'storageEngine',
      'indexOptionDefaults',
      'autoIndexId',
      'idIndex',
      'collation',
    ],
    run: create,
  },
  drop: { fields: [], run: drop },
  dropDatabase: { fields: [], run: dropDatabase },
  renameCollection: { fields: ['to', 'dropTarget'], run: renameCollection },
  listCollections: {
    fields: ['filter', 'nameOnly', 'cursor', 'authorizedCollections'],
    run: listCollections,
  },
  listDatabases: { fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases },
  collStats: { run: collStats },
  collstats: { run: collStats },
  dbStats: { run: dbStats },
  dbstats: { run: dbStats },
  validate: { run: validate },
};
