/**
 * How far the counting of a round's responses has come: one document per round, the only one that decides. Every
 * step from one state to the next is one write that takes place only if the state is still the one that was read.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { isDuplicateKey } from './duplicateKey.js';

/**
 * `idle`: no batch is open. `applying`: the batch's responses are being added to the tallies, none is marked yet.
 * `marking`: every tally has them, and the responses are being marked as counted.
 */
type TallyPhase = 'idle' | 'applying' | 'marking';

export interface TallyState {
  /** The round. */
  _id: string;
  /** Of the stored counts; tallies in an older one are counted anew. */
  format: number;
  /** Grows by one with every counting anew. Marks and tallies of an earlier one count for nothing. */
  generation: number;
  /** Drawn at random for each batch and each generation: tells states apart, and neither when nor in what order. */
  batch: string;
  phase: TallyPhase;
  /** The responses of the open batch; empty while idle. */
  ids: string[];
  /** The tallies that the open batch changes, with how many people each counted before; empty while idle. */
  before: { tally: string; people: number }[];
}

const states = mongoose.model(
  'TallyState',
  new mongoose.Schema<TallyState>(
    {
      _id: { type: String, required: true },
      format: { type: Number, required: true },
      generation: { type: Number, required: true },
      batch: { type: String, required: true },
      phase: { type: String, enum: ['idle', 'applying', 'marking'], required: true },
      ids: { type: [String], required: true },
      before: { type: [{ _id: false, tally: String, people: Number }], required: true },
    },
    { collection: 'tallyStates', versionKey: false, writeConcern: { w: 'majority', j: true } },
  ),
);

/** The state of a round; null where nothing of it was ever counted. */
export function tallyState(round: string): Promise<TallyState | null> {
  return states.findById(round).lean<TallyState>().exec();
}

/** Whether the state is still the one that was read. */
export async function isStillAt({ _id, batch, phase }: TallyState): Promise<boolean> {
  return (await states.exists({ _id, batch, phase })) !== null;
}

/** Begins to count a round of which nothing was counted, unless somebody else was quicker. */
export async function insertTallyState(round: string, format: number, generation: number): Promise<void> {
  try {
    await states.create({ _id: round, format, generation, ...idle() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Begins to count anew: everything counted so far counts for nothing. @returns false where the state had changed */
export function beginGeneration(from: TallyState, format: number): Promise<boolean> {
  return move(from, { format, generation: from.generation + 1, ...idle() });
}

/** Opens a batch. @returns the new state; null where the state had changed */
export async function openBatch(
  from: TallyState,
  ids: string[],
  before: TallyState['before'],
): Promise<TallyState | null> {
  const change = { batch: token(), phase: 'applying' as const, ids, before };
  return (await move(from, change)) ? { ...from, ...change } : null;
}

/** Every tally has the open batch. @returns the new state; null where the state had changed */
export async function beginMarking(from: TallyState): Promise<TallyState | null> {
  const change = { phase: 'marking' as const };
  return (await move(from, change)) ? { ...from, ...change } : null;
}

/** Closes the open batch and forgets which responses it had. */
export async function closeBatch(from: TallyState): Promise<void> {
  await move(from, { phase: 'idle', ids: [], before: [] });
}

function idle() {
  return { batch: token(), phase: 'idle' as const, ids: [], before: [] };
}

function token(): string {
  return randomBytes(12).toString('base64url');
}

async function move({ _id, batch, phase }: TallyState, change: Partial<TallyState>): Promise<boolean> {
  const { matchedCount } = await states.updateOne({ _id, batch, phase }, { $set: change });
  return matchedCount === 1;
}
