/**
 * The LMDB file: ordered bytes in, ordered bytes out, and one way to write. All writers that arrive while a commit is
 * being synced to disk share the next one (group commit); nobody is answered before the sync. The commit is made on
 * this thread – the engine has a process of its own – so that a failed one has one clear place to be answered from.
 */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors.js';
import { checkContent, checkPresence, damaged } from './damage.js';

/** Virtual address space set aside for the file; the file itself is only as long as its data. */
const MAP_SIZE = process.platform === 'win32' ? 2 ** 34 : 2 ** 40;

/** How many bytes of the mapped file may stay in memory, and how often that is looked at. */
const MOST_MAPPED = 10 * 2 ** 20;
const READS_BETWEEN_LOOKS = 4096;
const COUNTED_AT_ONCE = 8192;

/**
 * LMDB checks its list of free pages before a commit writes anything, and gives the commit up where the list in memory
 * looks wrong – now and then of itself: on the way to that check the library reads a length that it has not set where a
 * part of the list was not to be written (mdb_freelist_save in lmdb 3.5.6). A commit that is given up drops the list
 * from memory, so that the next attempt reads it from the file.
 */
const GIVEN_UP = /MDB_BAD_TXN/;
const MOST_ATTEMPTS = 3;

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
  readonly #file: string;
  #root: RootDatabase<Buffer, Buffer>;
  #writing = false;
  #reads = 0;
  #mappedAtOpening = mappedBytes();
  #waiting: Job[] = [];
  #scheduled = false;
  #undo: () => void = () => {};

  private constructor(file: string) {
    this.#file = file;
    this.#root = openFile(file);
  }

  /** Opens (or begins) the file in a directory that only this user can read. @throws EngineError ENGINE_DAMAGED */
  static open(dataDir: string): Store {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    const file = path.join(dataDir, 'data.mdb');
    checkPresence(dataDir, file);
    let store: Store;
    try {
      store = new Store(file);
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
    for (let more = true; more; ) {
      const keys = this.keys(Buffer.concat([last, Buffer.of(0)]), Buffer.of(0xff));
      for (const key of keys) {
        if (Buffer.compare(last, key) >= 0) throw new Error('its keys are out of order');
        last = key;
      }
      count += keys.length;
      more = keys.length > 0;
    }
    if (count !== entryCount) throw new Error(`it holds ${count} entries instead of ${entryCount}`);
  }

  /** Called when a commit failed, so that what is remembered in memory can be read again from disk. */
  onRollback(undo: () => void): void {
    this.#undo = undo;
  }

  get(key: Buffer): Buffer | undefined {
    this.#haveRead(1);
    return this.#root.getBinary(key);
  }

  /**
   * LMDB reads through a mapping of the file, and pages once read count as this process's memory. So that a long scan
   * does not grow it by the whole file, the file is closed and opened again (some milliseconds) when many are mapped.
   */
  #haveRead(entries: number): void {
    this.#reads += entries;
    if (this.#reads < READS_BETWEEN_LOOKS || this.#writing) return;
    this.#reads = 0;
    if (mappedBytes() - this.#mappedAtOpening < MOST_MAPPED) return;
    void this.#root.close();
    this.#root = openFile(this.#file);
    this.#mappedAtOpening = mappedBytes();
  }

  /** Up to `limit` entries with start <= key < end, in key order, or backwards from the end. */
  entries(start: Buffer, end: Buffer, { reverse = false, limit = 1000 }: RangeOptions = {}): Entry[] {
    const found = [...this.#root.getRange({ ...bounds(start, end, reverse), limit })];
    this.#haveRead(found.length);
    return found;
  }

  /** The keys alone, cheaper than the entries. */
  keys(start: Buffer, end: Buffer, { reverse = false, limit = 1000 }: RangeOptions = {}): Buffer[] {
    const found = [...this.#root.getKeys({ ...bounds(start, end, reverse), limit })];
    this.#haveRead(found.length);
    return found;
  }

  /** How many keys lie in the range, counted without reading them into JavaScript. */
  count(start: Buffer, end: Buffer): number {
    for (let [counted, from] = [0, start]; ; counted += COUNTED_AT_ONCE) {
      const [next] = this.#root.getKeys({ start: from, end, offset: COUNTED_AT_ONCE, limit: 1 });
      if (!next) return counted + this.#root.getCount({ start: from, end });
      this.#haveRead(COUNTED_AT_ONCE);
      from = next;
    }
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
    const failure = this.#commit(jobs);
    if (failure === null) return;
    for (const job of jobs) this.#commitAlone(job, jobs.length === 1 ? failure : this.#commit([job]));
  }

  /** Makes the commit of one job again as long as LMDB gives it up, and tells the job of any other failure. */
  #commitAlone(job: Job, first: Error | null): void {
    let failure = first;
    for (let attempt = 1; failure && GIVEN_UP.test(failure.message) && attempt < MOST_ATTEMPTS; attempt++)
      failure = this.#commit([job]);
    if (failure) job.failed(storageError(failure));
  }

  /** @returns why nothing of the jobs is stored; null where all are, and have been answered */
  #commit(jobs: Job[]): Error | null {
    let answers: (() => void)[] = [];
    this.#writing = true;
    try {
      this.#root.transactionSync(() => {
        answers = jobs.map(run);
      });
    } catch (error) {
      this.#undo();
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#writing = false;
    }
    for (const answer of answers) answer();
    return null;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

function openFile(file: string): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    path: file,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
    compression: false,
    cache: false,
    maxDbs: 1,
    mapSize: MAP_SIZE,
  });
}

/** How much of this process's memory is pages of files, where the system tells (Linux); 0 elsewhere. */
function mappedBytes(): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[2]) * 4096;
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

function storageError({ message }: Error): CommandError {
  if (NO_SPACE.test(message))
    return new CommandError(14031, `The disk is full (${message}); nothing of this write is stored`);
  return new CommandError(1, message);
}
