/** Figures about collections and databases, and whether indexes and documents agree. */
import { CommandError } from '../errors.js';
import { after, type Collection, namespaceOf, recordPrefix } from '../storage/catalog.js';
import type { Doc } from '../values.js';
import { type Call, collectionName, collectionOf, type Engine } from './call.js';
import { listedIndexes } from './indexes.js';

function stats(engine: Engine, collection: Collection): { count: number; size: number; indexes: number } {
  const start = recordPrefix(collection);
  const sample = engine.store.entries(start, after(start), { limit: 1000 });
  const count = engine.store.count(start, after(start));
  const bytes = sample.reduce((sum, { value }) => sum + value.length, 0);
  return {
    count,
    size: sample.length > 0 ? Math.round((bytes / sample.length) * count) : 0,
    indexes: collection.indexes.length + 1,
  };
}

export function collStats(call: Call): Doc {
  const collection = collectionOf(call);
  const { count, size, indexes } = collection
    ? stats(call.engine, collection)
    : { count: 0, size: 0, indexes: 0 };
  return {
    ns: `${call.db}.${collectionName(call)}`,
    count,
    size,
    avgObjSize: count ? Math.round(size / count) : 0,
    storageSize: size,
    nindexes: indexes,
    capped: false,
    totalIndexSize: 0,
    indexSizes: {},
    scaleFactor: 1,
  };
}

export function dbStats({ db, engine }: Call): Doc {
  const all = engine.catalog.inDatabase(db).map((collection) => stats(engine, collection));
  const total = (field: 'count' | 'size' | 'indexes') => all.reduce((sum, one) => sum + one[field], 0);
  return {
    db,
    collections: all.length,
    views: 0,
    objects: total('count'),
    avgObjSize: 0,
    dataSize: total('size'),
    storageSize: total('size'),
    indexes: total('indexes'),
    indexSize: 0,
    totalSize: total('size'),
    scaleFactor: 1,
  };
}

export function validate(call: Call): Doc {
  const collection = collectionOf(call);
  if (!collection)
    throw new CommandError(26, `Collection '${call.db}.${collectionName(call)}' does not exist to validate.`);
  const { count } = stats(call.engine, collection);
  const errors = call.engine.records.disagreements(collection);
  const keysPerIndex = Object.fromEntries(
    listedIndexes(collection).map(({ name }) => [
      name,
      call.engine.records.keyCount(collection, String(name)),
    ]),
  );
  return {
    ns: namespaceOf(collection),
    nrecords: count,
    nIndexes: collection.indexes.length + 1,
    keysPerIndex,
    valid: errors.length === 0,
    warnings: [],
    errors,
  };
}
