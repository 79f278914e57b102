/**
 * Bursts: more responses for one unit from one network within ten minutes than a class sends. They are flagged,
 * never refused.
 *
 * Nothing of it is written down. Counts live in this process's memory under a keyed hash of network and unit; the
 * key is random, made anew for every ten minutes, and key and counts are dropped together by a timer, whether
 * anything is sent afterwards or not. After at most ten minutes nobody can tell any more that a network sent
 * anything. Several processes each count what comes to them, so a burst spread over them is noticed later or not at
 * all: the price of writing nothing down.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Submission } from '../../models/responses.js';
import { BURST } from '../statistics/quality.js';

/** Together about 10 MB; a network beyond them is not counted, so nobody is flagged for a flood of others. */
const MOST_COUNTS = 50_000;

/** What is known of ten minutes. */
interface Window {
  readonly key: Buffer;
  readonly counts: Map<string, number>;
}

/** A response's place among those of its unit and network, held by its sends while they are under way. */
interface Place {
  readonly burst: boolean;
  readonly giveBack: () => void;
  sends: number;
  stored: boolean;
}

export class Bursts {
  readonly #randomKey: () => Buffer;
  readonly #underWay = new Map<string, Place>();
  #window: Window | null = null;

  /** @param randomKey makes 32 random bytes */
  constructor(randomKey = () => randomBytes(32)) {
    this.#randomKey = randomKey;
  }

  /** Everything that is kept: hashes of network and unit. */
  get kept(): string[] {
    return [...(this.#window?.counts.keys() ?? [])];
  }

  /**
   * Stores a response, telling whether it is one of a burst.
   *
   * That must be known before the one write, whose outcome tells whether it was a retry. So a send takes its place
   * first and gives it back unless it was stored; sends of the same response at the same time share one place. Of
   * the responses stored in ten minutes never more than forty go without the flag. A retry holds a place for the
   * moment of its write, so a forty-first send in that same moment may be flagged early.
   * @param ip address of the sender as Express tells it
   * @param id what the response is stored under
   * @param store the write, given whether the response is one of a burst
   */
  async counting(
    ip: string | undefined,
    unit: string,
    id: string,
    store: (burst: boolean) => Promise<Submission>,
  ): Promise<Submission> {
    const place = this.#underWay.get(id) ?? this.#take(ip, unit);
    this.#underWay.set(id, place);
    place.sends += 1;
    try {
      const outcome = await store(place.burst);
      if (outcome === 'stored') place.stored = true;
      return outcome;
    } finally {
      place.sends -= 1;
      if (place.sends === 0) {
        this.#underWay.delete(id);
        if (!place.stored) place.giveBack();
      }
    }
  }

  #take(ip: string | undefined, unit: string): Place {
    const network = networkOf(ip);
    const uncounted = { burst: false, giveBack: () => {}, sends: 0, stored: false };
    if (network === null) return uncounted;
    const { key, counts } = this.#currentWindow();
    const hash = createHmac('sha256', key).update(`${network}\n${unit}`).digest('base64url');
    const before = counts.get(hash);
    if (before === undefined && counts.size >= MOST_COUNTS) return uncounted;
    counts.set(hash, (before ?? 0) + 1);
    const giveBack = () => {
      const left = (counts.get(hash) ?? 0) - 1;
      if (left > 0) counts.set(hash, left);
      else counts.delete(hash);
    };
    return { ...uncounted, burst: (before ?? 0) >= BURST.sends, giveBack };
  }

  #currentWindow(): Window {
    if (this.#window === null) {
      this.#window = { key: this.#randomKey(), counts: new Map() };
      setTimeout(() => {
        this.#window = null;
      }, BURST.minutes * 60_000).unref();
    }
    return this.#window;
  }
}

/** The network of an address: the first 24 bits of IPv4, 48 of IPv6; null where it is no address. */
function networkOf(ip: string | undefined): string | null {
  if (ip === undefined || isIP(ip) === 0) return null;
  const network = ipKeyGenerator(ip, 48);
  return isIP(network) === 4 ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network;
}
