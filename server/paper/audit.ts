/** Entries of the audit log about paper forms: what was done to which batch or sheet, never what a sheet says. */
import type { Response } from 'express';
import { audited, type NewAuditEntry } from '../../models/auditEntries.js';
import type { PaperBatch } from '../../models/paperBatches.js';
import { accountName } from '../http/session.js';

type AuditedBatch = Pick<PaperBatch, 'round' | 'unit' | 'survey'> & { ordinal?: number };
type Details = Readonly<Record<string, string | number>>;

/** Records what is about to be done to a batch, then does it. @returns what it returns @throws what it throws */
export function auditPaper<T>(
  response: Response,
  action: string,
  batch: AuditedBatch,
  { details }: { readonly details: Details },
  change: () => Promise<T>,
): Promise<T> {
  return audited(auditEntryOf(batch, action, accountName(response), details), change);
}

/** What is recorded of something done to a batch. */
export function auditEntryOf(
  { round, unit, survey, ordinal }: AuditedBatch,
  action: string,
  account: string,
  more: Details,
): NewAuditEntry {
  const which = ordinal === undefined ? {} : { batch: ordinal };
  return { account, action, subject: `${round}/${unit}`, details: { ...which, survey, ...more } };
}
