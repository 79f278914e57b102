/** Writes a whole database to a backup file while it is being used, a chunk at a time. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { mongo } from 'mongoose';
import { BackupFrames, readBackup } from './backupFile.js';

/**
 * What can be made again from the rest, and would have to be of the very same moment as the rest: left out, it is
 * counted anew after a restore (server/results/counting.ts).
 */
const DERIVED = ['tallies', 'tallyStates', 'dayCounts'];

/** What is kept for days only: print runs, and lists on their way, which may hold answers, must not live on in a file. */
const PASSING = ['keptTexts', 'printRuns'];

/** What a backup holds, for the person who made it. */
export interface BackupReport {
  collections: { name: string; count: number }[];
  /** SHA-256 of the file. */
  sha256: string;
}

/**
 * Backs a database up to a file and reads the file again to prove it. The file appears under its name only when it is
 * complete. Documents written while the backup runs may or may not be in it.
 * @throws where there is not one document: that is another database than the one that was meant
 */
export async function backupDatabase(db: mongo.Db, file: string): Promise<BackupReport> {
  const partial = `${file}.partial`;
  try {
    await pipeline(Readable.from(framesOf(db)), createGzip(), createWriteStream(partial, { mode: 0o600 }));
    const handle = await open(partial, 'r+');
    await handle.sync();
    await handle.close();
    const collections = await contentOf(partial);
    if (collections.every(({ count }) => count === 0))
      throw new Error(`The database is empty: nothing was backed up, and ${file} is as it was.`);
    await rename(partial, file);
    return { collections, sha256: await hashOf(file) };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function* framesOf(db: mongo.Db): AsyncGenerator<Buffer> {
  const frames = new BackupFrames();
  yield frames.header(db.databaseName);
  const all = await db.listCollections({ type: 'collection' }).toArray();
  const names = all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && ![...DERIVED, ...PASSING].includes(name));
  for (const name of names.sort()) {
    const collection = db.collection(name);
    yield frames.collection({ name, options: {}, indexes: await collection.indexes() });
    for await (const bytes of collection.find({}, { raw: true }))
      yield frames.document(bytes as unknown as Buffer);
    yield frames.end(name);
  }
  yield frames.trailer();
}

/** Reads a file to its end, so that every count and hash has been compared, and lists what it holds. */
export async function contentOf(file: string): Promise<{ name: string; count: number }[]> {
  const collections: { name: string; count: number }[] = [];
  for await (const event of readBackup(file)) {
    if (event.kind === 'end') collections.push({ name: event.name, count: event.count });
  }
  return collections;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
