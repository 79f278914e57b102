/** Which units of an earlier round a unit is compared with: itself, or those that went into it. */
import type { RoundUnit } from '../../models/roundUnits.js';

/** What of a unit matters for it. */
export type MatchedUnit = Pick<RoundUnit, 'unit' | 'predecessors'>;

/**
 * `same`: the unit was there before. `merged`: several units before are one now, compared with what they were together.
 * `new`: nothing before became this unit. `divided`: part of what was before is somebody else's now.
 */
export type UnitMatch =
  | { readonly kind: 'same' | 'merged'; readonly before: readonly string[] }
  | { readonly kind: 'new' | 'divided' };

/**
 * A match for every unit of a round. A unit before becomes every unit now that bears its code or has it among its
 * predecessors, and is comparable only where that is a single one.
 */
export function unitMatches(
  now: readonly MatchedUnit[],
  before: readonly Pick<MatchedUnit, 'unit'>[],
): ReadonlyMap<string, UnitMatch> {
  const codesBefore = new Set(before.map(({ unit }) => unit));
  const roots = new Map(
    now.map(({ unit, predecessors }) => [
      unit,
      [...new Set([unit, ...(predecessors ?? [])])].filter((code) => codesBefore.has(code)),
    ]),
  );
  const becomes = new Map<string, number>();
  for (const codes of roots.values())
    for (const code of codes) becomes.set(code, (becomes.get(code) ?? 0) + 1);
  return new Map(
    [...roots].map(([unit, codes]): [string, UnitMatch] => {
      if (codes.length === 0) return [unit, { kind: 'new' }];
      if (codes.some((code) => (becomes.get(code) ?? 0) > 1)) return [unit, { kind: 'divided' }];
      const isSame = codes.length === 1 && codes[0] === unit;
      return [unit, { kind: isSame ? 'same' : 'merged', before: codes }];
    }),
  );
}
