/** The units of a round: that they last, can be told apart, have a link, and are not in two rounds unawares. */
import { allRounds, type Round } from '../../models/rounds.js';
import { type RoundUnit, snapshotsOfUnits } from '../../models/roundUnits.js';
import type { Unit } from '../../models/units.js';
import type { Format } from '../http/format.js';
import { type Check, check, draftMend, unitsMend } from './checkList.js';

/** What is to be known about the units of a draft that is to open. */
export function unitChecks(
  round: Round,
  snapshot: readonly RoundUnit[],
  units: readonly Unit[],
  format: Format,
): Check[] {
  const count = (list: readonly unknown[]) => ({ count: format.count(list.length) });
  const namesOf = (list: readonly { name: string }[]) => ({
    names: list.map(({ name }) => name),
    mend: unitsMend,
  });
  const found: Check[] = [check('fine', 'units', 'rounds.check.units.fine', count(snapshot))];
  const without = snapshot.filter(({ linkCode }) => !linkCode);
  if (without.length > 0)
    found.push(check('error', 'units', 'rounds.check.units.no-link', count(without), namesOf(without)));
  const asked = new Set(round.units);
  const ending = units.filter(({ _id, until }) => asked.has(_id) && until !== null && until < round.closes);
  if (ending.length > 0)
    found.push(check('warning', 'units', 'rounds.check.units.ending', count(ending), namesOf(ending)));
  const coming = units.filter(({ _id, since }) => asked.has(_id) && since !== null && since > round.opens);
  if (coming.length > 0)
    found.push(check('warning', 'units', 'rounds.check.units.coming', count(coming), namesOf(coming)));
  const alike = alikeUnits(snapshot);
  if (alike.length > 0)
    found.push(check('warning', 'units', 'rounds.check.units.alike', count(alike), namesOf(alike)));
  const unsized = snapshot.filter(({ levels, enrolment }) => levels.length > 0 && enrolment === null);
  if (round.subject === 'education' && !round.continuous && unsized.length > 0)
    found.push(check('warning', 'units', 'rounds.check.units.unsized', count(unsized), namesOf(unsized)));
  return found;
}

/** Units that a person choosing one could not tell apart: the same name below the same unit. */
function alikeUnits(snapshot: readonly RoundUnit[]): RoundUnit[] {
  const placeOf = ({ name, path }: RoundUnit) => `${path.at(-1) ?? ''} ${name.toLowerCase()}`;
  const times = new Map<string, number>();
  for (const unit of snapshot) times.set(placeOf(unit), (times.get(placeOf(unit)) ?? 0) + 1);
  return snapshot.filter((unit) => (times.get(placeOf(unit)) ?? 0) > 1);
}

/**
 * Open rounds that share days and units with a draft without asking the same: a link then asks which one.
 * @param clashing labels of those that do ask the same
 */
export async function overlapChecks(
  round: Round,
  snapshot: readonly RoundUnit[],
  clashing: readonly unknown[],
  format: Format,
): Promise<Check[]> {
  const fine = check('fine', 'overlap', 'rounds.check.overlap.fine');
  const others = (await allRounds()).filter(
    ({ _id, label, state, opens, closes }) =>
      _id !== round._id &&
      !clashing.includes(label) &&
      state === 'open' &&
      opens <= round.closes &&
      round.opens <= closes,
  );
  if (others.length === 0) return [fine];
  const shared = await snapshotsOfUnits(
    others.map(({ _id }) => _id),
    snapshot.map(({ unit }) => unit),
  );
  const beside = others.flatMap(({ _id, label }) => {
    const names = shared.filter((one) => one.round === _id).map(({ name }) => name);
    const parameters = { label, count: format.count(names.length) };
    const more = { names, mend: draftMend(round, 'opens') };
    return names.length > 0
      ? [check('warning', 'overlap', 'rounds.check.overlap.beside', parameters, more)]
      : [];
  });
  return [fine, ...beside];
}
