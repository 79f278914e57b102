/**
 * Tallies as they are kept: one document per round, survey, service and unit, and one per round, survey, service and
 * group of people, such as those who came by a QR code. Derived from the responses and
 * rebuilt from them at any time; server/results/counting.ts writes them, and tells why they are exact.
 */
import mongoose from 'mongoose';

/** What a tally is of. */
export interface TallyPlace {
  readonly round: string;
  readonly survey: string;
  readonly service: string;
  /** Empty where it is of a group over all units. */
  readonly unit: string;
  /** Empty where it is of a unit; else `channel=qr`, `quarter=2026-Q4`, or an item's code and the option: `H01=mother`. */
  readonly group: string;
}

export interface KeptTally extends TallyPlace {
  /** `round/survey/service/unit`, or `round/survey/service?group`: only a unit's code may hold a slash or a `?`. */
  _id: string;
  generation: number;
  /** Responses counted. It only grows within a generation, and so tells whether a batch is in it already. */
  people: number;
  /** The whole tally, as server/results/tallyBytes.ts writes it. */
  counts: Buffer;
}

/** A tally before and after; without a before where there was none. */
export interface TallyChange {
  readonly from: KeptTally | undefined;
  readonly to: KeptTally;
}

const tallies = mongoose.model(
  'Tally',
  new mongoose.Schema<KeptTally>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      survey: { type: String, required: true },
      service: { type: String, required: true },
      unit: { type: String, default: '' },
      group: { type: String, default: '' },
      generation: { type: Number, required: true },
      people: { type: Number, required: true },
      counts: { type: Buffer, required: true },
    },
    { collection: 'tallies', versionKey: false },
  ).index({ round: 1, unit: 1 }),
);

/** The key of a tally. */
export function tallyId({ round, survey, service, unit, group }: TallyPlace): string {
  return `${round}/${survey}/${service}${group === '' ? `/${unit}` : `?${group}`}`;
}

/** The tallies of a round, units and groups, or those of one unit of it, in one generation. */
export async function talliesOfRound(round: string, generation: number, unit?: string): Promise<KeptTally[]> {
  const kept = await read(unit === undefined ? { round } : { round, unit });
  return kept.filter((tally) => tally.generation === generation);
}

/** The tallies of these keys, of whatever generation; keys that have none are left out. */
export function talliesById(ids: readonly string[]): Promise<KeptTally[]> {
  return read({ _id: { $in: [...ids] } });
}

async function read(filter: object): Promise<KeptTally[]> {
  // Past Mongoose: thousands of them are read for one page.
  const kept = await tallies.collection.find(filter, { promoteBuffers: true, batchSize: 10_000 }).toArray();
  return kept as unknown as KeptTally[];
}

/**
 * Puts new tallies in the place of those they were made from. One that is no longer as it was read stays as it is,
 * without an error: read again to see.
 */
export async function replaceTallies(changes: readonly TallyChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tallies.bulkWrite(
    changes.map(({ from, to: { _id, ...content } }) => ({
      updateOne: from
        ? {
            filter: { _id, generation: from.generation, people: from.people },
            update: {
              $set: { generation: content.generation, people: content.people, counts: content.counts },
            },
          }
        : { filter: { _id }, update: { $setOnInsert: content }, upsert: true },
    })),
    { ordered: false, writeConcern: { w: 'majority', j: true } },
  );
}
