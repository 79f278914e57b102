/**
 * A published table as a network: every sum is a node, every cell an arc between the two sums it belongs to (or one
 * sum and the outside). A path along arcs is a way to raise some cells and lower others so that every sum still holds:
 * another table that an attacker cannot tell from the true one, if all cells on the path are hidden.
 */
import { PriorityQueue } from './priorityQueue.js';
import type { PublishedSum, PublishedTable } from './publishedTable.js';

/** How cells and sums hang together, whatever the counts: the same for all tables with the same sums. */
interface Structure {
  /** Cells in order; everything else is by their place in it. */
  readonly keys: readonly string[];
  /** Raising a cell by one raises the side `head` and lowers the side `tail` by one; node 0 is the outside. */
  readonly tails: Int32Array;
  readonly heads: Int32Array;
  /** Cells at each node. */
  readonly at: readonly (readonly number[])[];
  readonly sums: readonly { readonly total: number; readonly parts: readonly number[] }[];
}

/** A cell gone along: forward raises it, backward lowers it. */
export interface Step {
  readonly cell: number;
  readonly forward: boolean;
}

/** Where a path may go. */
export interface Ways {
  /** Whether a cell is hidden already, so that going along it costs nothing. */
  readonly hidden: Uint8Array;
  /** Whether others may be gone along as well, each at the cost of its count. */
  readonly mayHide: boolean;
  readonly usable: (cell: number, forward: boolean) => boolean;
}

const structures = new WeakMap<readonly PublishedSum[], Structure>();

export class CellNetwork {
  readonly keys: readonly string[];
  /** By cell. */
  readonly counts: Float64Array;
  readonly #structure: Structure;
  /** Cells at a node, the smallest first; made when first asked for. */
  readonly #sorted: (readonly number[] | undefined)[] = [];
  /** One after the other, so that a search of a few steps need not begin with room for all nodes. */
  readonly #search: Search;

  /**
   * It exists where no cell is in more than two sums and the sums can be given signs so that each cell enters its two
   * with opposite ones: every table of units on any number of levels by columns.
   * @throws {RangeError} where a sum does not add up, names a cell that is not there, or no network exists
   */
  constructor({ counts, sums }: PublishedTable) {
    const structure = structures.get(sums) ?? structureOf([...counts.keys()], sums);
    structures.set(sums, structure);
    this.#structure = structure;
    this.#search = new Search(structure.at.length);
    this.keys = structure.keys;
    this.counts = Float64Array.from(structure.keys, (key) => counts.get(key) ?? Number.NaN);
    for (const { total, parts } of structure.sums) {
      const sum = parts.reduce((all, part) => all + (this.counts[part] ?? Number.NaN), 0);
      if (sum !== this.counts[total]) throw new RangeError(`parts do not add up to ${this.keys[total]}`);
    }
  }

  /**
   * A way to raise a cell while every sum holds: the cheapest path from its head back to its tail (Dijkstra).
   * @returns its steps, in no particular order; null where there is none
   */
  pathAround(cell: number, { hidden, mayHide, usable }: Ways): Step[] | null {
    const { tails, heads, at } = this.#structure;
    const [from, to] = [heads[cell] ?? 0, tails[cell] ?? 0];
    if (from === to) return [];
    // Most small cells have a hidden one beside them, between the same two sums: then nothing need be searched.
    for (const through of at[from] ?? []) {
      const forward = tails[through] === from;
      if (hidden[through] && (forward ? heads : tails)[through] === to && usable(through, forward))
        return [{ cell: through, forward }];
    }
    const search = this.#search;
    search.begin();
    /** Steps of no cost wait here, the others in the queue, each node giving its next cheapest only. */
    const free: number[] = [];
    const queue = mayHide ? new PriorityQueue<{ node: number; next: number; sofar: number }>() : null;
    const waitFor = (node: number, next: number, sofar: number): void => {
      const through = this.#sortedAt(node)[next];
      if (through !== undefined) queue?.push({ node, next, sofar }, sofar + (this.counts[through] ?? 0));
    };
    const settle = (node: number, by: number, sofar: number): void => {
      search.reach(node, by);
      for (const through of at[node] ?? []) if (hidden[through]) free.push(stepFrom(node, through));
      if (mayHide) waitFor(node, 0, sofar);
    };
    const stepFrom = (node: number, through: number) => 2 * through + Number(tails[through] === node);
    const go = (step: number, sofar: number): void => {
      const through = step >> 1;
      const forward = (step & 1) === 1;
      const end = (forward ? heads : tails)[through] ?? 0;
      if (!search.reached(end) && usable(through, forward)) settle(end, step, sofar);
    };
    settle(from, NO_STEP, 0);
    for (let cost = 0; !search.reached(to); ) {
      const step = free.pop();
      if (step !== undefined) {
        go(step, cost);
        continue;
      }
      const waiting = queue?.pop();
      if (!waiting) return null;
      const { node, next, sofar } = waiting;
      const through = this.#sortedAt(node)[next] ?? 0;
      cost = sofar + (this.counts[through] ?? 0);
      waitFor(node, next + 1, sofar);
      if (!hidden[through]) go(stepFrom(node, through), cost);
    }
    return pathTo(to, search, this.#structure);
  }

  #sortedAt(node: number): readonly number[] {
    const known = this.#sorted[node];
    if (known) return known;
    const sorted = [...(this.#structure.at[node] ?? [])].sort(
      (one, other) => (this.counts[one] ?? 0) - (this.counts[other] ?? 0),
    );
    this.#sorted[node] = sorted;
    return sorted;
  }
}

function pathTo(to: number, search: Search, { tails, heads }: Structure): Step[] {
  const path: Step[] = [];
  for (let by = search.by(to); by !== NO_STEP; ) {
    const step = { cell: by >> 1, forward: (by & 1) === 1 };
    path.push(step);
    by = search.by((step.forward ? tails : heads)[step.cell] ?? 0);
  }
  return path;
}

/** Of the node that a search begins at. */
const NO_STEP = -1;

/** Which nodes a search has reached, and by which step: twice the cell, and one more where it is raised. */
class Search {
  readonly #when: Int32Array;
  readonly #by: Int32Array;
  #now = 0;

