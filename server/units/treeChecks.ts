/** What is wrong with a tree of units. */
import type { Day } from '../../models/day.js';
import type { Unit } from '../../models/units.js';

/** Codes of units that are above themselves. Every unit is walked through once, however deep the tree. */
export function unitsInCircles(units: readonly Pick<Unit, '_id' | 'parent'>[]): ReadonlySet<string> {
  const parentOf = new Map(units.map(({ _id, parent }) => [_id, parent]));
  const circling = new Set<string>();
  const walked = new Set<string>();
  for (const start of parentOf.keys()) {
    const trail = new Set<string>();
    let code: string | null = start;
    while (code !== null && !walked.has(code) && !trail.has(code)) {
      trail.add(code);
      code = parentOf.get(code) ?? null;
    }
    for (; code !== null && trail.has(code) && !circling.has(code); code = parentOf.get(code) ?? null)
      circling.add(code);
    for (const passed of trail) walked.add(passed);
  }
  return circling;
}

/** Units that outlive the unit above them, by code, with the last day of that one. */
export function closedParents(
  units: readonly Pick<Unit, '_id' | 'parent' | 'until'>[],
): ReadonlyMap<string, Day> {
  const untilOf = new Map(units.map(({ _id, until }) => [_id, until]));
  return new Map(
    units.flatMap(({ _id, parent, until }): [string, Day][] => {
      const above = parent === null ? null : (untilOf.get(parent) ?? null);
      return above !== null && (until === null || until > above) ? [[_id, above]] : [];
    }),
  );
}

/** A tree deeper than this is a mistake: a department, its communes, schools and sites are four levels. */
const DEEPEST = 12;

/** Codes of units that more units are above than any real tree has. Those in circles are not among them. */
export function unitsTooDeep(units: readonly Pick<Unit, '_id' | 'parent'>[]): ReadonlySet<string> {
  const parentOf = new Map(units.map(({ _id, parent }) => [_id, parent]));
  const depthOf = new Map<string, number>();
  for (const start of parentOf.keys()) {
    const trail: string[] = [];
    let code: string | null = start;
    while (code !== null && !depthOf.has(code) && parentOf.has(code)) {
      // A mark that ends the walk through a circle.
      depthOf.set(code, 0);
      trail.push(code);
      code = parentOf.get(code) ?? null;
    }
    let depth = code === null ? 0 : (depthOf.get(code) ?? 0);
    for (const passed of trail.reverse()) depthOf.set(passed, ++depth);
  }
  return new Set([...depthOf].flatMap(([code, depth]) => (depth > DEEPEST ? [code] : [])));
}
