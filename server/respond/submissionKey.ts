/**
 * Submission keys (idempotency keys): made before the first send, the same on every retry, so that one answer is
 * stored once.
 *
 * Where a script runs, the form makes its own key and sends it in the body, so that an address copied from the
 * browser's bar can be handed on. Without a script the key is in the address.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { ALPHABET } from '../../models/linkCode.js';
import { withQuery } from '../http/pages.js';

/** 128 random bits in base64url. */
export const SUBMISSION_KEY = /^[A-Za-z0-9_-]{22}$/;

/** In the place of a key: asks for a fresh one. */
const FRESH = 'moi';

export function newSubmissionKey(): string {
  return randomBytes(16).toString('base64url');
}

/** The key in a form's address; null where there is none. */
export function keyInAddress(request: Request): string | null {
  return submissionKeyFrom(request.query.phieu);
}

/** Whether an address asks for a fresh key. */
export function asksForKey(request: Request): boolean {
  return request.query.phieu === FRESH;
}

/** The address of a form that leads on to itself with a fresh key. */
export function askingForKey(address: string): string {
  return withQuery(address, `phieu=${FRESH}`);
}

/** The address of a form with a fresh key. */
export function withFreshKey(address: string): string {
  return withQuery(address, `phieu=${newSubmissionKey()}`);
}

/** A key as it was sent; null for anything else. */
export function submissionKeyFrom(value: unknown): string | null {
  return typeof value === 'string' && SUBMISSION_KEY.test(value) ? value : null;
}

/**
 * What a response is stored under. A proxy's log may hold the key beside an address; without the server's secret
 * nobody can tell which response it belongs to.
 * @param secret the server's own, the same for the life of a round
 */
export function responseId(key: string, secret: string): string {
  return createHmac('sha256', secret).update(`response:${key}`).digest('base64url').slice(0, 22);
}

/**
 * The receipt of a stored response, such as `K7MX-24HP`: shows a person that it arrived. It is a digest of the
 * key, so it opens nothing and tells nothing.
 */
export function receiptCode(key: string): string {
  const digest = createHash('sha256').update(`receipt:${key}`).digest();
  const characters = Array.from(digest.subarray(0, 8), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}
