/** What came between two revisions of a round's results. */
import type { RoundTallies } from '../results/tallies.js';
import { Tally } from '../statistics/tally.js';

/** Answers that an earlier revision has are not there any more. */
export class AnswersLost extends Error {
  override name = 'AnswersLost';
}

/**
 * The tallies of the responses that came since: cell by cell and group by group what is more.
 * @param now has every cell and group that `before` has
 * @throws {AnswersLost} where anything is less than before
 */
export function difference(now: RoundTallies, before: RoundTallies): RoundTallies {
  const cellsBefore = new Map(
    before.units.map(({ unit, survey, service, tally }) => [keyOf(unit.unit, survey.id, service), tally]),
  );
  const groupsBefore = new Map(
    before.groups.map(({ survey, service, group, tally }) => [keyOf(group, survey.id, service), tally]),
  );
  const units = now.units.map((cell) => {
    const key = keyOf(cell.unit.unit, cell.survey.id, cell.service);
    const earlier = cellsBefore.get(key);
    cellsBefore.delete(key);
    return { ...cell, tally: minus(cell.tally, earlier) };
  });
  const groups = now.groups.map((cell) => {
    const key = keyOf(cell.group, cell.survey.id, cell.service);
    const earlier = groupsBefore.get(key);
    groupsBefore.delete(key);
    return { ...cell, tally: minus(cell.tally, earlier) };
  });
  for (const left of [...cellsBefore.values(), ...groupsBefore.values()])
    if (left.responses > 0) throw new AnswersLost();
  return { units, groups: groups.filter(({ tally }) => tally.responses > 0), counted: {} };
}

function minus(now: Tally, before: Tally | undefined): Tally {
  if (!before) return now;
  const counts = now.counts.map((count, at) => count - (before.counts[at] ?? 0));
  if (counts.some((count) => count < 0)) throw new AnswersLost();
  return new Tally(now.measure, counts);
}

function keyOf(...names: string[]): string {
  return JSON.stringify(names);
}
