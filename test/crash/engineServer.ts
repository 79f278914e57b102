/** The engine as a process of its own that tests can kill at any instant and start again on the same folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface EngineServer {
  uri: string;
  pid: number;
  /** How long it took from the start of the process to the printed URI. */
  startedInMs: number;
  kill: () => Promise<void>;
  terminate: () => Promise<number | null>;
}

/** Starts `npm run engine`'s program; rejects with what it says when it refuses to start. */
export async function startEngineServer(dataDir: string, port: number): Promise<EngineServer> {
  const began = performance.now();
  const program = path.resolve('dist/server/database/embedded/main.js');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const uri = await firstLine(child);
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await ended;
    return code as number | null;
  };
  return {
    uri,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - began,
    kill: async () => {
      await end('SIGKILL');
    },
    terminate: () => end('SIGTERM'),
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr?.on('data', (data: Buffer) => {
      complaint += data.toString();
    });
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(complaint.trim() || `the engine ended with ${code}`)));
  });
}
