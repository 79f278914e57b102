/** Withdrawing invitation codes: one that is typed, a batch, or every unused one of a unit. */
import type { Response } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { invitationBatch, markBatchesRevoked } from '../../models/invitationBatches.js';
import { parseInvitationCode } from '../../models/invitationCode.js';
import { digestOf } from '../../models/invitationSecrets.js';
import { revokeInvitation, revokeUnused } from '../../models/invitations.js';
import type { Context } from '../context.js';
import { type FormBody, textIn } from '../http/body.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { countCodesAnew } from './codeCounts.js';

/** Whose codes may be withdrawn here. */
interface Place {
  readonly round: string;
  readonly unit?: string;
}

/**
 * Does what a form asks: `all` for every unused code of a unit, `batch` for those of one batch, `code` for one.
 * A batch that is withdrawn is not printed any more; codes that were used stay used.
 * @returns how many were withdrawn; null where the code is none of the place, or was used or withdrawn already
 * @throws {Problem} 404 `not-found` where the batch is not the place's
 */
export async function withdraw(
  { config }: Context,
  response: Response,
  place: Place,
  form: FormBody,
): Promise<number | null> {
  const { round, unit = '' } = place;
  let codes: number | null;
  if (form.all === 'yes' && unit !== '') {
    await markBatchesRevoked(place);
    codes = await revokeUnused(place);
  } else if (typeof form.batch === 'string' && form.batch !== '') {
    const batch = await invitationBatch(form.batch);
    if (batch?.round !== round || (unit !== '' && batch.unit !== unit)) throw new Problem(404, 'not-found');
    await markBatchesRevoked({ round, unit: batch.unit, _id: batch._id });
    codes = await revokeUnused({ round, unit: batch.unit, batch: batch._id });
  } else {
    const code = parseInvitationCode(textIn(form, 'code'));
    const done = code !== null && (await revokeInvitation(digestOf(config.sessionSecret, code), place));
    codes = done ? 1 : null;
  }
  if (codes === null) return null;
  countCodesAnew(round);
  await recordAudit({
    account: accountName(response),
    action: 'invitation-codes-revoked',
    subject: round,
    details: { codes, unit },
  });
  return codes;
}
