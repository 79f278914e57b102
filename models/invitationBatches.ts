/**
 * Batches of invitation codes: how many were made for a unit of a round, at which go. The codes themselves are stored
 * nowhere; server/distribute/invitationSecrets.ts makes them again from the batch.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';

export interface InvitationBatch {
  /** Part of what its codes are made from: never the same for two batches. */
  _id: string;
  round: string;
  unit: string;
  /** How many codes it has. */
  count: number;
  /** Places in its sequence whose code was taken already, in order; nearly always none. */
  skipped: number[];
  /** `making` until all its invitations are stored. */
  state: 'making' | 'ready' | 'revoked';
  day: Day;
}

const batches = mongoose.model(
  'InvitationBatch',
  new mongoose.Schema<InvitationBatch>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      count: { type: Number, required: true },
      skipped: { type: [Number], required: true },
      state: { type: String, enum: ['making', 'ready', 'revoked'], required: true },
      day: { type: String, required: true },
    },
    { collection: 'invitationBatches', versionKey: false },
  ).index({ round: 1, unit: 1, _id: 1 }),
);

/** The batches of a round, or of one unit of it, by unit. */
export function invitationBatches(round: string, unit?: string): Promise<InvitationBatch[]> {
  return batches
    .find(unit === undefined ? { round } : { round, unit })
    .sort({ unit: 1, _id: 1 })
    .lean<InvitationBatch[]>()
    .exec();
}

/** The batch of an id; null where there is none. */
export function invitationBatch(id: string): Promise<InvitationBatch | null> {
  return batches.findById(id).lean<InvitationBatch>().exec();
}

/** Begins a batch, or finds the one that was begun before. */
export async function beginBatch({
  _id,
  ...batch
}: Omit<InvitationBatch, 'state' | 'skipped'>): Promise<InvitationBatch> {
  const begun = await batches
    .findOneAndUpdate(
      { _id },
      { $setOnInsert: { ...batch, state: 'making', skipped: [] } },
      { upsert: true, returnDocument: 'after' },
    )
    .lean<InvitationBatch>();
  if (!begun) throw new Error(`batch ${_id} not begun`);
  return begun;
}

/** All invitations of a batch are stored. */
export async function finishBatch(id: string, skipped: readonly number[]): Promise<void> {
  await batches.updateOne({ _id: id, state: 'making' }, { $set: { state: 'ready', skipped: [...skipped] } });
}

/** Marks batches as withdrawn: their codes are not printed any more. */
export async function markBatchesRevoked(
  place: Pick<InvitationBatch, 'round'> & Partial<Pick<InvitationBatch, 'unit' | '_id'>>,
): Promise<void> {
  await batches.updateMany({ ...place, state: 'ready' }, { $set: { state: 'revoked' } });
}
