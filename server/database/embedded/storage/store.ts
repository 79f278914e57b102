/**
 * The LMDB file: ordered bytes in, ordered bytes out, and one way to write. All writers that arrive while a commit is
 * being synced to disk share the next one (group commit); nobody is answered before the sync. The commit is made on
 * this thread – the engine has a process of its own – so that a failed one has one clear place to be answered from.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors.js';
import { checkContent, checkPresence, damaged } from './damage.js';

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
  #waiting: Job[] = [];
  #scheduled = false;
  #undo: () => void = () => {};

  private constructor(root: RootDatabase<Buffer, Buffer>) {
    this.#root = root;
  }

  /** Opens (or begins) the file in a directory that only this user can read. @throws EngineError ENGINE_DAMAGED */
  static open(dataDir: string): Store {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    const file = path.join(dataDir, 'data.mdb');
    checkPresence(dataDir, file);
    let store: Store;
    try {
      store = new Store(
        open<Buffer, Buffer>({
          path: file,
          noSubdir: true,
          encoding: 'binary',
          keyEncoding: 'binary',
          overlappingSync: false,
          compression: false,
          cache: false,
          maxDbs: 1,
          mapSize: MAP_SIZE,
        }),
      );
    } catch (error) {
      throw damaged(dataDir, error instanceof Error ? error.message : String(error));
    }
    checkContent(dataDir, file, () => store.#readThrough());
    return store;
  }

  /** Goes over all keys: they must be in order, and as many as the file says. */
  #readThrough(): void {
    const { entryCount } = this.#root.getStats() as { entryCount: number };
    let count = 0;
    let last: Buffer = Buffer.alloc(0);
    for (const key of this.#root.getKeys({ start: Buffer.of(0), end: Buffer.of(0xff) })) {
      if (Buffer.compare(last, key) >= 0) throw new Error('its keys are out of order');
      last = key;
      count++;
    }
    if (count !== entryCount) throw new Error(`it holds ${count} entries instead of ${entryCount}`);
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
    return [...this.#root.getRange({ ...bounds(start, end, reverse), limit })];
  }

  /** The keys alone, cheaper than the entries. */
  keys(start: Buffer, end: Buffer, { reverse = false, limit = 1000 }: RangeOptions = {}): Buffer[] {
    return [...this.#root.getKeys({ ...bounds(start, end, reverse), limit })];
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
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#commitWaiting());
    });
  }

  /** One transaction for all jobs that wait; if it fails as a whole, each is tried alone. */
  #commitWaiting(): void {
    this.#scheduled = false;
    const jobs = this.#waiting;
    this.#waiting = [];
    if (this.#commit(jobs)) return;
    for (const job of jobs) this.#commit([job]);
  }

  #commit(jobs: Job[]): boolean {
    let answers: (() => void)[] = [];
    try {
      this.#root.transactionSync(() => {
        answers = jobs.map(run);
      });
    } catch (error) {
      this.#undo();
      const [only, ...others] = jobs;
      if (others.length > 0) return false;
      only?.failed(storageError(error));
      return true;
    }
    for (const answer of answers) answer();
    return true;
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

/** LMDB reports a short write, which is what a full disk is to it, as an input/output error. */
const NO_SPACE = /ENOSPC|No space|EFBIG|File too large|EDQUOT|quota|MDB_MAP_FULL|Input\/output error/i;

function storageError(error: unknown): CommandError {
  const message = error instanceof Error ? error.message : String(error);
  if (NO_SPACE.test(message))
    return new CommandError(14031, `The disk is full (${message}); nothing of this write is stored`);
  return new CommandError(1, message);
}
