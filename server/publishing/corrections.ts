/** Corrections of what was published: begun, and dropped where they brought nothing. */
import { randomBytes } from 'node:crypto';
import { audited } from '../../models/auditEntries.js';
import { batchesOfRound } from '../../models/paperBatches.js';
import { countOfRound } from '../../models/responses.js';
import { beginSealing, keepPublished, moveRound } from '../../models/roundChanges.js';
import type { Round, RoundEvent } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';

/**
 * Begins a correction of a published round: from here on it is closed, and what was published stays up.
 * @throws {Problem} 409 `round-state`
 */
export async function beginCorrection(
  context: Context,
  { _id, closes }: Round,
  by: { readonly account: string; readonly reason: string },
): Promise<void> {
  const { account, reason } = by;
  const event: RoundEvent = { day: context.today(), what: 'correcting', closes, reason, account };
  const entry = { account, action: 'correction-begun', subject: _id, details: { reason } };
  await audited(entry, async () => {
    if (!(await moveRound(_id, 'published', 'closed', {}, event))) throw new Problem(409, 'round-state');
  });
}

/**
 * Drops a correction that brought no answer: the round is published as it was.
 * @throws {Problem} 409 `round-state`, `correction-has-answers`
 */
export async function dropCorrection(context: Context, round: Round, account: string): Promise<void> {
  const last = round.publications.at(-1);
  const attempt = randomBytes(12).toString('base64url');
  if (!last || !(await beginSealing(round._id, attempt))) throw new Problem(409, 'round-state');
  if (await isPaperMoving(round._id)) throw new Problem(409, 'publishing-paper-moving');
  if ((await countOfRound(round._id)) !== last.responses) throw new Problem(409, 'correction-has-answers');
  const { closes } = round;
  const event: RoundEvent = { day: context.today(), what: 'kept', closes, reason: '', account };
  await audited({ account, action: 'correction-dropped', subject: round._id, details: {} }, async () => {
    if (!(await keepPublished(round._id, attempt, event))) throw new Problem(409, 'round-state');
  });
}

/** Whether paper forms are becoming responses at this moment. */
export async function isPaperMoving(round: string): Promise<boolean> {
  return (await batchesOfRound(round)).some(({ state }) => state === 'checking' || state === 'handing-over');
}
