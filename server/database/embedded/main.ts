/** `npm run engine`: the engine alone, on a port of this machine, for shells and tools. */
import { startEmbeddedEngine } from './index.js';
import { EngineError } from './storage/lock.js';

const dataDir = process.env.DATA_DIR ?? 'data';
const port = Number(process.env.PORT ?? 27017);

try {
  const engine = await startEmbeddedEngine({ dataDir, port });
  const alive = setInterval(() => {}, 2 ** 30);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void engine.stop().then(() => clearInterval(alive)));
  }
  console.log(engine.uri);
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
