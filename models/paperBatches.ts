/**
 * Batches of paper forms: a pile of sheets that a unit types in. What is typed stays here, where it can be mended,
 * until the batch is handed over; only then does each sheet become a response, and nothing of it can be changed.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';

/**
 * `open`: sheets come and are mended. `checking`: none may change while it is looked whether the batch is complete.
 * `handing-over`: its sheets are becoming responses, and there is no way back. `handed-over`, `discarded`: the end.
 */
export type BatchState = 'open' | 'checking' | 'handing-over' | 'handed-over' | 'discarded';

/** Which sheets are typed a second time, by somebody who does not see the first entry. */
interface SecondEntry {
  /** Every so many sheets in the order they are typed; 0 for none. */
  readonly every: number;
  /** At least so many of the batch, or all where it has fewer. */
  readonly atLeast: number;
  /** Which of the first `every` sheets is the first one: drawn at random and told to nobody. */
  readonly start: number;
  /** Whether who typed a sheet may type it again, where a unit has one person for it. */
  readonly sameTypist: boolean;
}

/** A sheet that was taken out of its batch. */
interface Removal {
  readonly number: number;
  readonly reason: string;
  readonly account: string;
  readonly day: Day;
}

export interface PaperBatch {
  _id: string;
  round: string;
  unit: string;
  survey: string;
  /** Code of the service; null where each sheet says its own. */
  service: string | null;
  /** Its number among the batches of its unit in its round, from 1. */
  ordinal: number;
  /** Whether sheets have a printed serial, or a number that is written on them by hand. */
  numbering: 'printed' | 'written';
  /** Typed from the sheets, or read from one file. */
  source: 'typed' | 'file';
  /** The day on which the last of its sheets was collected. */
  collected: Day;
  /** Sheets in the pile, as counted by hand. */
  announced: number;
  opened: Day;
  openedBy: string;
  second: SecondEntry;
  state: BatchState;
  /** How many sheets were ever begun; gives each its place in the order of typing. */
  begun: number;
  removed: Removal[];
  /**
   * The file whose rows are its sheets: SHA-256 (hex), name, rows, and which attempt at storing them succeeded; null
   * until one is stored whole.
   */
  file: { hash: string; name: string; rows: number; attempt: number } | null;
  /** How many attempts at storing a file have begun; only the latest may say that it succeeded. */
  attempts: number;
  ended: Day | null;
  endedBy: string | null;
  /** Why it was discarded. */
  reason: string;
}

/** A batch as it is opened. */
export type NewBatch = Omit<
  PaperBatch,
  '_id' | 'ordinal' | 'state' | 'begun' | 'removed' | 'file' | 'attempts' | 'ended' | 'endedBy' | 'reason'
>;

const batches = mongoose.model(
  'PaperBatch',
  new mongoose.Schema<PaperBatch>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      survey: { type: String, required: true },
      service: { type: String, default: null },
      ordinal: { type: Number, required: true },
      numbering: { type: String, enum: ['printed', 'written'], required: true },
      source: { type: String, enum: ['typed', 'file'], required: true },
      collected: { type: String, required: true },
      announced: { type: Number, required: true },
      opened: { type: String, required: true },
      openedBy: { type: String, required: true },
      second: { type: mongoose.Schema.Types.Mixed, required: true },
      state: {
        type: String,
        enum: ['open', 'checking', 'handing-over', 'handed-over', 'discarded'],
        required: true,
      },
      begun: { type: Number, default: 0 },
      removed: { type: [mongoose.Schema.Types.Mixed], default: [] } as never,
      file: { type: mongoose.Schema.Types.Mixed, default: null },
      attempts: { type: Number, default: 0 },
      ended: { type: String, default: null },
      endedBy: { type: String, default: null },
      reason: { type: String, default: '' },
    },
    {
      collection: 'paperBatches',
      versionKey: false,
      minimize: false,
      writeConcern: { w: 'majority', j: true },
    },
  )
    .index({ unit: 1, round: 1, ordinal: 1 }, { unique: true })
    .index({ state: 1 })
    .index({ round: 1 }),
);

