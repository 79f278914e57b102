import { AsyncLocalStorage } from 'node:async_hooks';

/** What a process that is killed between two requests to the database never gets past. */
class Killed extends Error {}

interface Actor {
  readonly diesAt: number;
  steps: number;
  /** Lets it go on to its next step. */
  go: () => void;
}

/** Who goes next, and for how many steps. */
export interface Turn {
  readonly who: number;
  readonly steps: number;
}

/**
 * Lets several actors run in turns: one at a time, each up to its next request to the database, in an order that is
 * given. So every interleaving of requests can be had, the same one again and again.
 */
export class Turns {
  readonly #current = new AsyncLocalStorage<Actor>();
  #alive: Actor[] = [];
  #yielded: () => void = () => {};

  /** Where an actor stops until it is its turn; anybody else passes. @throws Killed where its life ends here */
  async step(): Promise<void> {
    const actor = this.#current.getStore();
    if (!actor) return;
    actor.steps += 1;
    if (actor.steps >= actor.diesAt) throw new Killed();
    await new Promise<void>((resolve) => {
      actor.go = resolve;
      this.#yielded();
    });
  }

  /**
   * Runs actors to their ends, or to their deaths.
   * @param diesAt at which step each is killed
   * @param order who goes next, among those alive; when it is over, they go one after the other
   */
  async run(
    actors: readonly { diesAt: number; work: () => Promise<void> }[],
    order: readonly Turn[],
  ): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const { diesAt, work } of actors) {
      const actor: Actor = { diesAt, steps: 0, go: () => {} };
      this.#alive.push(actor);
      await this.#until(() => ends.push(this.#live(actor, work)));
    }
    for (let turn = 0; this.#alive.length > 0; turn += 1) {
      const { who, steps } = order[turn] ?? { who: 0, steps: Number.POSITIVE_INFINITY };
      const actor = this.#alive[who % this.#alive.length];
      for (let taken = 0; actor && taken < steps && this.#alive.includes(actor); taken += 1)
        await this.#until(() => actor.go());
    }
    await Promise.all(ends);
  }

  #live(actor: Actor, work: () => Promise<void>): Promise<void> {
    return this.#current.run(actor, async () => {
      try {
        await this.step();
        await work();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      } finally {
        this.#alive = this.#alive.filter((one) => one !== actor);
        this.#yielded();
      }
    });
  }

  /** Until the one that was let go waits again or has ended. */
  #until(letGo: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#yielded = resolve;
      letGo();
    });
  }
}
