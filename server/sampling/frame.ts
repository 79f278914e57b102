/** The list that a sample is drawn from: the units of a round as they are now. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { sampleUnitsOf } from '../../models/sampleUnits.js';
import { allUnits, type Unit } from '../../models/units.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import { snapshotOf, unitsAsked } from './snapshot.js';
import type { FrameUnit } from './strata.js';

/** The frame of a draft, as it would be if it were opened now. */
export async function frameOfDraft(draft: Round): Promise<FrameUnit[]> {
  const surveys = await Promise.all(draft.surveys.map(pinnedSurvey));
  const units = await allUnits();
  const round = draft.everyUnit ? { ...draft, units: unitsAsked(surveys, units, draft) } : draft;
  return frameOf(round, snapshotOf(round, surveys, units), units);
}

/** The quotas of a draft that somebody set by hand, by unit. */
export async function quotasByHand(round: string): Promise<ReadonlyMap<string, number>> {
  const kept = await sampleUnitsOf(round);
  return new Map(kept.flatMap(({ unit, quota }) => (quota === null ? [] : [[unit, quota]])));
}

/** The frame of units that a round is about to keep. @param units all there are, for what is above them */
export function frameOf(
  { services }: Pick<Round, 'services'>,
  snapshot: readonly RoundUnit[],
  units: readonly Unit[],
): FrameUnit[] {
  const byCode = new Map(units.map((unit) => [unit._id, unit]));
  return snapshot.map(({ unit, name, levels, area, path, enrolment }) => ({
    unit,
    name,
    levels: services.map(({ code }) => code).filter((code) => levels.includes(code)),
    area,
    place: placeOf(path.flatMap((code) => byCode.get(code) ?? [])),
    enrolment,
  }));
}

/** The nearest commune or district above a unit; where there is none, the nearest unit that is itself below another. */
function placeOf(path: readonly Unit[]): FrameUnit['place'] {
  const nearest =
    path.findLast(({ kind }) => kind === 'commune' || kind === 'district') ??
    path.findLast(({ parent, kind }) => parent !== null && kind !== 'school');
  return nearest ? { code: nearest._id, name: nearest.name } : null;
}
