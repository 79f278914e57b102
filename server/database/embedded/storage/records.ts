/** Documents and their index entries, always changed together. Everything that writes runs inside `store.write`. */
import { CommandError } from '../errors.js';
import { keyOf } from '../query/keys.js';
import { compileFilter } from '../query/matcher.js';
import { type Doc, decode, encode } from '../values.js';
import {
  after,
  type Catalog,
  type Collection,
  type Index,
  indexPrefix,
  namespaceOf,
  recordPrefix,
} from './catalog.js';
import { type IndexKey, indexKeys, LONGEST_KEY, shorten } from './indexKeys.js';
import type { Store } from './store.js';

/** MongoDB's limit of one document. */
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

/** The bytes that name a document inside its collection: its _id, so that order in the file tells nothing else. */
export function recordKeyOf(id: unknown): Buffer {
  return shorten(keyOf(id));
}

interface Change {
  index: Index;
  added: IndexKey[];
  removed: IndexKey[];
  arrays: string[];
}

export class Records {
  constructor(
    readonly store: Store,
    readonly catalog: Catalog,
  ) {}

  /** The stored bytes of the document with this record key. */
  read(collection: Collection, recordKey: Buffer): Buffer | undefined {
    return this.store.get(Buffer.concat([recordPrefix(collection), recordKey]));
  }

  /** @throws CommandError 11000 when the _id or a unique key is taken. */
  insert(collection: Collection, doc: Doc, bytes: Uint8Array): void {
    checkSize(bytes);
    const key = keyOf(doc._id);
    const recordKey = shorten(key);
    const storeKey = Buffer.concat([recordPrefix(collection), recordKey]);
    if (this.store.get(storeKey) !== undefined) throw duplicate(collection, '_id_', { _id: 1 }, [doc._id]);
    const changes = this.#changes(collection, recordKey, undefined, doc);
    if (key.length > LONGEST_KEY && !collection.shortened) {
      collection.shortened = true;
      this.catalog.save(collection);
    }
    this.store.put(storeKey, bytes);
    this.#apply(collection, recordKey, changes);
  }

  /** Puts `next` in place of `previous`, which has the same _id. @throws CommandError 11000, 171, 10334. */
  replace(collection: Collection, previous: Doc, next: Doc): void {
    const bytes = encode(next);
    checkSize(bytes);
    const recordKey = recordKeyOf(next._id);
    const changes = this.#changes(collection, recordKey, previous, next);
    this.store.put(Buffer.concat([recordPrefix(collection), recordKey]), bytes);
    this.#apply(collection, recordKey, changes);
  }

  remove(collection: Collection, doc: Doc): void {
    const recordKey = recordKeyOf(doc._id);
    const changes = this.#changes(collection, recordKey, doc, undefined);
    this.store.remove(Buffer.concat([recordPrefix(collection), recordKey]));
    this.#apply(collection, recordKey, changes);
  }

  /** Enters an existing document into one index (index build). @throws CommandError 11000, 171. */
  enter(collection: Collection, index: Index, doc: Doc): void {
    const recordKey = recordKeyOf(doc._id);
    const change = this.#change(collection, index, recordKey, undefined, doc);
    this.#apply(collection, recordKey, [change]);
  }

  /** How many keys an index holds; for `_id_` how many documents there are. */
  keyCount(collection: Collection, name: string): number {
    const index = collection.indexes.find((one) => one.name === name);
    const prefix = index ? indexPrefix(index) : recordPrefix(collection);
    return this.store.count(prefix, after(prefix));
  }

  /** Where indexes and documents do not agree, in words; empty if all is well. Reads everything. */
  disagreements(collection: Collection): string[] {
    const prefix = recordPrefix(collection);
    const entries = this.store.entries(prefix, after(prefix), { limit: Number.MAX_SAFE_INTEGER });
    return collection.indexes
      .filter(({ building }) => !building)
      .flatMap((index) => {
        const space = indexPrefix(index);
        const wanted = new Set<string>();
        for (const { key, value } of entries) {
          const recordKey = key.subarray(prefix.length);
          for (const { bytes } of keysIn(index, decode(value)).keys) {
            wanted.add(Buffer.concat([space, shorten(bytes), recordKey]).toString('latin1'));
          }
        }
        const there = this.store.keys(space, after(space), { limit: Number.MAX_SAFE_INTEGER });
        const extra = there.filter((key) => !wanted.has(key.toString('latin1'))).length;
        const missing = wanted.size - (there.length - extra);
        return extra + missing === 0
          ? []
          : [`index ${index.name}: ${missing} keys missing, ${extra} keys without a document`];
      });
  }

