/** The engine put together: storage below, commands above, and the chores it does by itself (expiry, clean-up). */
import { mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Engine } from './commands/call.js';
import { clearLater } from './commands/collections.js';
import { Cursors } from './commands/cursors.js';
import { eachMatch } from './commands/documents.js';
import { Sessions } from './commands/sessions.js';
import { Reader } from './query/reading.js';
import { Catalog } from './storage/catalog.js';
import { damaged } from './storage/damage.js';
import { leftovers, removeUnfinished } from './storage/leftovers.js';
import { type Lock, lockDirectory } from './storage/lock.js';
import { Records } from './storage/records.js';
import { Store } from './storage/store.js';
import { wireServer } from './wire/server.js';

/** How often expired documents, idle cursors and forgotten sessions are looked for: MongoDB's own minute. */
const CHORES_MS = 60_000;

export interface RunningEngine {
  uri: string;
  stop: () => Promise<void>;
}

/** Where to listen: a socket file only this user can reach, or a TCP port of the loopback interface. */
export type Listen = { socket: string } | { port: number };

/** Opens the data, repairs what a kill left unfinished, and serves. @throws EngineError */
export async function runEngine(dataDir: string, listen: Listen): Promise<RunningEngine> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(dataDir);
  try {
    return await serve(dataDir, listen, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve(dataDir: string, listen: Listen, lock: Lock): Promise<RunningEngine> {
  let address = '';
  const engine = openEngine(dataDir, () => address);
  await removeUnfinished(engine.store, engine.catalog);
  clearLater(engine, leftovers(engine.store, engine.catalog));
  const { server, close } = wireServer(engine);
  address = await begin(server, listen);
  const host = 'socket' in listen ? encodeURIComponent(address) : address;
  const uri = `mongodb://${host}/?directConnection=true`;
  lock.announce(uri);
  const chores = setInterval(() => void doChores(engine).catch(() => {}), CHORES_MS);
  chores.unref();
  const stop = async () => {
    clearInterval(chores);
    await close();
    await engine.store.close();
    lock.release();
  };
  return { uri, stop };
}

/** The parts on one data file, not serving yet. @throws EngineError ENGINE_DAMAGED */
export function openEngine(dataDir: string, address: () => string): Engine {
  const store = Store.open(dataDir);
  const catalog = readCatalog(dataDir, store);
  const records = new Records(store, catalog);
  const reader = new Reader(records);
  const sessions = new Sessions(store);
  return {
    store,
    catalog,
    records,
    reader,
    cursors: new Cursors(),
    sessions,
    address,
    startedAt: Date.now(),
  };
}

function readCatalog(dataDir: string, store: Store): Catalog {
  try {
    return new Catalog(store);
  } catch (error) {
    throw damaged(dataDir, error instanceof Error ? error.message : String(error));
  }
}

function begin(server: Server, listen: Listen): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? `127.0.0.1:${bound.port}` : String(bound));
    };
    if ('socket' in listen) {
      // A killed engine leaves its socket behind; whoever holds the lock may clear it away.
      rmSync(listen.socket, { force: true });
      server.listen(listen.socket, listening);
    } else server.listen(listen.port, '127.0.0.1', listening);
  });
}

/** One round of chores. */
export async function doChores(engine: Engine, now = new Date()): Promise<void> {
  engine.cursors.closeIdle(now.getTime());
  await engine.sessions.forgetIdle(now.getTime());
  for (const collection of engine.catalog.all()) {
    for (const { expireAfterSeconds, fields, partial, building } of collection.indexes) {
      if (expireAfterSeconds === undefined || building) continue;
      const limit = new Date(now.getTime() - expireAfterSeconds * 1000);
      const expired = { [fields[0]?.path.join('.') ?? '']: { $lt: limit } };
      const filter = partial ? { $and: [partial, expired] } : expired;
      await eachMatch(engine, collection, { filter, sort: [], skip: 0, limit: 0 }, (doc, current) =>
        engine.records.remove(current, doc),
      );
    }
  }
}
