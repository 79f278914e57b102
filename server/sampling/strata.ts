/** Puts the units of a round into strata. */
import type { DesignStratum, StratumKey, StratumPart } from '../../models/samplingDesign.js';

/** A unit of the list that a sample is drawn from. */
export interface FrameUnit {
  readonly unit: string;
  readonly name: string;
  /** Levels it teaches that the round asks about, in the round's order. */
  readonly levels: readonly string[];
  readonly area: string | null;
  /** The commune, ward or district above it; null where there is none. */
  readonly place: { readonly code: string; readonly name: string } | null;
  /** People who could be asked; null where not known. */
  readonly enrolment: number | null;
}

/** A stratum with its units. */
export interface UnitStratum<Unit extends FrameUnit> extends Pick<DesignStratum, 'code' | 'parts'> {
  readonly units: readonly Unit[];
}

/**
 * The strata of units, numbered from 1. Whatever the order of the units, the result is the same: strata are in the
 * order of their levels, area classes and places, units in that of their codes.
 *
 * A school of several levels is in a stratum of its own kind (`tieu-hoc|thcs`), as in the statistics of schools: how
 * its learners divide over the levels is not known, and every learner must be in exactly one stratum.
 * @param levels the round's levels, in order
 */
export function strataOf<Unit extends FrameUnit>(
  units: readonly Unit[],
  by: readonly StratumKey[],
  levels: readonly string[],
): UnitStratum<Unit>[] {
  const groups = new Map<string, { parts: StratumPart[]; order: string; units: Unit[] }>();
  for (const unit of [...units].sort((a, b) => compared(a.unit, b.unit))) {
    const parts = by.map((key) => partOf(unit, key));
    const key = JSON.stringify(parts.map(({ value }) => value));
    const group = groups.get(key) ?? { parts, order: orderOf(parts, levels), units: [] };
    groups.set(key, group);
    group.units.push(unit);
  }
  return [...groups.entries()]
    .sort(([a, { order: one }], [b, { order: other }]) => compared(one, other) || compared(a, b))
    .map(([, group], index) => ({ code: String(index + 1), parts: group.parts, units: group.units }));
}

function partOf({ levels, area, place }: FrameUnit, by: StratumKey): StratumPart {
  if (by === 'level') return { by, value: levels.join('|'), name: '' };
  if (by === 'area') return { by, value: area ?? '', name: '' };
  return { by, value: place?.code ?? '', name: place?.name ?? '' };
}

/** Sorts schools of one level in the round's order before those of several, and what is not known last. */
function orderOf(parts: readonly StratumPart[], levels: readonly string[]): string {
  return parts
    .map(({ by, value, name }) => {
      if (value === '') return '\uffff';
      if (by !== 'level') return name || value;
      const taught = value.split('|');
      const places = taught.map((level) => String(levels.indexOf(level)).padStart(2, '0'));
      return [String(taught.length).padStart(2, '0'), ...places].join(' ');
    })
    .join('\n');
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
