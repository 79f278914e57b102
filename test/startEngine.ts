import { ownEngine } from './database/ownEngine.js';

/**
 * Vitest's global set-up: tests talk to the server named by MONGODB_URI or, where there is none, to one
 * embedded engine in an empty folder, started from the compiled code exactly as the product starts it.
 */
export default async function startEngine(): Promise<() => Promise<void>> {
  if (process.env.MONGODB_URI) return async () => {};
  const engine = await ownEngine();
  process.env.MONGODB_URI = engine.uri;
  return engine.remove;
}
