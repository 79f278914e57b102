/** Keys for one purpose each, all from the one secret of the settings; none tells anything about another. */
import { createHmac, hkdfSync } from 'node:crypto';
import type { Config } from '../config.js';

type Purpose = 'device cookies' | 'invitations' | 'second factor';

/** A key of 32 bytes (HKDF-SHA-256, RFC 5869). */
export function keyFor({ sessionSecret }: Pick<Config, 'sessionSecret'>, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', sessionSecret, '', purpose, 32));
}

/** HMAC-SHA-256 of a text under the key of a purpose, as base64url. */
export function keyedHash(config: Pick<Config, 'sessionSecret'>, purpose: Purpose, text: string): string {
  return createHmac('sha256', keyFor(config, purpose)).update(text).digest('base64url');
}
