/**
 * Invitations: what the server knows of the codes that are out. A document is a digest of a code and what became of it:
 * it holds neither the code nor anything of the answers, no response leads to it, and nothing says when it was used.
 */
import mongoose from 'mongoose';

type InvitationState = 'unused' | 'used' | 'revoked';

interface Invitation {
  /** A keyed digest of the code (server/distribute/invitationSecrets.ts). */
  _id: string;
  round: string;
  unit: string;
  batch: string;
  state: InvitationState;
  /**
   * From the moment it is used until its response is stored: a keyed digest of the submission key, so that the same
   * submission may try again. Then it is forgotten.
   */
  claim?: string;
}

/** What an invitation is for. */
export type InvitationPlace = Pick<Invitation, 'round' | 'unit'>;

const invitations = mongoose.model(
  'Invitation',
  new mongoose.Schema<Invitation>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      batch: { type: String, required: true },
      state: { type: String, enum: ['unused', 'used', 'revoked'], required: true },
      claim: { type: String },
    },
    // A code may count as used only once that is on disk.
    { collection: 'invitations', versionKey: false, writeConcern: { w: 'majority', j: true } },
  ).index({ round: 1, unit: 1, batch: 1, state: 1 }),
);

/** The invitation of a digest; null where there is none. */
export function invitationOf(digest: string): Promise<Invitation | null> {
  return invitations.findById(digest).lean<Invitation>().exec();
}

/**
 * Uses an invitation for one submission, which may do so again and again until its response is stored.
 * @returns false where it is not there for this place, revoked, or was used by another submission
 */
export async function claimInvitation(
  digest: string,
  { round, unit }: InvitationPlace,
  claim: string,
): Promise<boolean> {
  const { matchedCount } = await invitations.updateOne(
    { _id: digest, round, unit, $or: [{ state: 'unused' }, { state: 'used', claim }] },
    { $set: { state: 'used', claim } },
  );
  return matchedCount === 1;
}

/** Forgets which submission used an invitation, once its response is stored. */
export async function forgetClaim(digest: string): Promise<void> {
  await invitations.updateOne({ _id: digest }, { $unset: { claim: 1 } });
}

/**
 * Adds invitations that are not there yet.
 * @returns the digests that are there for another batch: their codes are taken
 */
export async function addInvitations(
  place: InvitationPlace & { readonly batch: string },
  digests: readonly string[],
): Promise<string[]> {
  try {
    // Past Mongoose: hundreds of thousands are added at once.
    await invitations.collection.insertMany(
      digests.map((_id) => ({ _id, ...place, state: 'unused' })) as never[],
      { ordered: false, writeConcern: { w: 'majority', j: true } },
    );
    return [];
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || error.code !== 11000) throw error;
  }
  const there = await invitations
    .find({ _id: { $in: [...digests] }, batch: { $ne: place.batch } }, { _id: 1 })
    .lean<{ _id: string }[]>();
  return there.map(({ _id }) => _id);
}

/** Withdraws one unused invitation. @returns false where it is not there, used or withdrawn already */
export async function revokeInvitation(digest: string, place: Partial<InvitationPlace>): Promise<boolean> {
  const { matchedCount } = await invitations.updateOne(
    { _id: digest, ...place, state: 'unused' },
    { $set: { state: 'revoked' } },
  );
  return matchedCount === 1;
}

/** Withdraws the unused invitations of a round, a unit or a batch. @returns how many */
export async function revokeUnused(
  place: Pick<Invitation, 'round'> & Partial<Pick<Invitation, 'unit' | 'batch'>>,
): Promise<number> {
  const { modifiedCount } = await invitations.updateMany(
    { ...place, state: 'unused' },
    { $set: { state: 'revoked' } },
  );
  return modifiedCount;
}

/** How many invitations of each state a unit of a round has. */
export interface InvitationCounts {
  readonly unused: number;
  readonly used: number;
  readonly revoked: number;
}

/** The invitations of a round, or of one unit of it, by unit and state. */
export async function invitationCounts(round: string, unit?: string): Promise<Map<string, InvitationCounts>> {
  const groups = await invitations.aggregate<{
    _id: { unit: string; state: InvitationState };
    count: number;
  }>([
    { $match: unit === undefined ? { round } : { round, unit } },
    { $group: { _id: { unit: '$unit', state: '$state' }, count: { $sum: 1 } } },
  ]);
  const counts = new Map<string, InvitationCounts>();
  for (const { _id, count } of groups)
    counts.set(_id.unit, { ...(counts.get(_id.unit) ?? NONE), [_id.state]: count });
  return counts;
}

/** Of a unit without invitations. */
export const NONE: InvitationCounts = { unused: 0, used: 0, revoked: 0 };
