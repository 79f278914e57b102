/** A queue that gives the entry of least priority first: a binary heap. */
export class PriorityQueue<T> {
  readonly #heap: { readonly value: T; readonly priority: number }[] = [];

  push(value: T, priority: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push({ value, priority });
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#priority(above) <= priority) break;
      this.#swap(at, above);
      at = above;
    }
  }

  /** Takes the entry of least priority; undefined where there is none. */
  pop(): T | undefined {
    const heap = this.#heap;
    this.#swap(0, heap.length - 1);
    const first = heap.pop();
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = this.#priority(left + 1) < this.#priority(left) ? left + 1 : left;
      if (this.#priority(least) >= this.#priority(at)) break;
      this.#swap(at, least);
      at = least;
    }
    return first?.value;
  }

  #priority(at: number): number {
    return this.#heap[at]?.priority ?? Number.POSITIVE_INFINITY;
  }

  #swap(one: number, two: number): void {
    const a = this.#heap[one];
    const b = this.#heap[two];
    if (!a || !b) return;
    this.#heap[one] = b;
    this.#heap[two] = a;
  }
}
