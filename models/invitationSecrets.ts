/**
 * What is made from the server's secret for invitations. Each purpose has a key of its own (HKDF, RFC 5869), so that
 * none of the digests leads to another:
 *
 *   code     a batch and a place in it → the code, made again whenever slips are printed, stored nowhere
 *   digest   a code → what is stored of it; without the secret nobody can try codes against a stolen database
 *   claim    a submission key → what an invitation remembers of it until the response is stored
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { type InvitationCode, invitationCodeOf } from './invitationCode.js';

const keys = new Map<string, Buffer>();

function keyOf(secret: string, purpose: 'code' | 'digest' | 'claim'): Buffer {
  const name = `${purpose} ${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const key = Buffer.from(hkdfSync('sha256', secret, '', `invitation ${purpose}`, 32));
  keys.set(name, key);
  return key;
}

/** Where a code is in the sequence of its batch. */
export interface PlaceInBatch {
  readonly round: string;
  readonly unit: string;
  readonly batch: string;
  /** From 0. */
  readonly index: number;
}

/** The code at a place. */
export function codeAt(secret: string, { round, unit, batch, index }: PlaceInBatch): InvitationCode {
  const text = JSON.stringify([round, unit, batch, index]);
  return invitationCodeOf(createHmac('sha256', keyOf(secret, 'code')).update(text).digest());
}

/** What is stored of a code: 132 bits in base64url. */
export function digestOf(secret: string, code: InvitationCode): string {
  return createHmac('sha256', keyOf(secret, 'digest')).update(code).digest('base64url').slice(0, 22);
}

/** What an invitation remembers of the submission that uses it. */
export function claimOf(secret: string, submissionKey: string): string {
  return createHmac('sha256', keyOf(secret, 'claim')).update(submissionKey).digest('base64url').slice(0, 22);
}
