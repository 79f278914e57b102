/**
 * The snapshot of a unit inside a round, taken when the round opens. Schools are renamed, merged and moved; a
 * round keeps the names, the tree and the offers it was held with.
 */
import mongoose from 'mongoose';

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
  linkCode: string;
  offers: Offer[];
}

const roundUnits = mongoose.model(
  'RoundUnit',
  new mongoose.Schema<RoundUnit>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      name: { type: String, required: true },
      path: { type: [String], required: true },
      levels: { type: [String], required: true },
      enrolment: { type: Number, default: null },
      area: { type: String, default: null },
      linkCode: { type: String, required: true },
      offers: { type: [{ _id: false, survey: String, service: String }], required: true },
    },
    { collection: 'roundUnits', versionKey: false },
  )
    .index({ round: 1, unit: 1 }, { unique: true })
    .index({ linkCode: 1 }),
);

/** The units of a round by code. */
export function unitsOfRound(round: string): Promise<RoundUnit[]> {
  return roundUnits.find({ round }).sort({ unit: 1 }).lean<RoundUnit[]>().exec();
}

/** One unit of a round; null where it does not take part. */
export function unitOfRound(round: string, unit: string): Promise<RoundUnit | null> {
  return roundUnits.findOne({ round, unit }).lean<RoundUnit>().exec();
}

/** The rounds a link has belonged to, with what its unit offered in each. */
export function snapshotsOfLink(linkCode: string): Promise<RoundUnit[]> {
  return roundUnits.find({ linkCode }).lean<RoundUnit[]>().exec();
}

/** The offers of these units in these rounds. */
export function snapshotsOfUnits(rounds: readonly string[], units: readonly string[]): Promise<RoundUnit[]> {
  return roundUnits
    .find({ round: { $in: [...rounds] }, unit: { $in: [...units] } })
    .lean<RoundUnit[]>()
    .exec();
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
