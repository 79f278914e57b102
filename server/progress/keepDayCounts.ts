/**
 * Keeps the counts per day of open rounds close behind their responses while the server runs, so that nobody who opens
 * a board waits for half a million of them. Figures are right without it.
 */
import { setTimeout } from 'node:timers/promises';
import { allRounds } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { countedDays } from './countedDays.js';

const EVERY_MS = 30_000;

/** Counts now, and again and again. @returns what ends it */
export function keepDayCounts({ log, today }: Pick<Context, 'log' | 'today'>): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const count = async () => {
    try {
      for (const { _id, state } of await allRounds())
        if (state === 'open' && !signal.aborted) await countedDays(_id, today());
    } catch (error) {
      // The database going away at the end is no news.
      if (!signal.aborted) log.warn({ err: error }, 'responses not counted by day');
    }
  };
  const run = async () => {
    while (!signal.aborted) {
      await count();
      await setTimeout(EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  void run();
  return () => ending.abort();
}
