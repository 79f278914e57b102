/** `npm run backup -- FILE`: the database of MONGODB_URI or DATA_DIR into a file, while it is being used. */

import { saidOf, withDatabase } from './backupAddress.js';
import { backupDatabase } from './backupDatabase.js';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('Usage: npm run backup -- FILE');
  process.exitCode = 2;
} else {
  try {
    const { collections, sha256 } = await withDatabase(process.env, (db) => backupDatabase(db, file));
    for (const { name, count } of collections) console.log(`${name}: ${count}`);
    console.log(`${file}: verified, SHA-256 ${sha256}`);
  } catch (error) {
    console.error(saidOf(error, file));
    process.exitCode = 1;
  }
}
