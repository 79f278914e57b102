/** Indexes: made (while writers go on), listed, changed, dropped. */
import { CommandError } from '../errors.js';
import { keyText } from '../query/keys.js';
import { compileFilter } from '../query/matcher.js';
import {
  after,
  type Collection,
  type Index,
  indexFrom,
  indexPrefix,
  namespaceOf,
  recordPrefix,
} from '../storage/catalog.js';
import { asNumber, type Doc, decodeTyped, isDoc, isTruthy } from '../values.js';
import {
  type Call,
  type Command,
  collectionName,
  collectionOf,
  type Engine,
  refuseCollation,
} from './call.js';
import { clearLater, listed } from './collections.js';

const OPTIONS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
  'collation',
  'hidden',
  'comment',
]);
const PER_COMMIT = 500;

/** A specification in the form listIndexes shows. @throws CommandError 67, 197, 9 … */
function specOf(given: unknown): Doc {
  if (!isDoc(given) || !isDoc(given.key))
    throw new CommandError(9, "The 'key' field is a required property of an index specification");
  const { key, name, unique, sparse, partialFilterExpression, expireAfterSeconds, collation } = given;
  const unknown = Object.keys(given).find((option) => !OPTIONS.has(option));
  if (unknown)
    throw new CommandError(
      197,
      `The field '${unknown}' is not valid for an index specification. Specification: ${JSON.stringify(given)}`,
    );
  refuseCollation(collation);
  if (isTruthy(given.hidden))
    throw new CommandError(
      115,
      'Hidden indexes are not supported by the embedded engine; use a MongoDB server',
    );
  checkKey(key);
  if (typeof name !== 'string' || name === '')
    throw new CommandError(name === undefined ? 9 : 67, 'The index name is a required, non-empty string');
  const seconds = asNumber(expireAfterSeconds);
  if (expireAfterSeconds !== undefined) checkExpiry(key, seconds);
  if (partialFilterExpression !== undefined) {
    if (!isDoc(partialFilterExpression))
      throw new CommandError(14, "'partialFilterExpression' must be an object");
    if (isTruthy(sparse))
      throw new CommandError(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
    checkPartial(partialFilterExpression);
  }
  return {
    v: 2,
    key,
    name,
    ...(isTruthy(unique) ? { unique: true } : {}),
    ...(isTruthy(sparse) ? { sparse: true } : {}),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(seconds === undefined ? {} : { expireAfterSeconds: seconds }),
  };
}

function checkKey(key: Doc): void {
  const fields = Object.entries(key);
  if (fields.length === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  if (fields.length > 32) throw new CommandError(67, 'Index key pattern too large');
  for (const [path, way] of fields) {
    if (typeof way === 'string') {
      throw new CommandError(
        67,
        way === ''
          ? `Values in v:2 index key pattern cannot be of type string. Only numbers > 0, numbers < 0, and strings are allowed.`
          : `Unknown index plugin '${way}': the embedded engine keeps plain indexes only; use a MongoDB server`,
      );
    }
    const direction = asNumber(way);
    if (direction === undefined)
      throw new CommandError(67, 'Values in v:2 index key pattern can only be numbers or strings');
    if (direction === 0 || Number.isNaN(direction))
      throw new CommandError(67, 'Values in the index key pattern cannot be 0.');
    if (path === '') throw new CommandError(67, 'Index keys cannot be an empty field.');
    if (path.startsWith('$') || path.includes('.$') || path.includes('$**'))
      throw new CommandError(67, `Index key contains an illegal field name: field name starts with '$'.`);
    if (path.split('.').includes('')) throw new CommandError(67, 'Index keys cannot contain an empty field.');
  }
}

function checkExpiry(key: Doc, seconds: number | undefined): void {
  if (seconds === undefined)
    throw new CommandError(14, "TTL index 'expireAfterSeconds' option must be numeric");
  if (seconds < 0 || seconds > 2147483647)
    throw new CommandError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number. Index spec`,
    );
  const fields = Object.keys(key);
  if (fields.length > 1)
    throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  if (fields[0] === '_id')
    throw new CommandError(197, "The field 'expireAfterSeconds' is not valid for an _id index specification");
}

const IN_PARTIAL = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in', '$and', '$or']);

function checkPartial(expression: Doc): void {
  compileFilter(expression);
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isDoc(value) || '_bsontype' in value) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('$') && !IN_PARTIAL.has(key))
        throw new CommandError(67, `Expression not supported in partial index: ${key}`);
      if (key === '$exists' && !isTruthy(inner))
        throw new CommandError(67, 'Expression not supported in partial index: $not $exists');
      visit(inner);
    }
  };
  visit(expression);
}

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
    const fresh = specs.filter((spec, at) => isNew(collection, spec) && isNewAmong(specs.slice(0, at), spec));
    const indexes = fresh.map((spec) => ({ ...indexFrom(engine.catalog.freshId(), spec), building: true }));
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

function isNewAmong(others: Doc[], spec: Doc): boolean {
  return !others.some((other) => keyText(other) === keyText(spec));
}

/** Whether the index is not there yet. @throws CommandError 85, 86 where one like it is. */
function isNew(collection: Collection, spec: Doc): boolean {
  const key = keyText(spec.key);
  if (key === keyText({ _id: 1 })) return false;
  const named = collection.indexes.find(({ name }) => name === spec.name);
  if (spec.name === '_id_')
    throw new CommandError(
      67,
      "The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}",
    );
  if (named) {
    if (keyText(comparable(named.spec)) === keyText(comparable(spec))) return false;
    if (keyText(named.spec.key) === key && keyText(identity(named.spec)) === keyText(identity(spec))) {
      throw new CommandError(
        85,
        `An equivalent index already exists with the same name but different options. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(named.spec)}`,
      );
    }
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(named.spec)}`,
    );
  }
  const same = collection.indexes.find((index) => keyText(identity(index.spec)) === keyText(identity(spec)));
  if (same) throw new CommandError(85, `Index already exists with a different name: ${same.name}`);
  return true;
}

/** The parts of a specification that make it another index. */
function identity({ key, unique, sparse, partialFilterExpression }: Doc): Doc {
  return { key, unique: unique ?? false, sparse: sparse ?? false, partial: partialFilterExpression ?? null };
}

function comparable(spec: Doc): Doc {
  return { ...identity(spec), expireAfterSeconds: spec.expireAfterSeconds ?? null };
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
          const doc = decodeTyped(value);
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
  return [
    { v: 2, key: { _id: 1 }, name: '_id_' },
    ...collection.indexes.filter(({ building }) => !building).map(({ spec }) => spec),
  ];
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
