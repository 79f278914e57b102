/**
 * Carries out a plan: documents in chunks, so that a long scan neither fills the memory nor keeps others waiting.
 * Between chunks the scan remembers only a key, so an open cursor holds no snapshot of the file.
 */
import { CommandError } from '../errors.js';
import { type Collection, recordPrefix } from '../storage/catalog.js';
import type { Records } from '../storage/records.js';
import type { Entry } from '../storage/store.js';
import { type Doc, decode } from '../values.js';
import { compileFilter, type Evaluate, type Test } from './matcher.js';
import { type Plan, plan } from './planner.js';
import { docOfKey } from './readKey.js';
import type { Range, Scan, SortSpec } from './scans.js';
import { Sorter } from './sorter.js';
import { sortKeys } from './sortKeys.js';
import { Turns } from './turns.js';

/** One document that a query found: its stored bytes, and its decoded form where the filter needed it. */
export interface Found {
  bytes: Buffer;
  doc: () => Doc;
}

export interface Query {
  filter: Doc;
  sort: SortSpec;
  skip: number;
  limit: number;
  hint?: unknown;
  evaluate?: Evaluate | undefined;
  /** The moment (performance.now) at which the client's maxTimeMS is over. */
  deadline?: number | undefined;
}

/** The query itself, once its filter has been compiled: a wrong one is refused even where there is nothing to read. */
export function checked(query: Query): Query {
  compileFilter(query.filter, query.evaluate);
  return query;
}

/** How much a query read, for explain. */
export interface Effort {
  keys: number;
  docs: number;
}

const CHUNK = 256;

export class Reader {
  constructor(readonly records: Records) {}

  /** The documents of a query, in its order, in chunks; others have their turn in between. @throws CommandError 50. */
  async *find(collection: Collection, query: Query, effort?: Effort): AsyncGenerator<Found[]> {
    const turns = new Turns();
    for (const chunk of this.findNow(collection, query, effort)) {
      if (chunk.length > 0) yield chunk;
      if (query.deadline !== undefined && performance.now() > query.deadline) {
        throw new CommandError(50, 'operation exceeded time limit');
      }
      await turns.pause();
    }
  }

  /** The same without waiting, for use inside a write. Some chunks are empty: places where a pause is possible. */
  *findNow(collection: Collection, query: Query, effort: Effort = { keys: 0, docs: 0 }): Generator<Found[]> {
    const chosen = plan(collection, query.filter, query.sort, query.hint);
    const inOrder =
      query.sort.length === 0 || (chosen.scans.length === 1 && chosen.scans[0]?.sorted === true);
    let { skip } = query;
    let left = query.limit || Number.POSITIVE_INFINITY;
    const source = inOrder
      ? this.#matching(collection, chosen, query, effort, skip + left)
      : this.#sorted(collection, chosen, query, effort);
    for (const chunk of source) {
      const dropped = Math.min(skip, chunk.length);
      skip -= dropped;
      const kept = dropped === 0 && chunk.length <= left ? chunk : chunk.slice(dropped, dropped + left);
      left -= kept.length;
      yield kept;
      if (left <= 0) return;
    }
  }

