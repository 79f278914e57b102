/** Where commands find the database: the server of MONGODB_URI, or the embedded engine of DATA_DIR. */
import path from 'node:path';
import mongoose, { type mongo } from 'mongoose';
import { connectTo, databaseOf } from './connection.js';

/**
 * Connects, runs the work and closes. An embedded engine that is serving is reached where it listens; one that is not
 * is started for the time of the work.
 * @param folder whether the folder of an embedded engine has to be there, or may be made
 * @throws where it has to be and is not: a mistyped DATA_DIR is another database, and an empty one
 */
export async function withDatabase<T>(
  env: NodeJS.ProcessEnv,
  work: (db: mongo.Db) => Promise<T>,
  folder: 'there' | 'made' = 'there',
): Promise<T> {
  const { uri, stop } = await addressOf(env, folder);
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    await client.connect();
    return await work(client.db(databaseOf(uri).dbName));
  } finally {
    await client.close();
    await stop();
  }
}

/** The same for work that goes through the models, on a database that is there. */
export async function withModels<T>(env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const { uri, stop } = await addressOf(env, 'there');
  try {
    await connectTo(uri);
    return await work();
  } finally {
    await mongoose.disconnect();
    await stop();
  }
}

async function addressOf(
  env: NodeJS.ProcessEnv,
  folder: 'there' | 'made',
): Promise<{ uri: string; stop: () => Promise<void> }> {
  if (env.MONGODB_URI) return { uri: env.MONGODB_URI, stop: async () => {} };
  const dataDir = path.resolve(env.DATA_DIR ?? 'data');
  const { isDatabaseIn, runningEngineUri, startEmbeddedEngine } = await import('./embedded/index.js');
  const uri = await runningEngineUri(dataDir);
  if (folder === 'there' && uri === undefined && !isDatabaseIn(dataDir))
    throw new Error(`There is no database in ${dataDir}. Set DATA_DIR, or MONGODB_URI, as for the server.`);
  return uri === undefined ? startEmbeddedEngine({ dataDir }) : { uri, stop: async () => {} };
}

/** What went wrong, in a sentence. @param file that the command reads or writes */
export function saidOf(error: unknown, file: string): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const sentence = FILE_FAULTS[code];
  if (sentence) return `${file}: ${sentence}`;
  return error instanceof Error ? error.message : String(error);
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, or no such folder.',
  EISDIR: 'this is a folder, not a file.',
  EACCES: 'the file may not be read or written.',
  EROFS: 'nothing can be written there.',
  ENOSPC: 'the disk is full.',
};
