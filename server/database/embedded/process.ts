/**
 * The engine's own process: the web server's event loop is never held up, and a damaged file ends this process with
 * a sentence rather than the web server. It ends with its parent, however the parent ends.
 */
import { type Listen, type RunningEngine, runEngine } from './engine.js';
import { EngineError } from './storage/lock.js';

export interface StartRequest {
  dataDir: string;
  listen: Listen;
}

export type StartAnswer = { uri: string } | { code: string; message: string };

let running: RunningEngine | undefined;

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A terminal's Ctrl-C reaches the whole group: the parent decides when the engine stops.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

process.on('message', (message: StartRequest | 'stop') => {
  if (message === 'stop') void stop();
  else void start(message);
});

async function start({ dataDir, listen }: StartRequest): Promise<void> {
  try {
    running = await runEngine(dataDir, listen);
    tell({ uri: running.uri });
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'ENGINE_FAILED';
    tell({ code, message: error instanceof Error ? error.message : String(error) });
  }
}

async function stop(): Promise<void> {
  await running?.stop();
  process.exit(0);
}

function tell(answer: StartAnswer): void {
  process.send?.(answer);
}
