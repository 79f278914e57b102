import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Vitest's global set-up: tests talk to the server named by MONGODB_URI or, where there is none, to one
 * embedded engine in an empty folder, started from the compiled code exactly as the product starts it.
 */
export default async function startEngine(): Promise<() => Promise<void>> {
  if (process.env.MONGODB_URI) return async () => {};
  const compiled = pathToFileURL(path.resolve('dist/server/database/embedded/index.js')).href;
  const { startEmbeddedEngine } = (await import(
    compiled
  )) as typeof import('../server/database/embedded/index.js');
  const dataDir = await mkdtemp(path.join(tmpdir(), 'engine-test-'));
  const engine = await startEmbeddedEngine({ dataDir });
  process.env.MONGODB_URI = engine.uri;
  return async () => {
    await engine.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