  constructor(nodes: number) {
    this.#when = new Int32Array(nodes);
    this.#by = new Int32Array(nodes);
  }

  begin(): void {
    this.#now += 1;
  }

  reach(node: number, by: number): void {
    this.#when[node] = this.#now;
    this.#by[node] = by;
  }

  reached(node: number): boolean {
    return this.#when[node] === this.#now;
  }

  by(node: number): number {
    return this.#by[node] ?? NO_STEP;
  }
}

function structureOf(keys: readonly string[], sums: readonly PublishedSum[]): Structure {
  const places = new Map(keys.map((key, cell) => [key, cell]));
  const placeOf = (key: string): number => {
    const place = places.get(key);
    if (place === undefined) throw new RangeError(`a sum has no cell ${key}`);
    return place;
  };
  const indexed = sums.map(({ total, parts }) => ({ total: placeOf(total), parts: parts.map(placeOf) }));
  const entries: { node: number; sign: number }[][] = keys.map(() => []);
  for (const [index, { total, parts }] of indexed.entries()) {
    entries[total]?.push({ node: index + 1, sign: -1 });
    for (const part of parts) entries[part]?.push({ node: index + 1, sign: 1 });
  }
  const signs = signsOf(entries, sums.length + 1);
  const end = (side: number) =>
    Int32Array.from(
      entries,
      (sides) => sides.find(({ node, sign }) => sign * (signs[node] ?? 0) * side > 0)?.node ?? 0,
    );
  const [heads, tails] = [end(1), end(-1)];
  const at: number[][] = signs.map(() => []);
  for (const cell of keys.keys())
    for (const node of new Set([tails[cell] ?? 0, heads[cell] ?? 0])) at[node]?.push(cell);
  return { keys, tails, heads, at, sums: indexed };
}

/** A sign for each node, spread from node to node over the cells they share. */
function signsOf(cells: readonly (readonly { node: number; sign: number }[])[], nodes: number): number[] {
  const neighbours: { node: number; same: number }[][] = Array.from({ length: nodes }, () => []);
  for (const places of cells) {
    const [one, two, three] = places;
    if (three) throw new RangeError('a cell is in more than two sums');
    if (!one || !two) continue;
    neighbours[one.node]?.push({ node: two.node, same: -one.sign * two.sign });
    neighbours[two.node]?.push({ node: one.node, same: -one.sign * two.sign });
  }
  const signs = Array.from({ length: nodes }, () => 0);
  for (let start = 0; start < nodes; start += 1) {
    if (signs[start] !== 0) continue;
    signs[start] = 1;
    const reached = [start];
    for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
      for (const next of neighbours[node] ?? []) {
        const sign = (signs[node] ?? 0) * next.same;
        if (signs[next.node] === -sign) throw new RangeError('the sums form no network');
        if (signs[next.node] === 0) reached.push(next.node);
        signs[next.node] = sign;
      }
    }
  }
  return signs;
}
