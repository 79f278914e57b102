/**
 * The snapshot of a unit inside a round, taken when the round opens. Schools are renamed, merged and moved; a
 * round keeps the names, the tree and the offers it was held with.
 */
import mongoose from 'mongoose';
import { likelyKind, UNIT_KINDS, type UnitKind } from './unitKinds.js';

/** One thing a person can be asked about at a unit: a survey on a service. */
interface Offer {
  survey: string;
  service: string;
}

export interface RoundUnit {
  /** `round/unit`. */
  _id: string;
  round: string;
  unit: string;
  name: string;
  /** Codes of the units above it, from the top. */
  path: string[];
  levels: string[];
  enrolment: number | null;
  area: string | null;
  kind: UnitKind;
  /** Codes of the units that went into it, directly or through others, the nearest first. */
  predecessors: string[];
  linkCode: string;
  offers: Offer[];
  /** Responses it is to collect; null where the round has no quota for it. */
  quota: number | null;
  /** Forms or invitations it is to hand out so that as many come back; null where the sampling plan says nothing. */
  forms: number | null;
  /** Code of its stratum in the round's sampling design; null where it is in none. */
  stratum: string | null;
  /** Names of the units of `path`, in the same order; empty where stored before they were kept. */
  pathNames: string[];
}

/** A snapshot as it is stored; those of earlier versions lack some facts. */
type StoredRoundUnit = Omit<
  RoundUnit,
  'kind' | 'predecessors' | 'quota' | 'forms' | 'stratum' | 'pathNames'
> &
  Partial<RoundUnit>;

const roundUnits = mongoose.model(
  'RoundUnit',
  new mongoose.Schema<StoredRoundUnit>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      name: { type: String, required: true },
      path: { type: [String], required: true },
      levels: { type: [String], required: true },
      enrolment: { type: Number, default: null },
      area: { type: String, default: null },
      kind: { type: String, enum: UNIT_KINDS },
      predecessors: { type: [String], default: undefined },
      linkCode: { type: String, required: true },
      offers: { type: [{ _id: false, survey: String, service: String }], required: true },
      quota: { type: Number, default: null },
      forms: { type: Number, default: null },
      stratum: { type: String, default: null },
      pathNames: { type: [String], default: undefined },
    },
    { collection: 'roundUnits', versionKey: false },
  )
    .index({ round: 1, unit: 1 }, { unique: true })
    .index({ linkCode: 1 })
    .index({ unit: 1 })
    .index({ round: 1, path: 1, unit: 1 }),
);

/** The units of a round by code. */
export async function unitsOfRound(round: string): Promise<RoundUnit[]> {
  return (await roundUnits.find({ round }).sort({ unit: 1 }).lean<StoredRoundUnit[]>().exec()).map(completed);
}

/** One unit of a round; null where it does not take part. */
export async function unitOfRound(round: string, unit: string): Promise<RoundUnit | null> {
  const stored = await roundUnits.findOne({ round, unit }).lean<StoredRoundUnit>().exec();
  return stored && completed(stored);
}

/** One unit in every round it takes, or took, part in. */
export async function snapshotsOfUnit(unit: string): Promise<RoundUnit[]> {
  return (await roundUnits.find({ unit }).lean<StoredRoundUnit[]>().exec()).map(completed);
}

/** The units of a round that were below one when the round opened, by code. */
export async function unitsOfRoundBelow(round: string, top: string): Promise<RoundUnit[]> {
  const below = roundUnits.find({ round, path: top }).sort({ unit: 1 });
  return (await below.lean<StoredRoundUnit[]>().exec()).map(completed);
}

/** The rounds a link has belonged to, with what its unit offered in each. */
export async function snapshotsOfLink(linkCode: string): Promise<RoundUnit[]> {
  return (await roundUnits.find({ linkCode }).lean<StoredRoundUnit[]>().exec()).map(completed);
}

/** The offers of these units in these rounds. */
export async function snapshotsOfUnits(
  rounds: readonly string[],
  units: readonly string[],
): Promise<RoundUnit[]> {
  const stored = await roundUnits
    .find({ round: { $in: [...rounds] }, unit: { $in: [...units] } })
    .lean<StoredRoundUnit[]>()
    .exec();
  return stored.map(completed);
}

/** A snapshot with every fact, whatever version stored it. */
function completed(stored: StoredRoundUnit): RoundUnit {
  const { name, levels, path } = stored;
  return {
    ...stored,
    kind: stored.kind ?? likelyKind({ name, levels, parent: path.at(-1) ?? null }),
    predecessors: stored.predecessors ?? [],
    quota: stored.quota ?? null,
    forms: stored.forms ?? null,
    stratum: stored.stratum ?? null,
    pathNames: stored.pathNames ?? [],
  };
}

/**
 * Sets the quotas of units of a round, in one bulk write.
 * @returns how many of them take part in the round
 */
export async function setQuotas(
  round: string,
  quotas: readonly Pick<RoundUnit, 'unit' | 'quota' | 'forms'>[],
): Promise<number> {
  if (quotas.length === 0) return 0;
  const result = await roundUnits.bulkWrite(
    quotas.map(({ unit, quota, forms }) => ({
      updateOne: { filter: { round, unit }, update: { $set: { quota, forms } } },
    })),
    { ordered: false },
  );
  return result.matchedCount;
}

/** The codes, of these, of units that take or took part in a round. */
export function unitsInRounds(units: readonly string[]): Promise<string[]> {
  return roundUnits.distinct('unit', { unit: { $in: [...units] } }).exec();
}

/** Removes what the opening of a round left behind that was never opened. */
export async function removeSnapshot(round: string): Promise<void> {
  await roundUnits.deleteMany({ round });
}

/**
 * Keeps the snapshot of a round that is not open yet. What an earlier attempt left is overwritten, never removed
 * first, so that two people who open a round at once, or a server that dies here, leave no open round without units.
 */
export async function keepSnapshot(round: string, snapshot: readonly RoundUnit[]): Promise<void> {
  await roundUnits.bulkWrite(
    snapshot.map(({ _id, ...facts }) => ({
      updateOne: { filter: { _id }, update: { $set: facts }, upsert: true },
    })),
    { ordered: false },
  );
  await roundUnits.deleteMany({ round, unit: { $nin: snapshot.map(({ unit }) => unit) } });
}
