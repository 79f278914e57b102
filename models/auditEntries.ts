/** The audit log: who changed or carried off what, and when. Entries are only ever added. */
import mongoose from 'mongoose';

export interface AuditEntry {
  at: Date;
  /** User name, or `system` for what the server did by itself. */
  account: string;
  /** What was done, such as `round-opened`. */
  action: string;
  /** What it was done to: a round, a unit list; empty where the action says it all. */
  subject: string;
  details: Record<string, string | number>;
}

const auditEntries = mongoose.model(
  'AuditEntry',
  new mongoose.Schema<AuditEntry>(
    {
      at: { type: Date, required: true },
      account: { type: String, required: true },
      action: { type: String, required: true },
      subject: { type: String, default: '' },
      details: { type: mongoose.Schema.Types.Mixed, default: {} },
    },
    { collection: 'auditEntries', versionKey: false, minimize: false },
  ).index({ action: 1, at: -1 }),
);

/** Adds an entry for something that is about to be, or has just been, done. */
export async function recordAudit(entry: Omit<AuditEntry, 'at'>): Promise<void> {
  await auditEntries.create({ at: new Date(), ...entry });
}

/** Whether an action was ever recorded. */
export async function wasRecorded(action: string): Promise<boolean> {
  return (await auditEntries.exists({ action })) !== null;
}

/** Entries of one action, the latest first. */
export function entriesOf(action: string, limit: number): Promise<AuditEntry[]> {
  return auditEntries.find({ action }).sort({ at: -1 }).limit(limit).lean<AuditEntry[]>().exec();
}
