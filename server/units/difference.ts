/** What a set of changes does, put so that a person sees it: units that are added, moved, closed, changed. */
import { isDeepStrictEqual } from 'node:util';
import type { UnitChange, UnitCounts } from '../../models/unitChanges.js';
import type { Unit } from '../../models/units.js';

/** A fact of a unit that differs. */
type UnitFact = Exclude<keyof Unit, '_id'>;

/** A unit that was there before and is there after. */
interface ChangedUnit {
  readonly before: Unit;
  readonly after: Unit;
  /** The facts that differ; at least one. */
  readonly facts: readonly UnitFact[];
}

/** Every change is in exactly one of these. */
interface UnitDifference {
  readonly added: readonly Unit[];
  /** Only when additions are taken back. */
  readonly removed: readonly Unit[];
  readonly closed: readonly ChangedUnit[];
  readonly moved: readonly ChangedUnit[];
  readonly changed: readonly ChangedUnit[];
}

/** In the order in which they are shown. */
export const UNIT_FACTS: readonly UnitFact[] = [
  'name',
  'kind',
  'levels',
  'parent',
  'enrolment',
  'area',
  'since',
  'until',
  'predecessors',
  'successors',
  'services',
  'linkCode',
];

/** The facts in which two states of a unit differ. */
export function factsChanged(before: Unit, after: Unit): UnitFact[] {
  return UNIT_FACTS.filter((fact) => !isDeepStrictEqual(before[fact], after[fact]));
}

/** The changes that lead from some units to others; units that stay as they are have none. */
export function changesBetween(before: readonly Unit[], after: readonly Unit[]): UnitChange[] {
  const old = new Map(before.map((unit) => [unit._id, unit]));
  const kept = new Set(after.map(({ _id }) => _id));
  return [
    ...after.flatMap((unit): UnitChange[] => {
      const earlier = old.get(unit._id);
      if (!earlier) return [{ before: null, after: unit }];
      return factsChanged(earlier, unit).length > 0 ? [{ before: earlier, after: unit }] : [];
    }),
    ...before.filter(({ _id }) => !kept.has(_id)).map((unit) => ({ before: unit, after: null })),
  ];
}

/** What changes do, sorted. */
export function differenceOf(changes: readonly UnitChange[]): UnitDifference {
  const added: Unit[] = [];
  const removed: Unit[] = [];
  const closed: ChangedUnit[] = [];
  const moved: ChangedUnit[] = [];
  const changed: ChangedUnit[] = [];
  for (const { before, after } of changes) {
    if (before && after) {
      const facts = factsChanged(before, after);
      const kind =
        before.until === null && after.until !== null ? closed : facts.includes('parent') ? moved : changed;
      kind.push({ before, after, facts });
    } else if (after) added.push(after);
    else if (before) removed.push(before);
  }
  return { added, removed, closed, moved, changed };
}

/** How many units changes add, change, move and close. */
export function countsOf(changes: readonly UnitChange[]): UnitCounts {
  const { added, changed, removed, moved, closed } = differenceOf(changes);
  return {
    added: added.length,
    changed: changed.length + removed.length,
    moved: moved.length,
    closed: closed.length,
  };
}
