/** Predecessors are what is said about units; successors follow from them. */
import type { Unit } from '../../models/units.js';

/**
 * Units whose successors agree with the predecessors of the others. Only units that a change of predecessors concerns
 * are touched.
 */
export function withSuccessors(before: readonly Unit[], after: readonly Unit[]): Unit[] {
  const earlier = new Map(before.map(({ _id, predecessors }) => [_id, predecessors]));
  const concerned = new Set(
    after.flatMap(({ _id, predecessors }) =>
      earlier.get(_id) === predecessors ? [] : [...(earlier.get(_id) ?? []), ...predecessors],
    ),
  );
  if (concerned.size === 0) return [...after];
  const following = new Map<string, string[]>();
  for (const { _id, predecessors } of after)
    for (const code of predecessors)
      if (concerned.has(code)) following.set(code, [...(following.get(code) ?? []), _id]);
  return after.map((unit) => {
    if (!concerned.has(unit._id)) return unit;
    const found = following.get(unit._id) ?? [];
    const kept = unit.successors.filter((code) => found.includes(code));
    return { ...unit, successors: [...kept, ...found.filter((code) => !kept.includes(code))] };
  });
}
