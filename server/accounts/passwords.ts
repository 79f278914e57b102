/** Accounts: passwords hashed with argon2id, and the office account that a first start creates. */
import { hash, verify } from '@node-rs/argon2';
import { type Account, accountByName, hasAccounts, insertAccount } from '../../models/accounts.js';
import { recordAudit } from '../../models/auditEntries.js';
import { randomCode } from './randomCode.js';

/** User name of the account that a first start creates. */
export const OFFICE_ACCOUNT = 'vanphong';

/** OWASP's recommendation for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** What an unknown user name is checked against, so that it takes as long as a known one. */
const nobody = hash('nobody has this password', COST);

/** The hash under which a password is kept; composed (NFC), as Vietnamese keyboards write a letter in two ways. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

/** Whether a password is that of an account; false, after as long, where there is no account or no password. */
export async function isPasswordOf(
  account: Pick<Account, 'passwordHash'> | null,
  password: string,
): Promise<boolean> {
  const fits = await verify(account?.passwordHash ?? (await nobody), password.normalize('NFC'));
  return fits && Boolean(account?.passwordHash);
}

/** The account of a user name and password; null where they do not fit. */
export async function authenticate(name: string, password: string): Promise<Account | null> {
  const account = await accountByName(name);
  const fits = await isPasswordOf(account, password);
  return fits && account && !account.disabled ? account : null;
}

/**
 * Creates the office account where there is no account at all.
 * @param password the password to give it; a new random one by default
 * @returns the password, to be shown once; null where there were accounts
 */
export async function createFirstAccount(password = newPassword()): Promise<string | null> {
  if (await hasAccounts()) return null;
  await recordAudit({
    account: 'system',
    action: 'account-created',
    subject: OFFICE_ACCOUNT,
    details: { role: 'office' },
  });
  await insertAccount({ _id: OFFICE_ACCOUNT, passwordHash: await hashPassword(password), role: 'office' });
  return password;
}

/** A random password of 16 characters in four groups (76 bits). */
export function newPassword(): string {
  return randomCode(4);
}
