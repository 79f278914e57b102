/** Which collections and indexes there are. Held in memory, kept in the same commits as the data it describes. */
import { randomBytes } from 'node:crypto';
import { Binary, UUID } from 'bson';
import { CommandError } from '../errors.js';
import { asNumber, type Doc, decode, encode } from '../values.js';
import type { Store } from './store.js';

/** First byte of every key in the file. */
const SPACE = { meta: 1, collection: 2, session: 3, record: 4, index: 5 } as const;

export interface Index {
  id: number;
  name: string;
  fields: { path: string[]; descending: boolean }[];
  /** As createIndexes was given it and listIndexes shows it. */
  spec: Doc;
  unique: boolean;
  sparse: boolean;
  partial: Doc | undefined;
  expireAfterSeconds: number | undefined;
  /** Array paths met so far in the indexed fields: such a field has several keys per document. */
  arrays: string[];
  /** A key was too long for the file and stands there shortened: its order is not exact. */
  shortened: boolean;
  /** Still being filled: writers keep it, readers do not use it. */
  building: boolean;
}

export interface Collection {
  id: number;
  db: string;
  name: string;
  uuid: Binary;
  options: Doc;
  /** An _id was too long for the file: record order is not exact. */
  shortened: boolean;
  indexes: Index[];
}

/** The index that every collection has: its documents lie in this order. */
export const ID_INDEX = { v: 2, key: { _id: 1 }, name: '_id_' };

/** `db.collection`, as messages and cursors name it. */
export function namespaceOf(collection: { db: string; name: string }): string {
  return `${collection.db}.${collection.name}`;
}

function prefix(space: number, id: number): Buffer {
  const key = Buffer.alloc(5);
  key[0] = space;
  key.writeUInt32BE(id, 1);
  return key;
}

export const recordPrefix = (collection: Collection): Buffer => prefix(SPACE.record, collection.id);
export const indexPrefix = (index: Index): Buffer => prefix(SPACE.index, index.id);
export const sessionKey = (id: Uint8Array): Buffer => Buffer.concat([Buffer.of(SPACE.session), id]);
export const SESSIONS = { start: Buffer.of(SPACE.session), end: Buffer.of(SPACE.session + 1) };
export const RECORDS = { start: Buffer.of(SPACE.record), end: Buffer.of(SPACE.record + 1) };
export const INDEXES = { start: Buffer.of(SPACE.index), end: Buffer.of(SPACE.index + 1) };
/** The end of all keys that begin with the given bytes. */
export const after = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0xff)]);

export class Catalog {
  readonly #store: Store;
  #collections = new Map<string, Collection>();
  #nextId = 1;

  constructor(store: Store) {
    this.#store = store;
    this.reload();
    store.onRollback(() => this.reload());
  }

  /** Reads everything again from disk. */
  reload(): void {
    this.#collections = new Map();
    this.#nextId = 1;
    const space = Buffer.of(SPACE.collection);
    const end = Buffer.of(SPACE.collection + 1);
    for (const { value } of this.#store.entries(space, end, { limit: Number.MAX_SAFE_INTEGER })) {
      const collection = fromDoc(decode(value));
      this.#collections.set(namespaceOf(collection), collection);
      for (const { id } of [collection, ...collection.indexes]) this.#nextId = Math.max(this.#nextId, id + 1);
    }
  }

  get(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  all(): Collection[] {
    return [...this.#collections.values()];
  }

  /** The collections of one database, by name. */
  inDatabase(db: string): Collection[] {
    return this.all()
      .filter((collection) => collection.db === db)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Only inside a write: the collection, made if it is not there yet. */
  ensure(db: string, name: string, options: Doc = {}): Collection {
    const found = this.get(db, name);
    if (found) return found;
    checkName(db, name);
    const uuid = new Binary(new UUID().buffer, Binary.SUBTYPE_UUID);
    const collection = { id: this.freshId(), db, name, uuid, options, shortened: false, indexes: [] };
    this.save(collection);
    return collection;
  }

  /** Only inside a write: gives a forgotten collection a new name; its records and indexes stay where they are. */
  rename(collection: Collection, db: string, name: string): void {
    checkName(db, name);
    this.save({ ...collection, db, name });
  }

  freshId(): number {
    return this.#nextId++;
  }

  /** Only inside a write. */
  save(collection: Collection): void {
    this.#collections.set(namespaceOf(collection), collection);
    this.#store.put(collectionKey(collection), encode(toDoc(collection)));
  }

  /** Only inside a write: forgets the collection's name. Its records are the caller's to remove. */
  forget(collection: Collection): void {
    this.#collections.delete(namespaceOf(collection));
    this.#store.remove(collectionKey(collection));
  }
}

function collectionKey(collection: Collection): Buffer {
  return prefix(SPACE.collection, collection.id);
}

function checkName(db: string, name: string): void {
  const bad =
    name === '' || name.includes('$') || name.includes('\0') || name.startsWith('.') || name.endsWith('.');
  if (bad) throw new CommandError(73, `Invalid collection name specified '${db}.${name}'`);
  if (db === '' || /[/\\. "$\0]/.test(db) || Buffer.byteLength(db) > 63) {
    throw new CommandError(73, `Invalid database name: '${db}'`);
  }
  if (Buffer.byteLength(`${db}.${name}`) > 255) {
    throw new CommandError(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`);
  }
}

function toDoc(collection: Collection): Doc {
  const { indexes, ...rest } = collection;
  return {
    ...rest,
    indexes: indexes.map(({ id, spec, arrays, shortened, building }) => ({
      id,
      spec,
      arrays,
      shortened,
      building,
    })),
  };
}

function fromDoc(doc: Doc): Collection {
  return {
    id: asNumber(doc.id) ?? 0,
    db: String(doc.db),
    name: String(doc.name),
    uuid: doc.uuid as Binary,
    options: doc.options as Doc,
    shortened: doc.shortened === true,
    indexes: (doc.indexes as Doc[]).map((index) => ({
      ...indexFrom(asNumber(index.id) ?? 0, index.spec as Doc),
      arrays: index.arrays as string[],
      shortened: index.shortened === true,
      building: index.building === true,
    })),
  };
}

/** An index as the engine works with it, from the specification that listIndexes shows. */
export function indexFrom(id: number, spec: Doc): Index {
  return {
    id,
    name: String(spec.name),
    fields: Object.entries(spec.key as Doc).map(([path, direction]) => ({
      path: path.split('.'),
      descending: (asNumber(direction) ?? 1) < 0,
    })),
    spec,
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    partial: spec.partialFilterExpression as Doc | undefined,
    expireAfterSeconds: asNumber(spec.expireAfterSeconds),
    arrays: [],
    shortened: false,
    building: false,
  };
}

/** A random id for cursors: not zero, positive, 62 bits. */
export function randomId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 2n) | 1n;
}
