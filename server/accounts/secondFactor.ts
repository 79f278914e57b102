/**
 * The second factor: one-time passwords of an authenticator app (TOTP, RFC 6238, with the values every app knows:
 * SHA-1, six digits, thirty seconds), and recovery codes for when the telephone is gone. The secret is encrypted under
 * a key of the server's and bound to the user name; a recovery code is random (76 bits), so a plain hash of it will do
 * and stays good when SESSION_SECRET is changed.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { type Account, takeRecoveryCode, takeTotpStep } from '../../models/accounts.js';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { keyFor } from './keys.js';
import { randomCode, typedCode } from './randomCode.js';

const PERIOD_MS = 30_000;
/** Clocks may be half a minute apart: the step before and the one after count as well (RFC 6238, 5.2). */
const WINDOW = 1;
const RECOVERY_CODES = 10;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A new secret of 160 bits, in base 32 as apps take it. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address that an app reads from the QR code. */
export function totpAddress({ config }: Context, name: string, secret: string): string {
  return totpOf(secret, config.departmentName, name).toString();
}

/** A secret as it is stored: AES-256-GCM, of no use for another name. */
export function sealSecret({ config }: Context, name: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(config, 'second factor'), iv).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** A stored secret; null where it was sealed for another name or with another SESSION_SECRET, or altered. */
export function openSecret({ config }: Context, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
  try {
    const key = keyFor(config, 'second factor');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** The time step that a typed code belongs to, counted from 1970; null where it belongs to none of the three. */
export function totpStep(secret: string, typed: string, now = Date.now()): number | null {
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = totpOf(secret, '', '').validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / PERIOD_MS) + delta;
}

/**
 * Whether a code is good, and uses it up: a time step counts once, a recovery code as well.
 * @param typed six digits of the app, or a recovery code
 */
export async function takeCode(context: Context, account: Account, typed: string): Promise<boolean> {
  const { _id, totp } = account;
  const secret = totp && openSecret(context, _id, totp.secret);
  const step = secret ? totpStep(secret, typed) : null;
  if (step !== null) return takeTotpStep(_id, step);
  const hash = recoveryHash(typed);
  if (!totp || !account.recoveryHashes.includes(hash)) return false;
  const left = account.recoveryHashes.length - 1;
  await recordAudit({ account: _id, action: 'recovery-code-used', subject: _id, details: { left } });
  return takeRecoveryCode(_id, hash);
}

/** New recovery codes, shown once, and the hashes that are kept. */
export function newRecoveryCodes(): { readonly codes: string[]; readonly hashes: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomCode(4));
  return { codes, hashes: codes.map(recoveryHash) };
}

function recoveryHash(typed: string): string {
  return createHash('sha256').update(typedCode(typed)).digest('base64url');
}

function totpOf(secret: string, issuer: string, label: string): TOTP {
  return new TOTP({
    issuer,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  });
}
