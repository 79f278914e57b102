/** An embedded engine for tests that are about the engine itself: started from the compiled code, in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type Embedded = typeof import('../../server/database/embedded/index.js');

export interface OwnEngine {
  uri: string;
  dataDir: string;
  stop: () => Promise<void>;
  /** Stops it and removes its folder. */
  remove: () => Promise<void>;
}

/** The compiled module, as the product loads it. */
export async function embeddedModule(): Promise<Embedded> {
  const compiled = pathToFileURL(path.resolve('dist/server/database/embedded/index.js')).href;
  return (await import(compiled)) as Embedded;
}

/** Starts an engine on the given folder, or on a new one. */
export async function ownEngine(dataDir?: string): Promise<OwnEngine> {
  const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'own-engine-')));
  const { startEmbeddedEngine } = await embeddedModule();
  const { uri, stop } = await startEmbeddedEngine({ dataDir: folder });
  const remove = async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { uri, dataDir: folder, stop, remove };
}
