/**
 * Sheets of paper forms as they are typed in. A sheet that was handed over keeps its number, so that it is not typed
 * again, and how its second entry agreed; its answers and the key of its response are gone, so that no number leads to
 * the answers any more.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';
import type { Answer } from './responses.js';

/** Why a sheet is no response: nothing on it, nothing to be read on it, filled in against its purpose. */
export const VOID_REASONS = ['blank', 'unreadable', 'spoilt'] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

export interface PaperSheet {
  /** `round/unit/survey/number` of a printed serial, `batch/number` of a written one: stored once. */
  _id: string;
  batch: string;
  number: number;
  /** `staged`: can be mended. `frozen`: its batch is being handed over. `counted`: it is a response, or void. */
  phase: 'staged' | 'frozen' | 'counted';
  /** Null where it is a response. */
  void: VoidReason | null;
  typist: string;
  /** Whether it is to be typed a second time. */
  chosen: boolean;
  /** Who typed it a second time; null where nobody did. */
  secondBy: string | null;
  /** Whether nothing remains to be done: not chosen, or typed twice and every difference decided. */
  settled: boolean;
  /** Questions that the two entries answered, and those that they answered differently. */
  compared: number;
  disagreed: number;
  /** From here on: only until the batch is handed over. */
  staged?: StagedPart;
}

/** What is forgotten when a batch is handed over. */
interface StagedPart {
  /** What the response's id is made of: random, known to nobody. */
  key: string;
  /** Made with the form it came from, so that a form sent twice is one sheet; of a file, which attempt at storing it. */
  attempt: string;
  service: string;
  answers: Record<string, Answer>;
  /** The day on which it was typed. */
  day: Day;
  second: Entry | null;
}

/** One entry of a sheet. */
export interface Entry {
  readonly service: string;
  readonly answers: Record<string, Answer>;
}

/** A sheet whose answers are still here. */
export type StagedSheet = PaperSheet & { staged: StagedPart };

const sheets = mongoose.model(
  'PaperSheet',
  new mongoose.Schema<PaperSheet>(
    {
      _id: { type: String, required: true },
      batch: { type: String, required: true },
      number: { type: Number, required: true },
      phase: { type: String, enum: ['staged', 'frozen', 'counted'], required: true },
      void: { type: String, enum: [...VOID_REASONS, null], default: null },
      typist: { type: String, required: true },
      chosen: { type: Boolean, required: true },
      secondBy: { type: String, default: null },
      settled: { type: Boolean, required: true },
      compared: { type: Number, default: 0 },
      disagreed: { type: Number, default: 0 },
      staged: { type: mongoose.Schema.Types.Mixed },
    },
    {
      collection: 'paperSheets',
      versionKey: false,
      minimize: false,
      writeConcern: { w: 'majority', j: true },
    },
  )
    .index({ batch: 1, number: 1 })
    .index({ phase: 1, batch: 1 }),
);

/** Stores a new sheet. @returns null where it was stored, else the sheet that has its number already */
export async function insertSheet(sheet: StagedSheet): Promise<PaperSheet | null> {
  try {
    await sheets.create(sheet);
    return null;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return sheetById(sheet._id);
  }
}

/** Sheets of a file that are stored in one write: few enough to tell how far it has come. */
const BATCH = 250;

/**
 * Stores the sheets of a file; those already stored are left as they are.
 * @param reached is told how many are stored; what it throws ends the work
 */
export async function insertSheets(
  rows: readonly StagedSheet[],
  reached: (stored: number) => Promise<void> = async () => {},
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    await reached(start);
    await sheets.bulkWrite(
      rows.slice(start, start + BATCH).map(({ _id, ...content }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: content }, upsert: true },
      })),
      { ordered: false, writeConcern: { w: 'majority', j: true } },
    );
  }
}

/** The sheet of an id; null where there is none. */
export function sheetById(id: string): Promise<PaperSheet | null> {
  return sheets.findById(id).lean<PaperSheet>().exec();
}

/** The sheets of these ids; ids that have none are left out. */
export function sheetsById(ids: readonly string[]): Promise<PaperSheet[]> {
  return sheets
    .find({ _id: { $in: [...ids] } })
    .lean<PaperSheet[]>()
    .exec();
}

/** The sheets of a batch by number. */
export function sheetsOfBatch(batch: string): Promise<PaperSheet[]> {
  return sheets.find({ batch }).sort({ number: 1 }).lean<PaperSheet[]>().exec();
}

