/** Submission keys: made before the first send, the same on every retry, so that one answer is stored once. */
import { createHash, randomBytes } from 'node:crypto';

/** 128 random bits in base64url. */
export const SUBMISSION_KEY = /^[A-Za-z0-9_-]{22}$/;

export function newSubmissionKey(): string {
  return randomBytes(16).toString('base64url');
}

/** The alphabet of link codes: no look-alikes. */
const ALPHABET = '23456789CDHKMNPRTWX';

/**
 * The receipt of a stored response, such as `K7MX-24HP`: shows a person that it arrived. It is a digest of the
 * key, so it opens nothing and tells nothing.
 */
export function receiptCode(key: string): string {
  const digest = createHash('sha256').update(`receipt:${key}`).digest();
  const characters = Array.from(digest.subarray(0, 8), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}
