/** Connecting Mongoose to the server that is configured, or to the embedded engine where none is. */
import { setTimeout } from 'node:timers/promises';
import mongoose from 'mongoose';

export interface DatabaseSettings {
  readonly mongodbUri: string | null;
  /** Folder of the embedded engine. */
  readonly dataDir: string;
}

/** How long the database may take to answer before it counts as down. */
const PATIENCE_MS = 5000;

/** The name of the database, as an option for the driver, where an address gives none. */
export function databaseOf(uri: string): { dbName?: string } {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(uri) ? {} : { dbName: 'survey' };
}

/**
 * Connects, and brings every index into being.
 * @param onEnd called where the embedded engine has ended by itself and cannot be started again
 * @returns what disconnects, and stops the embedded engine where it was started
 */
export async function connectDatabase(
  { mongodbUri, dataDir }: DatabaseSettings,
  onEnd: () => void,
): Promise<() => Promise<void>> {
  const engine = mongodbUri === null ? await startEngine(dataDir) : null;
  void engine?.ended.then(onEnd);
  try {
    await connectTo(mongodbUri ?? engine?.uri ?? '');
  } catch (error) {
    await engine?.stop();
    throw error;
  }
  return async () => {
    await mongoose.disconnect();
    await engine?.stop();
  };
}

/** Loaded only where it is used: a server on MongoDB needs no storage library. */
async function startEngine(dataDir: string) {
  const { startEmbeddedEngine } = await import('./embedded/index.js');
  return startEmbeddedEngine({ dataDir });
}

/** Connects to an address; a database that is down is an error within seconds, not a page that never comes. */
export async function connectTo(uri: string): Promise<void> {
  mongoose.set({ autoIndex: false, autoCreate: false, bufferCommands: false, strictQuery: 'throw' });
  await mongoose.connect(uri, {
    ...databaseOf(uri),
    serverSelectionTimeoutMS: PATIENCE_MS,
    socketTimeoutMS: 20_000,
    maxPoolSize: 50,
  });
  for (const model of Object.values(mongoose.models)) await model.createIndexes();
}

/** Whether the database answers. */
export async function isDatabaseUp(): Promise<boolean> {
  try {
    const { db } = mongoose.connection;
    if (db === undefined) return false;
    const answer = await Promise.race([
      db.command({ ping: 1 }),
      setTimeout(PATIENCE_MS, null, { ref: false }),
    ]);
    return answer?.ok === 1;
  } catch {
    return false;
  }
}
