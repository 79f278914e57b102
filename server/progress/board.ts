/** The rows of the progress board: the units of a round, and the places above them. */
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { countedDays } from './countedDays.js';
import {
  type Calendar,
  calendarOf,
  lags,
  type Progress,
  progressOf,
  type UnitCount,
  unitCounts,
} from './progress.js';

/** One line: a unit, or a place with the units below it. */
export interface BoardRow {
  readonly code: string;
  readonly name: string;
  /** Names of the units above it, from the top. */
  readonly above: readonly string[];
  /** Units in it; null for a unit itself. */
  readonly units: number | null;
  /** How many of its units lag; of a unit 0 or 1. */
  readonly lagging: number;
  readonly progress: Progress;
  /** Of a unit; null for a place. */
  readonly linkCode: string | null;
  /** What a unit is directly below; null at the top, and for a place. */
  readonly place: Place | null;
}

/** Where in the tree one is: code and name, from the top. */
export interface Place {
  readonly code: string;
  readonly name: string;
}

export interface Board {
  readonly round: Round;
  readonly calendar: Calendar;
  /** When the counts were exact. */
  readonly at: Date;
  /** The places from the top down to the one that is shown; empty at the top. */
  readonly trail: readonly Place[];
  /** All units of the place that is shown. */
  readonly total: BoardRow;
  /** The places and units directly below it. */
  readonly places: readonly BoardRow[];
  /** Every unit below it. */
  readonly units: readonly BoardRow[];
  /** Whether there are places at all, so that both lists differ. */
  readonly nested: boolean;
}

/**
 * The board of a round, or of one place in it.
 * @param below code of the place; empty for the whole round
 * @returns null where nothing of the round is below such a place
 */
export async function boardOf(
  context: Pick<Context, 'today'>,
  round: Round,
  below: string,
): Promise<Board | null> {
  const calendar = calendarOf(round, context.today());
  const [members, counted] = await Promise.all([
    unitsOfRound(round._id),
    countedDays(round._id, calendar.today),
  ]);
  const counts = unitCounts(counted, calendar);
  const top = below === '' ? topOf(members) : below;
  const inside = top === null ? members : members.filter((unit) => isBelow(unit, top));
  if (inside.length === 0 && below !== '') return null;
  const units = inside.map((unit) => unitRow(unit, counts, calendar));
  const rowOf = new Map(units.map((row) => [row.code, row]));
  const groupRow = (code: string, group: readonly RoundUnit[]): BoardRow => {
    const above = trailTo(group, code);
    return {
      code,
      name: above.at(-1)?.name ?? code,
      above: above.slice(0, -1).map(({ name }) => name),
      units: group.length,
      lagging: group.reduce((sum, { unit }) => sum + (rowOf.get(unit)?.lagging ?? 0), 0),
      progress: progressOf(group, counts, calendar),
      linkCode: null,
      place: null,
    };
  };
  const places = [...groupedBelow(inside, top)].map(
    ([code, group]) => (group.length === 1 && rowOf.get(code)) || groupRow(code, group),
  );
  const trail = below === '' ? [] : trailTo(inside, below);
  return {
    round,
    calendar,
    at: counted.at,
    trail,
    total: { ...groupRow(below, inside), name: trail.at(-1)?.name ?? round.label },
    places,
    units,
    nested: places.some((row) => row.units !== null),
  };
}

function isBelow({ unit, path }: RoundUnit, place: string): boolean {
  return unit === place || path.includes(place);
}

/** The department, where all units are below the same one: it says nothing to show it as the only line. */
function topOf(members: readonly RoundUnit[]): string | null {
  const [first] = members;
  let top: string | null = null;
  for (const code of first?.path ?? []) {
    if (!members.every(({ path }) => path.includes(code))) break;
    top = code;
  }
  return top;
}

/** Units by the place directly below `top` that they are in, or by themselves. */
function groupedBelow(members: readonly RoundUnit[], top: string | null): Map<string, RoundUnit[]> {
  const groups = new Map<string, RoundUnit[]>();
  for (const member of members) {
    const whole = [...member.path, member.unit];
    const code = whole[top === null ? 0 : whole.indexOf(top) + 1] ?? member.unit;
    const group = groups.get(code);
    if (group) group.push(member);
    else groups.set(code, [member]);
  }
  return groups;
}

function unitRow(unit: RoundUnit, counts: ReadonlyMap<string, UnitCount>, calendar: Calendar): BoardRow {
  const progress = progressOf([unit], counts, calendar);
  const above = unit.path.map((code, at) => unit.pathNames[at] ?? code);
  const code = unit.path.at(-1);
  return {
    code: unit.unit,
    name: unit.name,
    above,
    units: null,
    lagging: Number(lags(progress)),
    progress,
    linkCode: unit.linkCode,
    place: code === undefined ? null : { code, name: above.at(-1) ?? code },
  };
}

/** The places from the top down to one, as the round has kept their names. */
function trailTo(members: readonly RoundUnit[], code: string): Place[] {
  const through = members.find(({ path }) => path.includes(code));
  if (through) {
    const end = through.path.indexOf(code) + 1;
    return through.path
      .slice(0, end)
      .map((place, at) => ({ code: place, name: through.pathNames[at] ?? place }));
  }
  const itself = members.find(({ unit }) => unit === code);
  if (!itself) return [];
  const above = itself.path.map((place, at) => ({ code: place, name: itself.pathNames[at] ?? place }));
  return [...above, { code, name: itself.name }];
}
