/** Keeps the tallies of every round close behind its responses while the server runs, so that no reader has much to add. */
import { setTimeout } from 'node:timers/promises';
import { allRounds } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { countResponses } from './counting.js';

/** Also how long it can be told from the stored data, at most, that a response is new. */
const EVERY_MS = 30_000;

/**
 * Counts what is uncounted, now and then again and again. Any number of servers may do so at once.
 * @returns what counts a last time and ends it
 */
export function keepTallies({ log }: Pick<Context, 'log'>): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const count = async () => {
    try {
      for (const round of await allRounds()) if (round.state !== 'draft') await countResponses(round);
    } catch (error) {
      // Figures are right without it, only slower; the next time may succeed.
      log.warn({ err: error }, 'responses not counted');
    }
  };
  const run = async () => {
    while (!signal.aborted) {
      await count();
      await setTimeout(EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
    await count();
  };
  const running = run();
  return async () => {
    ending.abort();
    await running;
  };
}
