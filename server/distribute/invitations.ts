/** Making invitation codes, and making them again to be printed. */
import { randomBytes } from 'node:crypto';
import { beginBatch, finishBatch, type InvitationBatch } from '../../models/invitationBatches.js';
import type { InvitationCode } from '../../models/invitationCode.js';
import { codeAt, digestOf } from '../../models/invitationSecrets.js';
import { addInvitations } from '../../models/invitations.js';
import type { Context } from '../context.js';

/** So many are stored in one go. */
const AT_ONCE = 2000;

/** A name for batches that are made together; each unit's has its code behind it. */
export function newBatchName(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * Makes the codes of a batch and stores their digests. Called again after a failure it makes the same codes and
 * completes what is missing.
 * @param name of the go; with the unit it names the batch
 */
export async function makeCodes(
  { config, today }: Context,
  place: { readonly round: string; readonly unit: string },
  name: string,
  count: number,
): Promise<void> {
  const batch = await beginBatch({ ...place, _id: `${name}.${place.unit}`, count, day: today() });
  if (batch.state !== 'making') return;
  const taken = new Set<number>();
  const digests = new Map<string, number>();
  let next = 0;
  let stored = 0;
  while (stored < batch.count) {
    const fresh: string[] = [];
    for (; fresh.length < Math.min(AT_ONCE, batch.count - stored); next += 1) {
      const digest = digestOf(
        config.sessionSecret,
        codeAt(config.sessionSecret, { ...place, batch: batch._id, index: next }),
      );
      if (digests.has(digest)) taken.add(next);
      else {
        digests.set(digest, next);
        fresh.push(digest);
      }
    }
    const foreign = await addInvitations({ ...place, batch: batch._id }, fresh);
    for (const digest of foreign) taken.add(digests.get(digest) ?? -1);
    stored += fresh.length - foreign.length;
  }
  await finishBatch(
    batch._id,
    [...taken].sort((one, other) => one - other),
  );
}

/** The codes of a batch, in the order of its sequence, which says nothing about who gets which. */
export function* codesOf({ config }: Context, batch: InvitationBatch): Generator<InvitationCode> {
  const skipped = new Set(batch.skipped);
  for (let index = 0, given = 0; given < batch.count; index += 1) {
    if (skipped.has(index)) continue;
    given += 1;
    yield codeAt(config.sessionSecret, { round: batch.round, unit: batch.unit, batch: batch._id, index });
  }
}
