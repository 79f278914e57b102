/**
 * The audit log: who changed or carried off what, and when. Entries are only ever added: nothing here changes or
 * removes one, and auditSeal.ts makes it evident where somebody did so in the database.
 *
 * An entry comes first, the change after it: `await recordAudit(…)` and then the change, or both by `audited`. A crash
 * between the two leaves an entry for something that did not happen, never a change that nobody is named for. Where
 * the change is refused, fails or comes too late after its entry, `audited` adds a second entry that says so.
 *
 * Entries are numbered and chained one after the other. Those that come while others are being written wait for each
 * other and are written together, so that many at once cost one write; where several processes take the same number,
 * the unique index refuses all but one and the others take the next.
 */
import mongoose, { Types } from 'mongoose';
import { BEGINNING, digestOf, type Sealable, sealOf } from './auditSeal.js';
import { isDuplicateKey } from './duplicateKey.js';

export interface AuditEntry extends Sealable {
  readonly _id: Types.ObjectId;
  /** User name, or `system` for what the server did by itself. */
  readonly account: string;
  /** What was done, such as `round-opened`; the text `audit.action.<action>` says it in words. */
  readonly action: string;
  /** What it was done to: a round, a unit list; empty where the action says it all. */
  readonly subject: string;
  readonly digest: string;
  readonly seal: string;
}

/** What a caller tells of something that is about to be done. */
export type NewAuditEntry = Pick<AuditEntry, 'account' | 'action' | 'subject' | 'details'>;

/** The collection, for the files of its queries in this folder alone. */
export const auditEntries = mongoose.model(
  'AuditEntry',
  new mongoose.Schema<AuditEntry>(
    {
      number: { type: Number },
      at: { type: Date, required: true },
      account: { type: String, required: true },
      action: { type: String, required: true },
      subject: { type: String, default: '' },
      details: { type: mongoose.Schema.Types.Mixed, default: {} },
      digest: { type: String },
      seal: { type: String },
    },
    { collection: 'auditEntries', versionKey: false, minimize: false },
  )
    .index({ number: -1 }, { unique: true, sparse: true })
    .index({ at: 1, number: 1 })
    .index({ action: 1, number: -1 })
    .index({ account: 1, number: -1 })
    .index({ subject: 1, number: -1 }),
);

/** Adds an entry for something that is about to be done. Resolves when it is on disk. */
export async function recordAudit(entry: NewAuditEntry): Promise<void> {
  await added([entry]);
}

/** The same, for what a later entry refers to. @returns its number */
export async function recordNumberedAudit(entry: NewAuditEntry): Promise<number> {
  const [number = 0] = await added([entry]);
  return number;
}

/** Adds entries one after the other, in one write. */
export async function recordAudits(entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length > 0) await added(entries);
}

/**
 * Records what is about to be done, then does it; where that throws, or comes to nothing, records that it was not done.
 * @param wasDone whether the change was made, by what it returned: false where somebody else was quicker
 * @returns what the change returns @throws what the change throws
 */
export async function audited<T>(
  entry: NewAuditEntry,
  change: () => Promise<T>,
  wasDone: (returned: T) => boolean = () => true,
): Promise<T> {
  const { account, subject } = entry;
  const [number = 0] = await added([entry]);
  const notDone = () => recordAudit({ account, action: 'not-done', subject, details: { entry: number } });
  let returned: T;
  try {
    returned = await change();
  } catch (error) {
    // Where the database is gone this cannot be said either; the reason counts, not this.
    await notDone().catch(() => {});
    throw error;
  }
  if (!wasDone(returned)) await notDone();
  return returned;
}

/** Whether an action was ever recorded. */
export async function wasRecorded(action: string): Promise<boolean> {
  return (await auditEntries.exists({ action })) !== null;
}

/** Entries of one action, the latest first. */
export function entriesOf(action: string, limit: number): Promise<AuditEntry[]> {
  return auditEntries.find({ action }).sort({ number: -1 }).limit(limit).lean<AuditEntry[]>().exec();
}

interface Waiting {
  readonly entries: readonly NewAuditEntry[];
  readonly resolve: (numbers: number[]) => void;
  readonly reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];
let writing = false;

/** Adds entries together with all that wait at that moment. @returns their numbers */
function added(entries: readonly NewAuditEntry[]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    waiting.push({ entries, resolve, reject });
    if (!writing) void writeWaiting();
  });
}

async function writeWaiting(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    try {
      const numbers = await append(batch.flatMap(({ entries }) => entries));
      for (const { entries, resolve } of batch) resolve(numbers.splice(0, entries.length));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  writing = false;
}

/** Another process takes a number between reading the last one and writing the next: rarely, and never this often. */
const MOST_ATTEMPTS = 50;

async function append(entries: readonly NewAuditEntry[]): Promise<number[]> {
  const numbers = new Map<string, number>();
  const drafts = entries.map((entry) => ({ _id: new Types.ObjectId(), ...wellFormed(entry) }));
  for (let attempt = 1; numbers.size < drafts.length; attempt += 1) {
    const missing = drafts.filter(({ _id }) => !numbers.has(String(_id)));
    const chained = chain(missing, await lastEntry());
    try {
      await auditEntries.insertMany(chained, { ordered: true, lean: true });
      for (const { _id, number } of chained) numbers.set(String(_id), number);
    } catch (error) {
      if (!isDuplicateKey(error) || attempt === MOST_ATTEMPTS) throw error;
      for (const { _id, number } of await stored(missing)) numbers.set(String(_id), number);
    }
  }
  return drafts.map(({ _id }) => numbers.get(String(_id)) ?? 0);
}

function stored(drafts: readonly { _id: Types.ObjectId }[]): Promise<AuditEntry[]> {
  return auditEntries
    .find({ _id: { $in: drafts.map(({ _id }) => _id) } })
    .lean<AuditEntry[]>()
    .exec();
}

/** Entries as they follow each other after the last one there is. */
function chain(
  drafts: readonly (NewAuditEntry & { _id: Types.ObjectId })[],
  last: AuditEntry | undefined,
): AuditEntry[] {
  let { number = 0, digest = BEGINNING, at = new Date(0) } = last ?? {};
  const now = Date.now();
  return drafts.map((draft) => {
    number += 1;
    at = new Date(Math.max(now, at.getTime()));
    const entry = { ...draft, number, at };
    digest = digestOf(digest, entry);
    return { ...entry, digest, seal: sealOf(digest) };
  });
}

async function lastEntry(): Promise<AuditEntry | undefined> {
  const [last] = await auditEntries
    .find({ number: { $gte: 0 } })
    .sort({ number: -1 })
    .limit(1)
    .lean<AuditEntry[]>();
  return last;
}

/** As the database will give it back: half a surrogate pair cannot be stored. */
function wellFormed(entry: NewAuditEntry): NewAuditEntry {
  const text = (value: string) => Buffer.from(value).toString();
  const details = Object.entries(entry.details).map(([key, value]) => [
    key,
    typeof value === 'string' ? text(value) : value,
  ]);
  return {
    account: text(entry.account),
    action: entry.action,
    subject: text(entry.subject),
    details: Object.fromEntries(details) as Record<string, string | number>,
  };
}
