/**
 * Guesses at invitation codes: of one network so many codes that nobody was given, then none is looked at for a while.
 * A slip of the finger never counts, as the check character catches it before anything is looked up; so a school
 * behind one address does not come near the limit.
 *
 * No address is kept, not even in memory: networks are counted under a hash whose random key lives as long as the
 * process. Several processes each count what comes to them.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { ipKeyGenerator } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';

/** At this pace, of three hundred thousand codes one is found in more than a year. */
const MOST_GUESSES = 300;
const WITHIN_MS = 10 * 60 * 1000;

const secret = randomBytes(32);
const guesses = new LRUCache<string, number>({ max: 50_000, ttl: WITHIN_MS });

function networkOf(ip: string): string {
  return createHmac('sha256', secret).update(ipKeyGenerator(ip)).digest('base64url');
}

/** Whether so many wrong codes have come from a network that it has to wait. */
export function hasGuessedTooMuch(ip: string): boolean {
  return (guesses.get(networkOf(ip)) ?? 0) >= MOST_GUESSES;
}

/** Counts a well-formed code that nobody was given. */
export function countGuess(ip: string): void {
  const network = networkOf(ip);
  // The first guess begins the ten minutes; those that follow do not lengthen them.
  guesses.set(network, (guesses.get(network) ?? 0) + 1, { noUpdateTTL: true });
}
