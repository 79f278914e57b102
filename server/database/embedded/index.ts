/** The embedded engine as the product sees it: started on a directory, reached by an address, stopped. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Listen } from './engine.js';
import type { StartAnswer, StartRequest } from './process.js';
import { damaged } from './storage/damage.js';
import { EngineError } from './storage/lock.js';

export { isDatabaseIn } from './storage/damage.js';
export { runningEngineUri } from './storage/lock.js';

export interface EmbeddedEngine {
  /** For the MongoDB driver, without a database name. */
  uri: string;
  stop: () => Promise<void>;
  /** Resolves when the engine has ended by itself, twice within a minute; after one such end it is started again. */
  ended: Promise<void>;
}

export interface StartOptions {
  dataDir: string;
  /** A TCP port of the loopback interface, for tools; without it a socket that only this user can reach. */
  port?: number;
}

/** An engine that ends by itself again this soon will not be saved by starting it once more. */
const AGAIN_MS = 60_000;

/** Operating systems cut longer socket paths. */
const LONGEST_SOCKET = 100;

/**
 * Starts the engine on a directory, which is made if it is not there.
 * @throws EngineError `ENGINE_IN_USE` if another process has the directory, `ENGINE_DAMAGED` if its file cannot be
 * read, `ENGINE_FAILED` if the directory cannot be made, each with a sentence to show.
 */
export async function startEmbeddedEngine(options: StartOptions): Promise<EmbeddedEngine> {
  const dataDir = directoryAt(options.dataDir);
  const { listen, remove } =
    options.port === undefined ? socketFor(dataDir) : { listen: { port: options.port }, remove: () => {} };
  const request = { dataDir, listen };
  const first = await startProcess(request).catch((error: unknown) => {
    remove();
    throw error;
  });
  let { child } = first;
  let stopped: Promise<void> | undefined;
  const ended = new Promise<void>((resolve) => {
    let endedAt = 0;
    const onExit = () => {
      const tooOften = Date.now() - endedAt < AGAIN_MS;
      endedAt = Date.now();
      if (stopped) return;
      if (tooOften || !('socket' in listen)) return resolve();
      startProcess(request).then((next) => {
        child = next.child;
        if (stopped) child.send('stop');
        child.once('exit', onExit);
      }, resolve);
    };
    child.once('exit', onExit);
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.connected) {
      child.ref();
      const exit = once(child, 'exit');
      child.send('stop');
      await exit;
    }
    remove();
  };
  return { uri: first.uri, stop: () => (stopped ??= stop()), ended };
}

function directoryAt(wanted: string): string {
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    return realpathSync(wanted);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new EngineError(
      'ENGINE_FAILED',
      `The data directory ${wanted} cannot be made (${code}). Choose another one, or give the server the right to write there.`,
    );
  }
}

/** Starts the engine's process and waits until it serves. @throws EngineError */
async function startProcess(request: StartRequest): Promise<{ child: ChildProcess; uri: string }> {
  const child = fork(new URL('./process.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // a server's working set rather than a script's speed: memory that is free goes back to the system
    execArgv: ['--max-semi-space-size=4'],
    env: { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' },
  });
  const answer = await firstAnswer(child, request);
  if ('code' in answer) {
    child.kill('SIGKILL');
    throw new EngineError(answer.code as EngineError['code'], answer.message);
  }
  child.unref();
  child.channel?.unref();
  return { child, uri: answer.uri };
}

function socketFor(dataDir: string): { listen: Listen; remove: () => void } {
  if (process.platform === 'win32') return { listen: { port: 0 }, remove: () => {} };
  const inside = path.join(dataDir, 'engine.sock');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET) return { listen: { socket: inside }, remove: () => {} };
  const dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  return {
    listen: { socket: path.join(dir, 'engine.sock') },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function firstAnswer(child: ReturnType<typeof fork>, request: StartRequest): Promise<StartAnswer> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as StartAnswer));
    child.once('error', (error) =>
      resolve({ code: 'ENGINE_FAILED', message: `The engine could not be started: ${error.message}` }),
    );
    child.once('exit', (code, signal) => {
      resolve(damaged(request.dataDir, `reading it ended the engine (${signal ?? code})`));
    });
    child.send(request);
  });
}
