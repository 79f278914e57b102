/** Searching the audit log, and reading all of it in order. */
import { type AuditEntry, auditEntries } from './auditEntries.js';

/** What is looked for in the log; what is left out is not asked for. */
export interface AuditSearch {
  /** From this moment on. */
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly until?: Date | undefined;
  readonly account?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Only entries with a lower number: where the page before ended. */
  readonly below?: number | undefined;
}

/** The entries that are looked for, the latest first. */
export async function auditEntriesFound(search: AuditSearch, limit: number): Promise<AuditEntry[]> {
  const filter = await filterOf(search);
  return auditEntries.find(filter).sort({ number: -1 }).limit(limit).lean<AuditEntry[]>().exec();
}

/** The same, all of them, one by one as they are asked for. */
export async function eachAuditEntryFound(search: AuditSearch): Promise<AsyncIterable<AuditEntry>> {
  return auditEntries
    .find(await filterOf(search))
    .sort({ number: -1 })
    .lean<AuditEntry[]>()
    .cursor();
}

/** Every numbered entry, the earliest first, one by one. */
export function everyAuditEntry(): AsyncIterable<AuditEntry> {
  return auditEntries
    .find({ number: { $gte: 0 } })
    .sort({ number: 1 })
    .lean<AuditEntry[]>()
    .cursor();
}

/** Time never runs backwards along the numbers, so a stretch of time is a stretch of numbers. */
async function filterOf({ from, until, account, action, subject, below }: AuditSearch): Promise<object> {
  const first = from && (await numberAt(from));
  const end = until && (await numberAt(until));
  return {
    ...(account === undefined ? {} : { account }),
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subject }),
    number: {
      $gte: first ?? 0,
      $lt: Math.min(end ?? Number.MAX_SAFE_INTEGER, below ?? Number.MAX_SAFE_INTEGER),
    },
  };
}

/** Number of the first entry at or after a moment; beyond all numbers where there is none. */
async function numberAt(moment: Date): Promise<number> {
  const [first] = await auditEntries
    .find({ at: { $gte: moment } })
    .sort({ at: 1, number: 1 })
    .limit(1)
    .lean<AuditEntry[]>();
  return first?.number ?? Number.MAX_SAFE_INTEGER;
}
