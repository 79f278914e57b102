/** The units below one in a round, each with how far it and everything below it have come. */
import type { Day } from '../../models/day.js';
import { type RoundUnit, unitsOfRoundBelow } from '../../models/roundUnits.js';
import type { Unit } from '../../models/units.js';
import { countedDays } from '../progress/countedDays.js';

export interface UnitBelow {
  readonly unit: string;
  readonly name: string;
  /** Units that take part, itself among them; 1 for a school. */
  readonly taking: number;
  /** Of these, how many have no answer yet. */
  readonly silent: number;
  readonly responses: number;
  /** Sum of the quotas; null where a unit has none. */
  readonly quota: number | null;
}

/**
 * The units directly below one that take part in a round, or that have units below them which do; in the order of
 * their names.
 * @param names today's units by code, for those above schools that take no part themselves
 */
export async function unitsBelow(
  round: string,
  top: string,
  today: Day,
  names: () => Promise<ReadonlyMap<string, Unit>>,
): Promise<UnitBelow[]> {
  const members = await unitsOfRoundBelow(round, top);
  if (members.length === 0) return [];
  const responses = new Map<string, number>();
  for (const { counts } of (await countedDays(round, today)).days)
    for (const units of counts.values())
      for (const [unit, count] of units) responses.set(unit, (responses.get(unit) ?? 0) + count);
  const groups = new Map<string, RoundUnit[]>();
  for (const member of members) {
    const child = member.path[member.path.indexOf(top) + 1] ?? member.unit;
    const group = groups.get(child);
    if (group) group.push(member);
    else groups.set(child, [member]);
  }
  const units = await names();
  const rows = [...groups].map(([unit, group]): UnitBelow => {
    const counts = group.map((member) => responses.get(member.unit) ?? 0);
    const quotas = group.map(({ quota }) => quota);
    return {
      unit,
      name: group.find((member) => member.unit === unit)?.name ?? units.get(unit)?.name ?? unit,
      taking: group.length,
      silent: counts.filter((count) => count === 0).length,
      responses: counts.reduce((sum, count) => sum + count, 0),
      quota: quotas.reduce(
        (sum, quota) => (sum === null || quota === null ? null : sum + quota),
        0 as number | null,
      ),
    };
  });
  return rows.sort((one, other) => one.name.localeCompare(other.name, 'vi', { numeric: true }));
}
