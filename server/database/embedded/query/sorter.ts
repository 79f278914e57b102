/**
 * Puts things in the order of their keys, in memory and a little at a time: short runs are sorted as they fill, and
 * merged with places to pause in between, so that sorting very many does not keep others waiting. Equal keys stay in
 * the order in which they came.
 */
interface Keyed<T> {
  key: Buffer;
  value: T;
}

const RUN = 2048;
const CHUNK = 256;

export class Sorter<T> {
  readonly #most: number;
  #runs: Keyed<T>[][] = [];
  #last: Keyed<T>[] = [];

  /** @param most how many of the first are wanted */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  add(key: Buffer, value: T): void {
    this.#last.push({ key, value });
    if (this.#last.length < Math.max(RUN, Math.min(this.#most, RUN * 16))) return;
    this.#closeRun();
    if (this.#most === Number.POSITIVE_INFINITY) return;
    const [first = [], second] = this.#runs;
    if (second) this.#runs = [[...merged(first, second)].flat().slice(0, this.#most)];
  }

  #closeRun(): void {
    this.#runs.push(this.#last.sort((a, b) => Buffer.compare(a.key, b.key)).slice(0, this.#most));
    this.#last = [];
  }

  /** Everything in order, in chunks; empty ones are places where a pause is possible. */
  *sorted(): Generator<T[]> {
    this.#closeRun();
    while (this.#runs.length > 1) {
      const longer: Keyed<T>[][] = [];
      for (let at = 0; at < this.#runs.length; at += 2) {
        const [first = [], second] = this.#runs.slice(at, at + 2);
        const run: Keyed<T>[] = [];
        for (const chunk of second ? merged(first, second) : [first]) {
          for (const one of chunk) run.push(one);
          yield [];
        }
        longer.push(run);
      }
      this.#runs = longer;
    }
    const all = (this.#runs[0] ?? []).slice(0, this.#most);
    for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK).map(({ value }) => value);
  }
}

function* merged<T>(first: Keyed<T>[], second: Keyed<T>[]): Generator<Keyed<T>[]> {
  let chunk: Keyed<T>[] = [];
  let other = 0;
  for (const one of first) {
    for (let next = second[other]; next && Buffer.compare(next.key, one.key) < 0; next = second[++other])
      chunk.push(next);
    chunk.push(one);
    if (chunk.length >= CHUNK * 4) {
      yield chunk;
      chunk = [];
    }
  }
  yield [...chunk, ...second.slice(other)];
}
