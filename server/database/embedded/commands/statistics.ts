/** Figures about collections and databases, and whether indexes and documents agree. */
import { CommandError } from '../errors.js';
import { after, type Collection, indexPrefix, namespaceOf, recordPrefix } from '../storage/catalog.js';
import type { Entry, Store } from '../storage/store.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import { type Call, collectionName, collectionOf, countField, type Engine, refuseUnknown } from './call.js';
import { listedIndexes } from './indexes.js';

/** How many keys begin with a prefix, and about how many bytes stand there, by the first thousand. */
function measured(
  store: Store,
  prefix: Buffer,
  sizeOf: (entry: Entry) => number,
): { count: number; size: number } {
  const sample = store.entries(prefix, after(prefix), { limit: 1000 });
  const count = store.count(prefix, after(prefix));
  const bytes = sample.reduce((sum, entry) => sum + sizeOf(entry), 0);
  return { count, size: sample.length > 0 ? Math.round((bytes / sample.length) * count) : 0 };
}

/** The figures of a collection, as collStats and the stage of that name show them. */
export function statsOf(engine: Engine, collection: Collection, scale = 1) {
  const { count, size } = measured(engine.store, recordPrefix(collection), ({ value }) => value.length);
  const sizes = collection.indexes.map((index) => {
    const keys = measured(engine.store, indexPrefix(index), ({ key, value }) => key.length + value.length);
    return [index.name, Math.round(keys.size / scale)] as const;
  });
  const totalIndexSize = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const scaled = Math.round(size / scale);
  return {
    size: scaled,
    count,
    avgObjSize: count ? Math.round(size / count) : 0,
    storageSize: scaled,
    freeStorageSize: 0,
    capped: false,
    nindexes: sizes.length + 1,
    indexBuilds: collection.indexes.filter(({ building }) => building).map(({ name }) => name),
    totalIndexSize,
    // documents lie in the order of their _id: it has no index of its own
    indexSizes: { _id_: 0, ...Object.fromEntries(sizes) },
    totalSize: scaled + totalIndexSize,
    scaleFactor: scale,
  };
}

const scaleOf = (call: Call): number => countField(call, 'scale') || 1;

export function collStats(call: Call): Doc {
  const collection = collectionOf(call);
  const ns = `${call.db}.${collectionName(call)}`;
  if (collection) return { ns, ...statsOf(call.engine, collection, scaleOf(call)) };
  return {
    ns,
    size: 0,
    count: 0,
    storageSize: 0,
    totalSize: 0,
    nindexes: 0,
    totalIndexSize: 0,
    indexSizes: {},
  };
}

/** What the stage `$collStats` gives. @throws CommandError 26, 40415. */
export function collStatsDoc(call: Call, spec: unknown): Doc {
  const collection = collectionOf(call);
  const wanted = isDoc(spec) ? spec : {};
  refuseUnknown(wanted, ['storageStats', 'count'], '$collStats');
  const ns = `${call.db}.${collectionName(call)}`;
  if (!collection) throw new CommandError(26, `Collection [${ns}] not found.`);
  const scale = isDoc(wanted.storageStats) ? asNumber(wanted.storageStats.scale) : undefined;
  const storageStats = statsOf(call.engine, collection, scale);
  return {
    ns,
    host: call.engine.address(),
    localTime: new Date(),
    ...('storageStats' in wanted ? { storageStats } : {}),
    ...('count' in wanted ? { count: storageStats.count } : {}),
  };
}

export function dbStats(call: Call): Doc {
  const { db, engine } = call;
  const scaleFactor = scaleOf(call);
  const all = engine.catalog.inDatabase(db).map((collection) => statsOf(engine, collection));
  const total = (field: 'count' | 'size' | 'nindexes' | 'totalIndexSize' | 'totalSize') =>
    all.reduce((sum, one) => sum + one[field], 0);
  const [objects, size] = [total('count'), total('size')];
  return {
    db,
    collections: all.length,
    views: 0,
    objects,
    avgObjSize: objects ? size / objects : 0,
    dataSize: size / scaleFactor,
    storageSize: size / scaleFactor,
    indexes: total('nindexes'),
    indexSize: total('totalIndexSize') / scaleFactor,
    totalSize: total('totalSize') / scaleFactor,
    scaleFactor,
  };
}

export function validate(call: Call): Doc {
  const collection = collectionOf(call);
  if (!collection)
    throw new CommandError(26, `Collection '${call.db}.${collectionName(call)}' does not exist to validate.`);
  const errors = call.engine.records.disagreements(collection);
  const keysPerIndex = Object.fromEntries(
    listedIndexes(collection).map(({ name }) => [
      name,
      call.engine.records.keyCount(collection, String(name)),
    ]),
  );
  return {
    ns: namespaceOf(collection),
    nrecords: call.engine.records.keyCount(collection, '_id_'),
    nIndexes: collection.indexes.length + 1,
    keysPerIndex,
    valid: errors.length === 0,
    warnings: [],
    errors,
  };
}
