/** The tree of units as the page shows it, and what a filter leaves of it. */
import type { Day } from '../../models/day.js';
import { UNIT_KINDS, type UnitKind } from '../../models/unitKinds.js';
import { hasEnded, type Unit } from '../../models/units.js';
import { searchable } from '../http/searchable.js';

/** A unit with those below it. */
export interface UnitNode {
  readonly unit: Unit;
  readonly below: readonly UnitNode[];
  /** How many units are below it, at whatever depth. */
  readonly count: number;
}

/** What to look for; empty where everything is wanted. */
export interface UnitFilter {
  /** Words that the name or the code holds, in whatever spelling. */
  readonly words: string;
  readonly kind: UnitKind | '';
  readonly level: string;
  /** Whether units that no longer exist are shown. */
  readonly closed: boolean;
}

/** The kinds that units have, in the order of kinds. */
export function kindsOf(units: readonly Unit[]): UnitKind[] {
  const found = new Set(units.map(({ kind }) => kind));
  return UNIT_KINDS.filter((kind) => found.has(kind));
}

/** Whether a filter looks for anything but what exists. */
export function narrows({ words, kind, level }: UnitFilter): boolean {
  return words.trim() !== '' || kind !== '' || level !== '';
}

/**
 * The units that a filter finds, as a tree: with the units above them, so that their place is seen.
 * @returns the tree and how many units were found, those above not counted
 */
export function treeOf(
  units: readonly Unit[],
  filter: UnitFilter,
  today: Day,
): { tree: UnitNode[]; found: number } {
  const byCode = new Map(units.map((unit) => [unit._id, unit]));
  const wanted = searchable(filter.words).split(' ').filter(Boolean);
  const matches = (unit: Unit) => {
    if (!filter.closed && hasEnded(unit, today)) return false;
    if (filter.kind !== '' && unit.kind !== filter.kind) return false;
    if (filter.level !== '' && !unit.levels.includes(filter.level)) return false;
    const text = wanted.length > 0 ? searchable(`${unit.name} ${unit._id}`) : '';
    return wanted.every((word) => text.includes(word));
  };
  const shown = new Set<string>();
  let found = 0;
  for (const unit of units) {
    if (!matches(unit)) continue;
    found += 1;
    for (let at: Unit | undefined = unit; at !== undefined && !shown.has(at._id); ) {
      shown.add(at._id);
      at = at.parent === null ? undefined : byCode.get(at.parent);
    }
  }
  return { tree: nodesOf(units.filter(({ _id }) => shown.has(_id))), found };
}

/** Units by the code of the unit above them; those with none above them among the given ones under null. */
export function unitsBelow(units: readonly Unit[]): ReadonlyMap<string | null, readonly Unit[]> {
  const codes = new Set(units.map(({ _id }) => _id));
  const below = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const parent = unit.parent !== null && codes.has(unit.parent) ? unit.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(unit);
    else below.set(parent, [unit]);
  }
  return below;
}

function nodesOf(units: readonly Unit[]): UnitNode[] {
  const below = unitsBelow(units);
  const node = (unit: Unit): UnitNode => {
    const under = (below.get(unit._id) ?? []).map(node);
    return { unit, below: under, count: under.reduce((sum, { count }) => sum + count + 1, 0) };
  };
  return (below.get(null) ?? []).map(node);
}
