/** The databases that benches run on, each thrown away at the end, and processes that begin from cold. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedEngine } from '../../dist/server/database/embedded/index.js';

/** Does `work(uri)` on an embedded engine of its own. */
export async function onEmbeddedEngine(work) {
  await inFolder(async (dataDir) => {
    const engine = await startEmbeddedEngine({ dataDir });
    try {
      await work(engine.uri);
    } finally {
      await engine.stop();
    }
  });
}

/** The same, or on the reference server that REFERENCE_URI names. */
export async function onDatabase(work) {
  const { REFERENCE_URI: server } = process.env;
  if (server) await work(freshDatabase(server));
  else await onEmbeddedEngine(work);
}

/** The address of a database of a name of its own on a server. */
export function freshDatabase(server) {
  const [base, query] = server.split('?');
  const name = `bench-${randomBytes(4).toString('hex')}`;
  return `${base.replace(/(mongodb:\/\/[^/]+)\/?.*$/, '$1')}/${name}${query ? `?${query}` : ''}`;
}

/** Does `work(folder)` in a folder that is gone afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a script in a process of its own, as a server that has just started, to its end. */
export async function inFreshProcess(script, args) {
  const child = fork(script, args);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (status !== 0) throw new Error(`ended with ${status}`);
}