/** One sheet of a batch; null where it has none of that number. */
export function sheetOfBatch(batch: string, number: number): Promise<PaperSheet | null> {
  return sheets.findOne({ batch, number }).lean<PaperSheet>().exec();
}

/** Changes a sheet that may still be changed, and was not typed a second time meanwhile. @returns whether it was */
export async function changeSheet(
  { _id, secondBy, settled }: PaperSheet,
  change: Partial<Omit<PaperSheet, '_id' | 'batch' | 'number' | 'phase'>>,
): Promise<boolean> {
  const { matchedCount } = await sheets.updateOne(
    { _id, phase: 'staged', secondBy, settled },
    { $set: change },
  );
  return matchedCount === 1;
}

/** Takes a sheet out of its batch while it may be changed. @returns whether it was there */
export async function removeSheet(id: string): Promise<boolean> {
  const { deletedCount } = await sheets.deleteOne({ _id: id, phase: 'staged' });
  return deletedCount === 1;
}

/** Has these sheets of a batch typed a second time. */
export async function chooseSheets(batch: string, numbers: readonly number[]): Promise<void> {
  await sheets.updateMany(
    { batch, number: { $in: [...numbers] }, phase: 'staged', chosen: false },
    { $set: { chosen: true, settled: false } },
  );
}

/** Removes what may still be changed of a batch: it was discarded, or came too late. */
export async function removeStaged(batch: string): Promise<void> {
  await sheets.deleteMany({ batch, phase: 'staged' });
}

/** Removes the sheets that attempts at storing a file brought into a batch: one, all before it, or all but it. */
export async function removeAttempts(batch: string, which: 'one' | 'before' | 'others', attempt: string) {
  const attempts = which === 'one' ? attempt : which === 'before' ? { $lt: attempt } : { $ne: attempt };
  await sheets.deleteMany({ batch, phase: 'staged', 'staged.attempt': attempts });
}

/** Batches that have sheets in a phase. */
export function batchesWith(phase: 'staged' | 'frozen'): Promise<string[]> {
  return sheets.distinct('batch', { phase }).exec();
}

/** From here on no sheet of the batch can be changed. */
export async function freezeSheets(batch: string): Promise<void> {
  await sheets.updateMany({ batch, phase: 'staged' }, { $set: { phase: 'frozen' } });
}

/** The batch is not handed over after all. */
export async function thawSheets(batch: string): Promise<void> {
  await sheets.updateMany({ batch, phase: 'frozen' }, { $set: { phase: 'staged' } });
}

/** The sheets of a batch that are to become responses and may not have yet, at most so many. */
export function frozenSheets(batch: string, limit: number): Promise<StagedSheet[]> {
  return sheets.find({ batch, phase: 'frozen' }).limit(limit).lean<StagedSheet[]>().exec();
}

/** These sheets are responses now: their answers and keys are forgotten. */
export async function forgetAnswers(ids: readonly string[]): Promise<void> {
  await sheets.updateMany(
    { _id: { $in: [...ids] } },
    { $set: { phase: 'counted' }, $unset: { staged: 1 } },
    { writeConcern: { w: 'majority', j: true } },
  );
}

/** What a batch has. */
export interface BatchCounts {
  readonly valid: number;
  readonly void: number;
  /** To be typed a second time, typed so, and of these with differences nobody has decided. */
  readonly chosen: number;
  readonly second: number;
  readonly undecided: number;
  readonly compared: number;
  readonly disagreed: number;
}

/** Of a batch without sheets. */
export const NOTHING: BatchCounts = {
  valid: 0,
  void: 0,
  chosen: 0,
  second: 0,
  undecided: 0,
  compared: 0,
  disagreed: 0,
};

/** What each of these batches has, by id. */
export async function countsOfBatches(ids: readonly string[]): Promise<Map<string, BatchCounts>> {
  const one = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });
  const second = { $ne: ['$secondBy', null] };
  const groups = await sheets.aggregate<BatchCounts & { _id: string }>([
    { $match: { batch: { $in: [...ids] } } },
    {
      $group: {
        _id: '$batch',
        valid: one({ $eq: ['$void', null] }),
        void: one({ $ne: ['$void', null] }),
        chosen: one({ $eq: ['$chosen', true] }),
        second: one(second),
        undecided: one({ $and: [second, { $eq: ['$settled', false] }] }),
        compared: { $sum: '$compared' },
        disagreed: { $sum: '$disagreed' },
      },
    },
  ]);
  const counted = new Map(groups.map(({ _id, ...counts }) => [_id, counts]));
  return new Map(ids.map((id) => [id, counted.get(id) ?? NOTHING]));
}
