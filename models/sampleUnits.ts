/**
 * Units in the sampling plan of a round: the quotas that somebody set by hand while it was a draft and, from its
 * opening on, the list that schools were drawn from, so that the draw can be repeated and proven.
 */
import mongoose from 'mongoose';

/** A unit of the list that schools are drawn from, as it was when the round opened. */
export interface DrawnFrom {
  name: string;
  /** Code of its stratum; null where its enrolment was not known. */
  stratum: string | null;
  /** What it was drawn among: levels within the stratum. */
  cell: string;
  enrolment: number | null;
  drawn: boolean;
}

export interface SampleUnit {
  /** `round/unit`. */
  _id: string;
  round: string;
  unit: string;
  /** Set by hand; null where it is as computed. */
  quota: number | null;
  /** Null until the round opens, and where nothing was drawn. */
  frame: DrawnFrom | null;
}

const sampleUnits = mongoose.model(
  'SampleUnit',
  new mongoose.Schema<SampleUnit>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      quota: { type: Number, default: null },
      frame: {
        type: new mongoose.Schema<DrawnFrom>(
          { name: String, stratum: String, cell: String, enrolment: Number, drawn: Boolean },
          { _id: false },
        ),
        default: null,
      },
    },
    { collection: 'sampleUnits', versionKey: false },
  ).index({ round: 1, unit: 1 }),
);

/** The units of a round of which something is kept, by code. */
export function sampleUnitsOf(round: string): Promise<SampleUnit[]> {
  return sampleUnits.find({ round }).sort({ unit: 1 }).lean<SampleUnit[]>().exec();
}

/** Sets quotas of a draft by hand, or takes them back (null), in one bulk write. */
export async function setDraftQuotas(
  round: string,
  quotas: readonly Pick<SampleUnit, 'unit' | 'quota'>[],
): Promise<void> {
  await keep(quotas.map(({ unit, quota }) => ({ round, unit, facts: { quota } })));
}

/** Keeps the list that schools were drawn from. Doing so again replaces it. */
export async function keepFrame(
  round: string,
  units: readonly (DrawnFrom & { unit: string })[],
): Promise<void> {
  await keep(units.map(({ unit, ...frame }) => ({ round, unit, facts: { frame } })));
}

async function keep(
  changes: readonly { round: string; unit: string; facts: Partial<SampleUnit> }[],
): Promise<void> {
  if (changes.length === 0) return;
  await sampleUnits.bulkWrite(
    changes.map(({ round, unit, facts }) => ({
      updateOne: {
        filter: { _id: `${round}/${unit}` },
        update: { $set: { round, unit, ...facts } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/** Removes everything kept of a round that is thrown away. */
export async function removeSampleUnits(round: string): Promise<void> {
  await sampleUnits.deleteMany({ round });
}
