import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

/** The product as an office runs it: a process of its own, spoken to over HTTP. */
export interface RunningProduct {
  readonly url: string;
  /** Everything printed so far. */
  output(): string;
  /** Its exit code once it has ended, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it with a signal. @returns its exit code, or null where the signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the compiled product and waits until it listens.
 * @param entry `main` or `demo/main`
 * @param environment settings; nothing is inherited but the path, so that a test is alone in what it sets
 * @param root the folder it is in
 * @throws with everything printed where it ends before it listens
 */
export function startProduct(
  entry: 'main' | 'demo/main',
  environment: Readonly<Record<string, string>>,
  root = '.',
): Promise<RunningProduct> {
  const child = spawn(process.execPath, [path.resolve(root, `dist/server/${entry}.js`)], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = exitOf(child);
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Hệ thống đang chạy tại (http:\S+)/.exec(printed)?.[1];
      if (url && (entry === 'main' || /Mật khẩu: \S+\n/.test(printed)))
        resolve({
          url,
          output: () => printed,
          ended,
          end: (signal) => {
            child.kill(signal);
            return ended;
          },
        });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`ended with ${code} before it listened:\n${printed}`)));
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
}
