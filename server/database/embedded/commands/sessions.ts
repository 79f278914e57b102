/**
 * Retried writes: a write with the same session and transaction number is applied once. The answer is remembered in
 * the same commit as the write, so it survives a kill; a session unused for half an hour is forgotten.
 */
import { Binary } from 'bson';
import { CommandError } from '../errors.js';
import { SESSIONS, sessionKey } from '../storage/catalog.js';
import type { Store } from '../storage/store.js';
import { asLong, type Doc, decode, encode, isDoc } from '../values.js';
import type { Call } from './call.js';

const IDLE_MS = 30 * 60 * 1000;

export class Sessions {
  readonly #store: Store;
  /** When each remembered session was last used; kept in memory only, so that the file holds no times. */
  readonly #lastUsed = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
    for (const key of store.keys(SESSIONS.start, SESSIONS.end, { limit: Number.MAX_SAFE_INTEGER })) {
      this.#lastUsed.set(key.toString('latin1'), Date.now());
    }
  }

  /** Runs a write in one commit; for a retry of the last write answers what was answered then. */
  once(call: Call, work: () => Doc): Promise<Doc> {
    const key = keyOf(call.command.lsid);
    const number = asLong(call.command.txnNumber)?.toBigInt();
    if (!key || number === undefined) return this.#store.write(work);
    return this.#store.write(() => {
      const stored = this.#store.get(key);
      const last = stored && decode(stored);
      const lastNumber = last && asLong(last.txnNumber)?.toBigInt();
      if (lastNumber === number && isDoc(last?.reply)) return last.reply;
      if (lastNumber !== undefined && lastNumber > number) {
        throw new CommandError(
          225,
          `Retryable write with txnNumber ${number} is prohibited because a newer retryable write with txnNumber ${lastNumber} has already started on this session.`,
        );
      }
      const reply = work();
      this.#store.put(key, encode({ txnNumber: number, reply }));
      this.#lastUsed.set(key.toString('latin1'), Date.now());
      return reply;
    });
  }

  async end(ids: unknown[]): Promise<void> {
    const keys = ids.map(keyOf).filter((key) => key !== undefined);
    await this.#forget(keys.filter((key) => this.#lastUsed.has(key.toString('latin1'))));
  }

  async forgetIdle(now = Date.now()): Promise<void> {
    const idle = [...this.#lastUsed].filter(([, used]) => now - used > IDLE_MS);
    await this.#forget(idle.map(([key]) => Buffer.from(key, 'latin1')));
  }

  async #forget(keys: Buffer[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#store.write(() => {
      for (const key of keys) this.#store.remove(key);
    });
    for (const key of keys) this.#lastUsed.delete(key.toString('latin1'));
  }
}

function keyOf(lsid: unknown): Buffer | undefined {
  const id = isDoc(lsid) ? lsid.id : undefined;
  return id instanceof Binary ? sessionKey(id.buffer.subarray(0, id.position)) : undefined;
}
