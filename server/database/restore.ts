/** `npm run restore -- FILE`: a verified backup in the place of the database of MONGODB_URI or DATA_DIR. */
import { saidOf, withDatabase } from './backupAddress.js';
import { restoreDatabase } from './restoreDatabase.js';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('Usage: npm run restore -- FILE');
  process.exitCode = 2;
} else {
  try {
    const restored = await withDatabase(process.env, (db) => restoreDatabase(db, file), 'made');
    for (const { name, count } of restored) console.log(`${name}: ${count}`);
    console.log(`${file}: restored; collections of the same database that were there before are replaced`);
  } catch (error) {
    console.error(saidOf(error, file));
    process.exitCode = 1;
  }
}
