/**
 * The parts of sealed results: canonical JSON, compressed, each in a document of its own so that none comes near the
 * 16 MB that a document may have. An attempt at publishing writes its parts first; they are a revision's once the round
 * names the attempt (`publications` in rounds.ts), and are never changed. server/publishing/sealing.ts tells what they
 * hold.
 */
import mongoose from 'mongoose';

export interface SealedPart {
  /** `attempt/name`. */
  _id: string;
  round: string;
  /** Which revision the attempt was to become. */
  revision: number;
  attempt: string;
  name: string;
  /** The bytes of the part, gzip. */
  content: Buffer;
}

const sealedParts = mongoose.model(
  'SealedPart',
  new mongoose.Schema<SealedPart>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      revision: { type: Number, required: true },
      attempt: { type: String, required: true },
      name: { type: String, required: true },
      content: { type: Buffer, required: true },
    },
    {
      collection: 'sealedParts',
      versionKey: false,
      writeConcern: { w: 'majority', j: true },
    },
  ).index({ round: 1, revision: 1, attempt: 1 }),
);

/** Stores a part durably. */
export async function storeSealedPart(part: Omit<SealedPart, '_id'>): Promise<void> {
  await sealedParts.create({ _id: sealedPartId(part.attempt, part.name), ...part });
}

/** The compressed bytes of a part; null where there is none. */
export async function sealedPart(attempt: string, name: string): Promise<Buffer | null> {
  // Past Mongoose: bytes are read as they are.
  const found = await sealedParts.collection.findOne(
    { _id: sealedPartId(attempt, name) as never },
    { promoteBuffers: true },
  );
  return (found as SealedPart | null)?.content ?? null;
}

/**
 * Removes what attempts left behind that can no longer become a revision: those up to the revision there is, but for
 * the attempts that the round names.
 */
export async function removeLostParts(
  round: string,
  revision: number,
  published: readonly string[],
): Promise<void> {
  await sealedParts.deleteMany({
    round,
    revision: { $lte: revision },
    attempt: { $nin: [...published] },
  });
}

/** Removes what an attempt stored that has failed for good. */
export async function removePartsOfAttempt(round: string, attempt: string): Promise<void> {
  await sealedParts.deleteMany({ round, attempt });
}

function sealedPartId(attempt: string, name: string): string {
  return `${attempt}/${name}`;
}
