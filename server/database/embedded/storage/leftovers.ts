/** What a kill can leave behind: indexes that were not finished, and bytes of collections dropped but not yet cleared. */
import { type Catalog, INDEXES, indexPrefix, RECORDS, recordPrefix, type SESSIONS } from './catalog.js';
import type { Store } from './store.js';

/** Forgets indexes whose build was never acknowledged. Their keys become leftovers. */
export async function removeUnfinished(store: Store, catalog: Catalog): Promise<void> {
  const unfinished = catalog.all().filter(({ indexes }) => indexes.some(({ building }) => building));
  if (unfinished.length === 0) return;
  await store.write(() => {
    for (const collection of unfinished) {
      collection.indexes = collection.indexes.filter(({ building }) => !building);
      catalog.save(collection);
    }
  });
}

/** The beginnings of all keys that belong to no collection and no index. */
export function leftovers(store: Store, catalog: Catalog): Buffer[] {
  const collections = catalog.all();
  const known = new Set([
    ...collections.map((collection) => recordPrefix(collection).toString('hex')),
    ...collections.flatMap(({ indexes }) => indexes.map((index) => indexPrefix(index).toString('hex'))),
  ]);
  return [...prefixesIn(store, RECORDS), ...prefixesIn(store, INDEXES)].filter(
    (prefix) => !known.has(prefix.toString('hex')),
  );
}

function* prefixesIn(store: Store, space: typeof SESSIONS): Generator<Buffer> {
  let { start } = space;
  for (;;) {
    const [key] = store.keys(start, space.end, { limit: 1 });
    if (!key) return;
    const prefix = Buffer.from(key.subarray(0, 5));
    yield prefix;
    const id = prefix.readUInt32BE(1);
    if (id === 0xffffffff) return;
    start = Buffer.from(prefix);
    start.writeUInt32BE(id + 1, 1);
  }
}
