/**
 * Sends a file piece by piece, as fast as it is taken. The log says first who takes what away, and afterwards whether
 * all of it was sent. Where a file breaks off, its last line says so and the connection is cut, so that the browser
 * reports a failed download: a part of a file never looks like a whole one.
 */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Response } from 'express';
import { recordAudit, recordNumberedAudit } from '../../models/auditEntries.js';
import { accountName } from '../http/session.js';

/** A file as it is offered. */
export interface OfferedFile {
  /** What the audit log calls it, such as `rates-exported`. */
  readonly action: string;
  /** What it is of: a round; empty where the action says it all. */
  readonly subject: string;
  /** Its name, such as `ty-le-hai-long-dot-1`. */
  readonly name: string;
  /** What else the log tells of it. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** How long the line that says that a file is not whole may take on its way. */
const PATIENCE_MS = 1000;

/**
 * Sends a CSV file.
 * @param pieces the file; returns how many rows it has
 * @throws what the pieces throw; nothing where the person has gone away
 */
export async function sendCsv(
  response: Response,
  { action, subject, name, details = {} }: OfferedFile,
  pieces: AsyncGenerator<string, number>,
): Promise<void> {
  const account = accountName(response);
  const entry = await recordNumberedAudit({ account, action, subject, details });
  const taken = takenBy(response);
  try {
    // Where not even the first piece comes, there is still a page to say so.
    let piece = await pieces.next();
    response.type('text/csv; charset=utf-8').attachment(`${name}.csv`);
    for (; !piece.done; piece = await pieces.next()) await taken(response.write(piece.value));
    response.end();
    if (!response.writableFinished) await once(response, 'finish', { signal: taken.gone });
    await recordAudit({ account, action: 'export-whole', subject, details: { entry, rows: piece.value } });
  } catch (error) {
    // Where the database is gone this cannot be said; the file says it by itself.
    await recordAudit({ account, action: 'export-broken', subject, details: { entry } }).catch(() => {});
    await pieces.return(0).catch(() => {});
    if (taken.gone.aborted) return;
    if (response.headersSent) await lastPieceGoesOut(response);
    throw error;
  }
}

/** Waits until a response can take more. One listener for all pieces: compression would keep each one for ever. */
function takenBy(response: Response) {
  const gone = new AbortController();
  let resume = () => {};
  response.on('drain', () => resume());
  response.once('close', () => {
    gone.abort();
    resume();
  });
  const taken = async (hasRoom: boolean) => {
    gone.signal.throwIfAborted();
    if (hasRoom) return;
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
    gone.signal.throwIfAborted();
  };
  return Object.assign(taken, { gone: gone.signal });
}

/** Waits until what was written is on its way; then the error handler cuts the connection. */
async function lastPieceGoesOut(response: Response): Promise<void> {
  response.flush?.();
  const until = Date.now() + PATIENCE_MS;
  do await setTimeout(20);
  while ((response.socket?.writableLength ?? 0) > 0 && Date.now() < until);
}