  *#matching(
    collection: Collection,
    { scans }: Plan,
    query: Query,
    effort: Effort,
    wanted: number,
  ): Generator<Found[]> {
    const exact = scans.length === 1 && scans[0]?.exact === true;
    const test = exact ? undefined : compileFilter(query.filter, query.evaluate);
    const several = scans.length > 1 || scans.some((scan) => scan.index && scan.index.arrays.length > 0);
    const seen = several ? new Set<string>() : undefined;
    for (const scan of scans) {
      for (const chunk of this.#scan(collection, scan, seen, effort, wanted)) yield select(chunk, test);
    }
  }

  *#scan(
    collection: Collection,
    scan: Scan,
    seen: Set<string> | undefined,
    effort: Effort,
    wanted: number,
  ): Generator<Buffer[]> {
    const ranges = scan.reverse ? [...scan.ranges].reverse() : scan.ranges;
    let limit = Math.min(Math.max(wanted, 4), CHUNK);
    for (const range of ranges) {
      for (const entries of this.#chunks(range, scan.reverse, () => limit)) {
        effort.keys += entries.length;
        const found = scan.index
          ? this.#fetch(collection, entries, seen)
          : entries.filter(({ key }) => unseen(key.subarray(5), seen)).map(({ value }) => value);
        effort.docs += found.length;
        yield found;
        limit = CHUNK;
      }
    }
  }

  *#chunks({ start, end }: Range, reverse: boolean, limit: () => number): Generator<Entry[]> {
    for (let [low, high] = [start, end]; ; ) {
      const size = limit();
      const entries = this.records.store.entries(low, high, { reverse, limit: size });
      const last = entries.at(-1);
      if (last) yield entries;
      if (!last || entries.length < size) return;
      if (reverse) high = last.key;
      else low = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  #fetch(collection: Collection, entries: Entry[], seen: Set<string> | undefined): Buffer[] {
    const prefix = recordPrefix(collection);
    const found: Buffer[] = [];
    for (const { key, value } of entries) {
      const recordKey = key.subarray(5 + value.readUInt16BE(value.length - 2));
      if (!unseen(recordKey, seen)) continue;
      const bytes = this.records.store.get(Buffer.concat([prefix, recordKey]));
      if (bytes) found.push(bytes);
    }
    return found;
  }

  /** Everything that matches, put in order in memory; with a limit only the first are kept. */
  *#sorted(collection: Collection, chosen: Plan, query: Query, effort: Effort): Generator<Found[]> {
    const sorter = new Sorter<Buffer>(query.limit ? query.skip + query.limit : undefined);
    const keyOfSort = sortKeys(query.sort);
    for (const chunk of this.#matching(collection, chosen, query, effort, Number.POSITIVE_INFINITY)) {
      for (const { bytes, doc } of chunk) sorter.add(keyOfSort(doc()), bytes);
      yield [];
    }
    for (const chunk of sorter.sorted()) yield chunk.map((bytes) => ({ bytes, doc: () => decode(bytes) }));
  }

  /**
   * For each key of a covering scan the fields it holds, without touching the documents. Neighbours with the same key
   * share one object.
   */
  async *covered(collection: Collection, scan: Scan): AsyncGenerator<Doc[]> {
    const turns = new Turns();
    const { index } = scan;
    if (!index) return;
    let last: { fields: Buffer; types: Buffer; doc: Doc } | undefined;
    const docOf = ({ key, value }: Entry): Doc => {
      const fields = key.subarray(5, 5 + value.readUInt16BE(value.length - 2));
      const types = value.subarray(0, -2);
      if (last?.fields.equals(fields) && last.types.equals(types)) return last.doc;
      const doc =
        docOfKey(index, fields, types) ?? this.#document(collection, key.subarray(5 + fields.length));
      last = { fields, types, doc };
      return doc;
    };
    for (const range of scan.ranges) {
      for (const entries of this.#chunks(range, false, () => CHUNK * 4)) {
        yield entries.map(docOf);
        await turns.pause();
      }
    }
  }

  #document(collection: Collection, recordKey: Buffer): Doc {
    const bytes = this.records.read(collection, recordKey);
    return bytes ? decode(bytes) : {};
  }

  /** How many documents a filter finds; straight from the keys where the plan says all that the filter says. */
  async count(collection: Collection, query: Query): Promise<number> {
    const { scans } = plan(collection, query.filter, [], query.hint);
    const [only] = scans;
    const everything = only?.bounded === 0 && Object.keys(query.filter).length === 0;
    if (
      only &&
      scans.length === 1 &&
      (only.exact || everything) &&
      (!only.index || only.index.arrays.length === 0)
    ) {
      const found = only.ranges.reduce(
        (sum, { start, end }) => sum + this.records.store.count(start, end),
        0,
      );
      return Math.min(Math.max(found - query.skip, 0), query.limit || Number.POSITIVE_INFINITY);
    }
    let found = 0;
    for await (const chunk of this.find(collection, { ...query, sort: [] })) found += chunk.length;
    return found;
  }
}

function unseen(recordKey: Buffer, seen: Set<string> | undefined): boolean {
  if (!seen) return true;
  const text = recordKey.toString('latin1');
  if (seen.has(text)) return false;
  seen.add(text);
  return true;
}

function select(chunk: Buffer[], test: Test | undefined): Found[] {
  const found: Found[] = [];
  for (const bytes of chunk) {
    if (!test) {
      found.push({ bytes, doc: () => decode(bytes) });
      continue;
    }
    const doc = decode(bytes);
    if (test(doc)) found.push({ bytes, doc: () => doc });
  }
  return found;
}
