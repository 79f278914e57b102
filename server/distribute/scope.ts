/** Which units of a round a print run or an export is about: all, or those of one commune or other unit above them. */
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { allUnits } from '../../models/units.js';
import { Problem } from '../http/problem.js';

/** The units below one, itself among them where it takes part; in the order they are printed. */
export interface Group {
  /** Code of the unit directly above; empty for units with none. */
  readonly above: string;
  readonly name: string;
  readonly units: readonly RoundUnit[];
}

/**
 * The units of a round by the unit directly above them, in the order of names.
 * @param below code of a unit above; undefined for all
 * @throws {Problem} 404 `not-found` where nothing of the round is below that unit
 */
export async function groupsOf(round: string, below?: string): Promise<Group[]> {
  const members = (await unitsOfRound(round)).filter(
    ({ path, unit }) => below === undefined || unit === below || path.includes(below),
  );
  if (below !== undefined && members.length === 0) throw new Problem(404, 'not-found');
  const names = new Map((await allUnits()).map(({ _id, name }) => [_id, name]));
  for (const { unit, name } of members) names.set(unit, name);
  const groups = new Map<string, RoundUnit[]>();
  for (const member of members) {
    const above = member.path.at(-1) ?? '';
    const group = groups.get(above);
    if (group) group.push(member);
    else groups.set(above, [member]);
  }
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name.localeCompare(other.name, 'vi', { numeric: true });
  return [...groups]
    .map(([above, units]) => ({ above, name: names.get(above) ?? above, units: units.sort(byName) }))
    .sort(byName);
}
