import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

/** The address of a database of its own for one test file, by default on whichever engine the run uses. */
export function freshDatabaseUri(server = process.env.MONGODB_URI): string {
  if (!server) throw new Error('startEngine.ts has not run: MONGODB_URI is not set');
  const [base = '', query] = server.split('?');
  const name = `test-${randomBytes(6).toString('hex')}`;
  return `${base.replace(/(mongodb:\/\/[^/]+)\/?.*$/, '$1')}/${name}${query ? `?${query}` : ''}`;
}

/** Drops the connection's database and closes it, so that a test run leaves nothing behind. */
export async function dropDatabase(): Promise<void> {
  if (mongoose.connection.readyState === 1) await mongoose.connection.dropDatabase();
  await mongoose.disconnect();
}
