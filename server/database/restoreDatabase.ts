/**
 * Puts a backup in the place of a database. The whole file is verified before anything is touched; then everything is
 * written beside the database's collections and takes their names only when it is complete.
 */
import { randomBytes } from 'node:crypto';
import mongoose, { type mongo } from 'mongoose';
import { contentOf } from './backupDatabase.js';
import { type CollectionInfo, readBackup } from './backupFile.js';

const { BSON } = mongoose.mongo;

const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_DOCUMENTS = 1000;

/**
 * @returns what was restored
 * @throws BackupFileError for a file that is cut short, altered or foreign; the database is then as it was, and so it
 * is after any other failure
 */
export async function restoreDatabase(
  db: mongo.Db,
  file: string,
): Promise<{ name: string; count: number }[]> {
  const content = await contentOf(file);
  const mark = randomBytes(6).toString('hex');
  const staged: Move[] = content.map(({ name }) => ({ from: `restore-${mark}.${name}`, to: name }));
  try {
    await fillStaging(db, file, `restore-${mark}.`);
    for (const { name, count } of content) {
      const found = await db.collection(`restore-${mark}.${name}`).countDocuments();
      if (found !== count)
        throw new Error(`${found} of ${count} documents of ${name} were stored; nothing was changed.`);
    }
    await swap(db, staged, `replaced-${mark}.`);
  } catch (error) {
    for (const { from } of staged) await db.dropCollection(from).catch(() => {});
    throw error;
  }
  return content;
}

async function fillStaging(db: mongo.Db, file: string, prefix: string): Promise<void> {
  let info: CollectionInfo | undefined;
  let batch: mongo.BSON.Document[] = [];
  let size = 0;
  const flush = async () => {
    if (info && batch.length > 0)
      await db.collection(prefix + info.name).insertMany(batch, { ordered: true, ignoreUndefined: false });
    batch = [];
    size = 0;
  };
  for await (const event of readBackup(file)) {
    if (event.kind === 'collection') {
      info = event.info;
      await db.createCollection(prefix + info.name);
    } else if (event.kind === 'document') {
      batch.push(BSON.deserialize(event.bytes, { promoteValues: false, bsonRegExp: true }));
      size += event.bytes.length;
      if (size >= BATCH_BYTES || batch.length >= BATCH_DOCUMENTS) await flush();
    } else {
      await flush();
      if (info) await makeIndexes(db.collection(prefix + info.name), info);
    }
  }
}

async function makeIndexes(collection: mongo.Collection, { indexes }: CollectionInfo): Promise<void> {
  const wanted = indexes.filter(({ name }) => name !== '_id_');
  if (wanted.length === 0) return;
  const specs = wanted.map(
    ({ v, ns, background, storageEngine, ...spec }) => spec as unknown as mongo.IndexDescription,
  );
  await collection.createIndexes(specs);
}

interface Move {
  from: string;
  to: string;
}

/** Sets the old collections aside, gives the new ones their names, drops the old; undone if any step fails. */
async function swap(db: mongo.Db, staged: Move[], aside: string): Promise<void> {
  const present = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  const old = present
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && !staged.some(({ from }) => from === name));
  const done: Move[] = [];
  try {
    for (const move of [...old.map((name) => ({ from: name, to: aside + name })), ...staged]) {
      await db.renameCollection(move.from, move.to);
      done.push(move);
    }
  } catch (error) {
    for (const { from, to } of done.reverse()) await db.renameCollection(to, from);
    throw error;
  }
  for (const name of old) await db.dropCollection(aside + name);
}
