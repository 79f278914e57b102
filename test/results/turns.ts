import { AsyncLocalStorage } from 'node:async_hooks';

/** What a process that is killed between two requests to the database never gets past. */
export class Killed extends Error {}

interface Actor {
  readonly diesAt: number;
  steps: number;
}

/**
 * Lets several actors run in turns: one at a time, each up to its next request to the database, in an order that is
 * given. So every interleaving of requests can be had, the same one again and again.
 */
export class Turns {
  readonly #current = new AsyncLocalStorage<Actor>();
  #parked: (() => void)[] = [];
  #yielded: () => void = () => {};

  /** Where an actor stops until it is its turn; anybody else passes. @throws Killed where its life ends here */
  async step(): Promise<void> {
    const actor = this.#current.getStore();
    if (!actor) return;
    actor.steps += 1;
    if (actor.steps >= actor.diesAt) throw new Killed();
    await new Promise<void>((resolve) => {
      this.#parked.push(resolve);
      this.#yielded();
    });
  }

  /**
   * Runs actors to their ends, or to their deaths.
   * @param diesAt at which step each is killed
   * @param order which of those waiting goes next; over when it ends, then the first each time
   */
  async run(
    actors: readonly { diesAt: number; work: () => Promise<void> }[],
    order: readonly number[],
  ): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const { diesAt, work } of actors)
      await this.#until(() => {
        const life = this.#current.run({ diesAt, steps: 0 }, async () => {
          try {
            await this.step();
            await work();
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
          }
        });
        ends.push(life.finally(() => this.#yielded()));
      });
    for (let turn = 0; this.#parked.length > 0; turn += 1) {
      const [next] = this.#parked.splice((order[turn] ?? 0) % this.#parked.length, 1);
      await this.#until(() => next?.());
    }
    await Promise.all(ends);
  }

  /** Until the one that was let go waits again or has ended. */
  #until(letGo: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#yielded = resolve;
      letGo();
    });
  }
}
