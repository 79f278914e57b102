/**
 * A published table as a network: every sum is a node, every cell an arc between the two sums it belongs to (or one
 * sum and the outside). A path along arcs is a way to raise some cells and lower others so that every sum still holds:
 * another table that an attacker cannot tell from the true one, if all cells on the path are hidden.
 */
import { PriorityQueue } from './priorityQueue.js';
import type { PublishedTable } from './publishedTable.js';

/** A cell as an arc: raising it by one raises the side `head` and lowers the side `tail` by one. */
export interface Arc {
  readonly key: string;
  readonly count: number;
  readonly tail: number;
  readonly head: number;
}

/** An arc gone along: forward raises its cell, backward lowers it. */
export interface Step {
  readonly arc: Arc;
  readonly forward: boolean;
}

/** Arcs by key and the arcs at each node; node 0 is the outside. */
export interface CellNetwork {
  readonly arcs: ReadonlyMap<string, Arc>;
  readonly at: readonly (readonly Arc[])[];
}

/**
 * Builds the network. It exists where no cell is in more than two sums and the sums can be given signs so that each
 * cell enters its two with opposite ones: every table of units on any number of levels by columns.
 * @throws {RangeError} where a sum does not add up, names a cell that is not there, or no network exists
 */
export function cellNetwork({ counts, sums }: PublishedTable): CellNetwork {
  const entries = new Map<string, { node: number; sign: number }[]>(
    [...counts.keys()].map((key) => [key, []]),
  );
  for (const [index, { total, parts }] of sums.entries()) {
    const sum = parts.reduce((all, part) => all + (counts.get(part) ?? Number.NaN), 0);
    if (sum !== counts.get(total)) throw new RangeError(`parts do not add up to ${total}`);
    entries.get(total)?.push({ node: index + 1, sign: -1 });
    for (const part of parts) entries.get(part)?.push({ node: index + 1, sign: 1 });
  }
  const signs = signsOf([...entries.values()], sums.length + 1);
  const arcs = new Map<string, Arc>();
  const at: Arc[][] = signs.map(() => []);
  for (const [key, places] of entries) {
    const raised = places.find(({ node, sign }) => sign * (signs[node] ?? 0) > 0)?.node ?? 0;
    const lowered = places.find(({ node, sign }) => sign * (signs[node] ?? 0) < 0)?.node ?? 0;
    const arc = { key, count: counts.get(key) ?? 0, tail: lowered, head: raised };
    arcs.set(key, arc);
    at[arc.tail]?.push(arc);
    if (arc.head !== arc.tail) at[arc.head]?.push(arc);
  }
  return { arcs, at };
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

/**
 * Cheapest path between two nodes (Dijkstra).
 * @param cost of a step, at least 0; Infinity for one that cannot be gone
 * @returns its steps, in no particular order; null where there is none
 */
export function cheapestPath(
  network: CellNetwork,
  from: number,
  to: number,
  cost: (step: Step) => number,
): Step[] | null {
  if (from === to) return [];
  const best = new Map<number, { cost: number; step: Step | null }>([[from, { cost: 0, step: null }]]);
  const done = new Set<number>();
  const queue = new PriorityQueue<number>();
  queue.push(from, 0);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node === to) break;
    if (done.has(node)) continue;
    done.add(node);
    const sofar = best.get(node)?.cost ?? 0;
    for (const arc of network.at[node] ?? []) {
      const step = { arc, forward: arc.tail === node };
      const next = step.forward ? arc.head : arc.tail;
      const all = sofar + cost(step);
      if (all < (best.get(next)?.cost ?? Number.POSITIVE_INFINITY)) {
        best.set(next, { cost: all, step });
        queue.push(next, all);
      }
    }
  }
  if (!best.has(to)) return null;
  const path: Step[] = [];
  for (let node = to; node !== from; ) {
    const step = best.get(node)?.step;
    if (!step) return null;
    path.push(step);
    node = step.forward ? step.arc.tail : step.arc.head;
  }
  return path;
}
