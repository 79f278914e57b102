/**
 * How many codes of a round are used: counted anew at most once a minute, as counting three hundred thousand takes a
 * second. Numbers only; which codes they are is shown nowhere.
 */
import { LRUCache } from 'lru-cache';
import { type InvitationCounts, invitationCounts } from '../../models/invitations.js';

interface Counted {
  readonly at: Date;
  readonly counts: ReadonlyMap<string, InvitationCounts>;
}

/** A page waits so long for a count, in milliseconds, and is then shown without it. */
const PATIENCE_MS = 300;

const counted = new LRUCache<string, Counted>({
  max: 8,
  ttl: 60_000,
  allowStale: true,
  fetchMethod: async (round) => ({ at: new Date(), counts: await invitationCounts(round) }),
});

/** The counts of a round by unit; null where they are not there yet: look again in a moment. */
export function codeCounts(round: string): Promise<Counted | null> {
  const counting = counted.fetch(round).then((counts) => counts ?? null);
  const late = new Promise<null>((resolve) => {
    setTimeout(resolve, PATIENCE_MS, null).unref();
  });
  return Promise.race([counting, late]);
}

/** Forgets what was counted of a round, after something of it was changed on purpose. */
export function countCodesAnew(round: string): void {
  counted.delete(round);
}
