/**
 * The LMDB file: ordered bytes in, ordered bytes out, and one way to write. Writers that come while a commit is
 * being synced to disk wait together and share the next one (group commit); nobody is answered before the sync.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors.js';

/** Virtual address space set aside for the file; the file itself is only as long as its data. */
const MAP_SIZE = process.platform === 'win32' ? 2 ** 34 : 2 ** 40;

interface Job {
  work: () => unknown;
  done: (value: unknown) => void;
  failed: (error: unknown) => void;
}

export interface Entry {
  key: Buffer;
  value: Buffer;
}

interface RangeOptions {
  reverse?: boolean;
  limit?: number;
}

export class Store {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #waiting: Job[] = [];
  #writing = false;
  #undo: () => void = () => {};

  private constructor(root: RootDatabase<Buffer, Buffer>) {
    this.#root = root;
  }

  /** Opens (or begins) the file in a directory that only this user can read. */
  static open(dataDir: string): Store {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    const root = open<Buffer, Buffer>({
      path: path.join(dataDir, 'data.mdb'),
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      overlappingSync: false,
      compression: false,
      cache: false,
      maxDbs: 1,
      mapSize: MAP_SIZE,
    });
    return new Store(root);
  }

  /** Called when a commit failed, so that what is remembered in memory can be read again from disk. */
  onRollback(undo: () => void): void {
    this.#undo = undo;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#root.getBinary(key);
  }

  /** Up to `limit` entries with start <= key < end, in key order, or backwards from the end. */
  entries(start: Buffer, end: Buffer, { reverse = false, limit = 1000 }: RangeOptions = {}): Entry[] {
    return this.#root.getRange({ ...bounds(start, end, reverse), limit }).asArray as unknown as Entry[];
  }

  /** The keys alone, cheaper than the entries. */
  keys(start: Buffer, end: Buffer, { reverse = false, limit = 1000 }: RangeOptions = {}): Buffer[] {
    return this.#root.getKeys({ ...bounds(start, end, reverse), limit }).asArray as unknown as Buffer[];
  }

  /** How many keys lie in the range, counted without reading them into JavaScript. */
  count(start: Buffer, end: Buffer): number {
    return this.#root.getCount({ start, end });
  }

  /** Only inside `write`. */
  put(key: Buffer, value: Uint8Array): void {
    this.#root.putSync(key, value as Buffer);
  }

  /** Only inside `write`. */
  remove(key: Buffer): void {
    this.#root.removeSync(key);
  }

  /**
   * Runs `work` – which must not wait for anything – inside a transaction and answers after it is on disk.
   * If `work` throws, that error is thrown here; it must throw before its first put, so that nothing is half done.
   * @throws CommandError 14031 when the disk is full; then nothing of this commit is stored.
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, done: resolve as (value: unknown) => void, failed: reject });
      if (!this.#writing) void this.#commitWaiting();
    });
  }

  async #commitWaiting(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#commit(() => this.#waiting.splice(0));
    this.#writing = false;
  }

  /** One transaction for the jobs that wait when it begins; if it fails as a whole, each is tried alone. */
  async #commit(take: () => Job[]): Promise<void> {
    let batch: Job[] = [];
    let answers: (() => void)[] = [];
    try {
      await this.#root.childTransaction(() => {
        batch = take();
        answers = batch.map(run);
      });
      this.#root.resetReadTxn();
    } catch (error) {
      this.#root.resetReadTxn();
      this.#undo();
      const [only, ...others] = batch.length > 0 ? batch : take();
      if (others.length === 0) only?.failed(storageError(error));
      else for (const job of batch) await this.#commit(() => [job]);
      return;
    }
    for (const answer of answers) answer();
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

function run(job: Job): () => void {
  try {
    const value = job.work();
    return () => job.done(value);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return () => job.failed(error);
  }
}

function bounds(start: Buffer, end: Buffer, reverse: boolean) {
  return reverse
    ? { start: end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true }
    : { start, end, reverse };
}

function storageError(error: unknown): CommandError {
  const message = error instanceof Error ? error.message : String(error);
  const full = /ENOSPC|No space|MDB_MAP_FULL|disk full/i.test(message);
  return new CommandError(full ? 14031 : 1, full ? 'No space left on the disk; nothing was stored' : message);
}
