/** Open cursors: what a client has not fetched yet. A cursor forgotten for ten minutes is closed, or for half an hour. */
import { CommandError } from '../errors.js';
import { randomId } from '../storage/catalog.js';
import { cursorReply } from '../wire/messages.js';

const IDLE_MS = 10 * 60 * 1000;
/** Where the client wants no such end: as long as MongoDB keeps its session. */
const LONG_IDLE_MS = 30 * 60 * 1000;
const BATCH_BYTES = 16 * 1024 * 1024;
/** Where the client names no size, batches are kept small, so that a scan does not fill the memory. */
const UNASKED_BATCH_BYTES = 1024 * 1024;
const FIRST_BATCH = 101;

type Source = AsyncGenerator<Uint8Array[]>;

interface Cursor {
  id: bigint;
  namespace: string;
  source: Source;
  buffer: Uint8Array[];
  at: number;
  /** How many documents may still come (a find's limit). */
  left: number;
  finished: boolean;
  busy: boolean;
  lastUsed: number;
  idleMs: number;
}

export interface OpenOptions {
  namespace: string;
  batchSize: number | undefined;
  limit?: number;
  singleBatch?: boolean;
  noTimeout?: boolean;
}

export class Cursors {
  readonly #open = new Map<bigint, Cursor>();

  /** Starts a cursor and answers with its first batch. */
  async open(
    source: Source,
    { namespace, batchSize, limit, singleBatch, noTimeout }: OpenOptions,
  ): Promise<Uint8Array> {
    const left = limit || Number.POSITIVE_INFINITY;
    const cursor = {
      id: 0n,
      namespace,
      source,
      buffer: [],
      at: 0,
      left,
      finished: false,
      busy: false,
      lastUsed: Date.now(),
      idleMs: noTimeout ? LONG_IDLE_MS : IDLE_MS,
    };
    const batch = await take(cursor, batchSize ?? FIRST_BATCH);
    if (singleBatch || cursor.finished) await source.return(undefined);
    else {
      cursor.id = randomId();
      this.#open.set(cursor.id, cursor);
    }
    return cursorReply({ field: 'firstBatch', batch, id: cursor.id, namespace });
  }

  /** @throws CommandError 43 for a cursor that is not there. */
  async more(id: bigint, namespace: string, batchSize: number | undefined): Promise<Uint8Array> {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.busy) throw new CommandError(12051, `cursor id ${id} is already in use`);
    cursor.busy = true;
    try {
      const batch = batchSize
        ? await take(cursor, batchSize)
        : await take(cursor, Number.POSITIVE_INFINITY, UNASKED_BATCH_BYTES);
      if (cursor.finished) this.#open.delete(id);
      return cursorReply({ field: 'nextBatch', batch, id: cursor.finished ? 0n : id, namespace });
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.lastUsed = Date.now();
    }
  }

  /** Whether there was such a cursor. */
  kill(id: bigint): boolean {
    const cursor = this.#open.get(id);
    if (!cursor) return false;
    this.#open.delete(id);
    if (!cursor.busy) void cursor.source.return(undefined);
    return true;
  }

  get size(): number {
    return this.#open.size;
  }

  closeIdle(now = Date.now()): void {
    for (const cursor of this.#open.values()) if (now - cursor.lastUsed > cursor.idleMs) this.kill(cursor.id);
  }
}

async function take(cursor: Cursor, size: number, most = BATCH_BYTES): Promise<Uint8Array[]> {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < size && cursor.left > 0) {
    const doc = cursor.buffer[cursor.at];
    if (!doc) {
      const { value, done } = await cursor.source.next();
      if (done) {
        cursor.finished = true;
        return batch;
      }
      cursor.buffer = value;
      cursor.at = 0;
      continue;
    }
    if (batch.length > 0 && bytes + doc.length > most) return batch;
    batch.push(doc);
    bytes += doc.length;
    cursor.at++;
    cursor.left--;
  }
  if (cursor.left <= 0) cursor.finished = true;
  return batch;
}
