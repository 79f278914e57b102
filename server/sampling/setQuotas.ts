/** Sets quotas by hand: freely in a draft, with a reason once the round is open. */
import { type NewAuditEntry, recordAudits } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import { setQuotas } from '../../models/roundUnits.js';
import { setDraftQuotas } from '../../models/sampleUnits.js';
import { Problem } from '../http/problem.js';
import type { QuotaChange } from './quotaTable.js';
import { formsFor } from './samplePlan.js';

/** Longest reason. */
const LONGEST_REASON = 300;

/** What is wrong with a reason; null where nothing is. A draft needs none. */
export function reasonMistake({ state }: Pick<Round, 'state'>, reason: string): string | null {
  if (reason.length > LONGEST_REASON) return 'sampling.problem.reason-long';
  return state === 'open' && reason.length < 3 ? 'sampling.problem.reason' : null;
}

/**
 * Changes quotas. Every change is in the audit log by itself, before it is made.
 * @throws {Problem} 409 `quotas-closed` where the round is neither a draft nor open
 */
export async function changeQuotas(
  round: Round,
  changes: readonly QuotaChange[],
  { account, reason }: { account: string; reason: string },
): Promise<void> {
  if (round.state !== 'draft' && round.state !== 'open') throw new Problem(409, 'quotas-closed');
  // A school that was not drawn is not in the open round.
  const made = round.state === 'draft' ? changes : changes.filter(({ row }) => row.asked);
  await recordAudits(
    made.map(
      ({ row, quota }): NewAuditEntry => ({
        account,
        action: 'quota-set',
        subject: round._id,
        details: { unit: row.unit, from: row.quota ?? '', to: quota ?? '', reason },
      }),
    ),
  );
  if (round.state === 'draft')
    return setDraftQuotas(
      round._id,
      made.map(({ row, quota }) => ({ unit: row.unit, quota })),
    );
  const rate = round.design?.parameters.responseRate;
  await setQuotas(
    round._id,
    made.map(({ row: { unit, enrolment }, quota }) => {
      const wanted = quota === null || rate === undefined ? null : formsFor(quota, rate);
      return {
        unit,
        quota,
        forms: wanted === null ? null : Math.min(wanted, enrolment || Number.POSITIVE_INFINITY),
      };
    }),
  );
}
