/** Reads the whole audit log again and says whether every entry is as it was written. */
import type { AuditEntry } from '../../models/auditEntries.js';
import { BEGINNING, digestOf, markOf, sealFits } from '../../models/auditSeal.js';
import { everyAuditEntry } from '../../models/auditSearch.js';

/** Number and mark of an entry as somebody noted them earlier. */
export interface Noted {
  readonly number: string;
  readonly mark: string;
}

/**
 * What is wrong: entries are `missing` before one, it was `altered`, or its `seal` is not the server's.
 */
interface Broken {
  readonly number: number;
  readonly what: 'missing' | 'altered' | 'seal';
}

export interface Verified {
  readonly entries: number;
  readonly broken: readonly Broken[];
  /** How many breaks there are; `broken` has the first twenty. */
  readonly breaks: number;
  /** How many were sealed with another SESSION_SECRET than today's: their chain is checked, their seal cannot be. */
  readonly otherKey: number;
  /** The last entry, for noting down; null where there is none. */
  readonly last: { readonly number: number; readonly at: Date; readonly mark: string } | null;
  /** Whether the entry noted earlier is still there as it was; null where none was given. */
  readonly noted: boolean | null;
}

const MOST_SHOWN = 20;

/** A number and a mark as they were typed; null where nothing was. Spaces and capitals do not matter. */
export function readNoted(number: string, mark: string): Noted | null {
  const typed = { number: number.replace(/\D/g, ''), mark: mark.toLowerCase().replace(/[^0-9a-f]/g, '') };
  return typed.number === '' && typed.mark === '' ? null : typed;
}

/** Verifies every entry, the earliest first. Reads in one pass; nothing is kept but counts. */
export async function verifyAudit(noted: Noted | null): Promise<Verified> {
  let [digest, expected, entries, breaks, otherKey] = [BEGINNING, 1, 0, 0, 0];
  let last: AuditEntry | undefined;
  let found = false;
  const broken: Broken[] = [];
  const report = (number: number, what: Broken['what']) => {
    breaks += 1;
    if (broken.length < MOST_SHOWN) broken.push({ number, what });
  };
  for await (const entry of everyAuditEntry()) {
    if (entry.number !== expected) report(entry.number, 'missing');
    else if (digestOf(digest, entry) !== entry.digest) report(entry.number, 'altered');
    else {
      const fits = sealFits(entry.digest, entry.seal);
      if (fits === 'other-key') otherKey += 1;
      else if (!fits) report(entry.number, 'seal');
    }
    if (String(entry.number) === noted?.number)
      found = noted.mark.length >= 8 && markOf(entry.digest).replaceAll(' ', '').startsWith(noted.mark);
    entries += 1;
    expected = entry.number + 1;
    digest = entry.digest;
    last = entry;
  }
  return {
    entries,
    broken,
    breaks,
    otherKey,
    last: last ? { number: last.number, at: last.at, mark: markOf(last.digest) } : null,
    noted: noted && found,
  };
}