/** The batches of a unit, the latest of each round first. */
export function batchesOfUnit(unit: string): Promise<PaperBatch[]> {
  return batches.find({ unit }).sort({ round: 1, ordinal: -1 }).lean<PaperBatch[]>().exec();
}

/** The batches of a round, in no order. */
export function batchesOfRound(round: string): Promise<PaperBatch[]> {
  return batches.find({ round }).lean<PaperBatch[]>().exec();
}

/** One batch of a unit; null where the unit has none of that id. */
export function batchOfUnit(unit: string, id: string): Promise<PaperBatch | null> {
  return batches.findOne({ _id: id, unit }).lean<PaperBatch>().exec();
}

/** The batch of an id; null where there is none (any more). */
export function batchById(id: string): Promise<PaperBatch | null> {
  return batches.findById(id).lean<PaperBatch>().exec();
}

/** Batches in one of these states. */
export function batchesIn(states: readonly BatchState[]): Promise<PaperBatch[]> {
  return batches
    .find({ state: { $in: [...states] } })
    .lean<PaperBatch[]>()
    .exec();
}

/** Opens a batch under the next number of its unit and round. @returns the batch */
export async function insertBatch(batch: NewBatch): Promise<PaperBatch> {
  const { unit, round } = batch;
  for (;;) {
    const [last] = await batches
      .find({ unit, round }, { ordinal: 1 })
      .sort({ ordinal: -1 })
      .limit(1)
      .lean<{ ordinal: number }[]>();
    const opened: PaperBatch = {
      ...batch,
      _id: randomBytes(9).toString('base64url'),
      ordinal: (last?.ordinal ?? 0) + 1,
      state: 'open',
      begun: 0,
      removed: [],
      file: null,
      attempts: 0,
      ended: null,
      endedBy: null,
      reason: '',
    };
    try {
      await batches.create(opened);
      return opened;
    } catch (error) {
      // Somebody else opened one at the same moment and has the number.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** The place in the order of typing of a sheet that is about to be stored, from 1; null where the batch is not open. */
export async function nextPlace(id: string): Promise<number | null> {
  const batch = await batches
    .findOneAndUpdate({ _id: id, state: 'open' }, { $inc: { begun: 1 } }, { returnDocument: 'after' })
    .lean<PaperBatch>()
    .exec();
  return batch?.begun ?? null;
}

/**
 * Moves a batch from one state to another in one write.
 * @returns false where it was not in `from` any more: somebody else was quicker
 */
export async function moveBatch(
  id: string,
  from: BatchState,
  to: BatchState,
  change: Partial<Pick<PaperBatch, 'ended' | 'endedBy' | 'reason'>> = {},
): Promise<boolean> {
  const { matchedCount } = await batches.updateOne(
    { _id: id, state: from },
    { $set: { ...change, state: to } },
  );
  return matchedCount === 1;
}

/** Notes that a sheet was taken out. */
export async function noteRemoval(id: string, removal: Removal): Promise<void> {
  await batches.updateOne({ _id: id }, { $push: { removed: removal } });
}

/** Begins to store a file. @returns which attempt it is, from 1; null where the batch is not open, or has a file */
export async function beginFile(id: string): Promise<number | null> {
  const batch = await batches
    .findOneAndUpdate(
      { _id: id, state: 'open', file: null },
      { $inc: { attempts: 1 } },
      { returnDocument: 'after' },
    )
    .lean<PaperBatch>()
    .exec();
  return batch?.attempts ?? null;
}

/** Says that every row of a file is stored. @returns false where a later attempt has begun, or the batch has ended */
export async function noteFile(id: string, file: NonNullable<PaperBatch['file']>): Promise<boolean> {
  const { matchedCount } = await batches.updateOne(
    { _id: id, state: 'open', file: null, attempts: file.attempt },
    { $set: { file } },
  );
  return matchedCount === 1;
}
