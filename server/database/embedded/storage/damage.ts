/** Tells at start whether the file can be trusted: a damaged one is reported, a lost one is not quietly begun anew. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EngineError } from './lock.js';

/** Version of the layout of keys and values in the file. */
const FORMAT = 1;
/** Larger files are not read through at every start. */
const READ_THROUGH = 2 * 2 ** 30;

/** Whether an engine has begun a database in a directory; what has become of its file is for the opening to say. */
export function isDatabaseIn(dataDir: string): boolean {
  return existsSync(noteFile(dataDir));
}

/** @throws EngineError ENGINE_DAMAGED if the file that must be there is not, or is of another format. */
export function checkPresence(dataDir: string, file: string): void {
  const note = noteFile(dataDir);
  if (!existsSync(note)) return;
  const { format } = JSON.parse(readFileSync(note, 'utf8')) as { format?: unknown };
  if (format !== FORMAT)
    throw damaged(dataDir, `its format is ${String(format)}, this program knows ${FORMAT}`);
  if (!existsSync(file) || statSync(file).size === 0) throw damaged(dataDir, 'it is missing or empty');
}

/** Runs a read of everything; LMDB's complaints become a sentence. Worse damage ends this process, which the parent reports. */
export function checkContent(dataDir: string, file: string, readAll: () => void): void {
  try {
    if (statSync(file).size < READ_THROUGH) readAll();
  } catch (error) {
    throw damaged(dataDir, error instanceof Error ? error.message : String(error));
  }
  if (!existsSync(noteFile(dataDir)))
    writeFileSync(noteFile(dataDir), JSON.stringify({ format: FORMAT }), { mode: 0o600, flush: true });
}

/** The refusal to serve a file, in a sentence. */
export function damaged(dataDir: string, why: string): EngineError {
  return new EngineError(
    'ENGINE_DAMAGED',
    `The data file in ${dataDir} cannot be read: ${why}. Nothing was changed. Restore a backup into an empty directory.`,
  );
}

function noteFile(dataDir: string): string {
  return path.join(dataDir, 'engine.json');
}
