/** Where commands find the database: the server of MONGODB_URI, or the embedded engine of DATA_DIR. */
import path from 'node:path';
import mongoose, { type mongo } from 'mongoose';
import { connectTo, databaseOf } from './connection.js';

/**
 * Connects, runs the work and closes. An embedded engine that is serving is reached where it listens; one that is not
 * is started for the time of the work.
 */
export async function withDatabase<T>(
  env: NodeJS.ProcessEnv,
  work: (db: mongo.Db) => Promise<T>,
): Promise<T> {
  const { uri, stop } = await addressOf(env);
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    await client.connect();
    return await work(client.db(databaseOf(uri).dbName));
  } finally {
    await client.close();
    await stop();
  }
}

/** The same for work that goes through the models. */
export async function withModels<T>(env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const { uri, stop } = await addressOf(env);
  try {
    await connectTo(uri);
    return await work();
  } finally {
    await mongoose.disconnect();
    await stop();
  }
}

async function addressOf(env: NodeJS.ProcessEnv): Promise<{ uri: string; stop: () => Promise<void> }> {
  if (env.MONGODB_URI) return { uri: env.MONGODB_URI, stop: async () => {} };
  const dataDir = path.resolve(env.DATA_DIR ?? 'data');
  const { runningEngineUri, startEmbeddedEngine } = await import('./embedded/index.js');
  const uri = await runningEngineUri(dataDir);
  return uri === undefined ? startEmbeddedEngine({ dataDir }) : { uri, stop: async () => {} };
}
