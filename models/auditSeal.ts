/**
 * What makes tampering with the audit log evident. Each entry holds a digest over itself and the digest before it, so
 * that none can be altered, moved or taken out without a break; and a seal over the digest, keyed with the server's
 * secret, so that who can write to the database but has no secret cannot mend the break. Entries cut off at the end
 * leave no break: whoever notes the last mark now and then can tell those as well.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a digest covers; everything a person reads in the log. */
export interface Sealable {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly at: Date;
  readonly account: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** The digest before the first entry. */
export const BEGINNING = '0'.repeat(64);

let key: { readonly id: string; readonly bytes: Buffer } | undefined;

/** Sets the secret that seals what is recorded from now on, and by which seals are checked. */
export function sealAuditWith(secret: string): void {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'audit log', 32));
  key = { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/** SHA-256, in 64 hexadecimal digits, of an entry and the digest of the one before it. */
export function digestOf(previous: string, entry: Sealable): string {
  const { number, at, account, action, subject } = entry;
  const details = Object.entries(entry.details).sort(([one], [other]) => (one < other ? -1 : 1));
  const content = JSON.stringify([previous, number, at.toISOString(), account, action, subject, details]);
  return createHash('sha256').update(content).digest('hex');
}

/** The seal of a digest: which key, a point, HMAC-SHA-256. @throws where no secret has been set */
export function sealOf(digest: string): string {
  if (!key) throw new Error('sealAuditWith has not been called');
  return `${key.id}.${createHmac('sha256', key.bytes).update(digest).digest('hex')}`;
}

/** Whether a seal is that of a digest; `other-key` where it was made with another secret than today's. */
export function sealFits(digest: string, seal: string): boolean | 'other-key' {
  const [own = ''] = sealOf(digest).split('.');
  if (/^[0-9a-f]{8}\.[0-9a-f]{64}$/.test(seal) && !seal.startsWith(`${own}.`)) return 'other-key';
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(digest))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** A digest as a person notes it: 20 digits (80 bits) in groups of four. */
export function markOf(digest: string): string {
  return (digest.slice(0, 20).match(/.{4}/g) ?? []).join(' ');
}