  #changes(
    collection: Collection,
    recordKey: Buffer,
    previous: Doc | undefined,
    next: Doc | undefined,
  ): Change[] {
    return collection.indexes.map((index) => this.#change(collection, index, recordKey, previous, next));
  }

  #change(collection: Collection, index: Index, recordKey: Buffer, previous?: Doc, next?: Doc): Change {
    const before = previous ? keysIn(index, previous).keys : [];
    const { keys: now, arrays } = next ? keysIn(index, next) : { keys: [], arrays: [] };
    const added = now.filter((key) => !before.some((old) => sameKey(key, old)));
    const removed = before.filter((key) => !now.some((kept) => kept.bytes.equals(key.bytes)));
    if (index.unique) for (const key of added) this.#checkUnique(collection, index, recordKey, key);
    return { index, added, removed, arrays };
  }

  #checkUnique(collection: Collection, index: Index, recordKey: Buffer, key: IndexKey): void {
    const fields = Buffer.concat([indexPrefix(index), shorten(key.bytes)]);
    for (const found of this.store.keys(fields, after(fields), { limit: 2 })) {
      if (found.subarray(fields.length).equals(recordKey)) continue;
      throw duplicate(collection, index.name, index.spec.key as Doc, key.values);
    }
  }

  #apply(collection: Collection, recordKey: Buffer, changes: Change[]): void {
    let described = false;
    for (const { index, added, removed, arrays } of changes) {
      const prefix = indexPrefix(index);
      for (const key of removed) this.store.remove(Buffer.concat([prefix, shorten(key.bytes), recordKey]));
      for (const key of added) {
        const fields = shorten(key.bytes);
        const value = Buffer.concat([key.types, Buffer.of(fields.length >> 8, fields.length & 0xff)]);
        this.store.put(Buffer.concat([prefix, fields, recordKey]), value);
        if (key.bytes.length > LONGEST_KEY && !index.shortened) described = index.shortened = true;
      }
      for (const path of arrays) {
        if (index.arrays.includes(path)) continue;
        index.arrays = [...index.arrays, path];
        described = true;
      }
    }
    if (described) this.catalog.save(collection);
  }
}

const partialTests = new WeakMap<Doc, (doc: unknown) => boolean>();

function keysIn(index: Index, doc: Doc): { keys: IndexKey[]; arrays: string[] } {
  if (index.partial) {
    const test = partialTests.get(index.partial) ?? compileFilter(index.partial);
    partialTests.set(index.partial, test);
    if (!test(doc)) return { keys: [], arrays: [] };
  }
  return indexKeys(index, doc);
}

function sameKey(a: IndexKey, b: IndexKey): boolean {
  return a.bytes.equals(b.bytes) && a.types.equals(b.types);
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length > LARGEST_DOCUMENT) {
    throw new CommandError(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${LARGEST_DOCUMENT}(16MB)`,
    );
  }
}

function duplicate(collection: Collection, index: string, keyPattern: Doc, values: unknown[]): CommandError {
  const keyValue = Object.fromEntries(Object.keys(keyPattern).map((path, at) => [path, values[at]]));
  const shown = Object.entries(keyValue)
    .map(([path, value]) => `${path}: ${display(value)}`)
    .join(', ');
  const message = `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${index} dup key: { ${shown} }`;
  return new CommandError(11000, message, { keyPattern, keyValue });
}

function display(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const name = (value as { _bsontype?: string } | null)?._bsontype;
  if (name === 'ObjectId') return `ObjectId('${String(value)}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (typeof value === 'object' && value !== null && name === undefined) return JSON.stringify(value);
  return String(value);
}
