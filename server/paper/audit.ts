/** Entries of the audit log about paper forms: what was done to which batch or sheet, never what a sheet says. */
import type { Response } from 'express';
import { audited } from '../../models/auditEntries.js';
import type { PaperBatch } from '../../models/paperBatches.js';
import { accountName } from '../http/session.js';

/** Records what is about to be done to a batch, then does it. @returns what it returns @throws what it throws */
export function auditPaper<T>(
  response: Response,
  action: string,
  { round, unit, survey, ordinal }: Pick<PaperBatch, 'round' | 'unit' | 'survey'> & { ordinal?: number },
  { details: more }: { readonly details: Readonly<Record<string, string | number>> },
  change: () => Promise<T>,
): Promise<T> {
  const which = ordinal === undefined ? {} : { batch: ordinal };
  return audited(
    {
      account: accountName(response),
      action,
      subject: `${round}/${unit}`,
      details: { ...which, survey, ...more },
    },
    change,
  );
}
