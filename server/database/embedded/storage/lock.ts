/**
 * One engine per directory. The lock is a file naming the process that holds it; a process that is gone holds
 * nothing, so that a start right after a kill waits for nobody.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why an engine could not start, in a sentence; `code` is stable. */
export class EngineError extends Error {
  constructor(
    readonly code: 'ENGINE_IN_USE' | 'ENGINE_DAMAGED' | 'ENGINE_FAILED',
    message: string,
  ) {
    super(message);
  }
}

export interface Lock {
  /** Notes where the engine can be reached, for tools that are given only the directory. */
  announce: (uri: string) => void;
  release: () => void;
}

interface Holder {
  pid: number;
  born: string | undefined;
  /** The process that the engine serves; when it is gone the engine ends too. */
  parent: number | undefined;
  uri?: string;
}

const ORPHAN_MS = 5000;

function lockFile(dataDir: string): string {
  return path.join(dataDir, 'engine.lock');
}

/** Takes the directory. @throws EngineError ENGINE_IN_USE */
export async function lockDirectory(dataDir: string): Promise<Lock> {
  const file = lockFile(dataDir);
  const own: Holder = {
    pid: process.pid,
    born: bornAt(process.pid),
    parent: process.send ? process.ppid : undefined,
  };
  const patience = Date.now() + ORPHAN_MS;
  while (!create(file, own)) {
    const text = read(file);
    const holder = parse(text);
    if (!holder || !(await holds(holder))) {
      takeAway(file, text);
    } else if (holder.parent !== undefined && !isAlive(holder.parent) && Date.now() < patience) {
      await sleep(20);
    } else {
      throw new EngineError(
        'ENGINE_IN_USE',
        `The data directory ${dataDir} is in use by another process (${holder.pid}). Stop it first, or choose another directory.`,
      );
    }
  }
  return {
    announce: (uri) => writeFileSync(file, JSON.stringify({ ...own, uri }), { mode: 0o600 }),
    release: () => rmSync(file, { force: true }),
  };
}

/** The address of the engine that serves a directory now, or undefined if none does. */
export async function runningEngineUri(dataDir: string): Promise<string | undefined> {
  const holder = parse(read(lockFile(dataDir)));
  return holder && (await holds(holder)) ? holder.uri : undefined;
}

function create(file: string, own: Holder): boolean {
  const draft = `${file}.${own.pid}`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Removes a lock that nobody holds, unless another start was faster and it is a new one already. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (read(aside) !== stale) linkSync(aside, file);
  } catch {
    // another start took it away, or put a new one there: the next round sees it
  } finally {
    rmSync(aside, { force: true });
  }
}

async function holds({ pid, born, uri }: Holder): Promise<boolean> {
  if (pid !== process.pid && isAlive(pid) && bornAt(pid) === born) return true;
  return uri !== undefined && (await answers(uri));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, where the system tells: a number used again by another process is then not mistaken. */
function bornAt(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'dead' : fields[19];
}

function answers(uri: string): Promise<boolean> {
  const host = decodeURIComponent(/\/\/([^/]*)/.exec(uri)?.[1] ?? '');
  const [name, port] = host.split(':');
  const target = host.startsWith('/') ? { path: host } : { host: name, port: Number(port) };
  return new Promise((resolve) => {
    const socket = connect(target as { path: string });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    setTimeout(() => end(false), 500).unref();
  });
}
