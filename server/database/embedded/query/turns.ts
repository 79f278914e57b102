/** Long work gives way to others now and then. */
const LONGEST_TURN = 4;

/** Lets other requests have their turn when this one has run for a while. */
export class Turns {
  #began = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#began < LONGEST_TURN) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
