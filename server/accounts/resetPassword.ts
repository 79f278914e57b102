/**
 * `npm run reset-password -- NAME [--totp]`: gives an account a new random password, prints it once and ends every
 * session; with `--totp` it turns the second factor off as well. For whoever can get at the machine when nobody can
 * log in any more. With the MONGODB_URI or DATA_DIR and the SESSION_SECRET of the server, also while it runs.
 */
import { accountByName, changeAccount } from '../../models/accounts.js';
import { audited } from '../../models/auditEntries.js';
import { sealAuditWith } from '../../models/auditSeal.js';
import { readConfig } from '../config.js';
import { withModels } from '../database/backupAddress.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { hashPassword, newPassword } from './passwords.js';

const t = translator(DEFAULT_LANGUAGE);

const given = process.argv.slice(2);
const [name] = given.filter((word) => !word.startsWith('--'));
const withTotp = given.includes('--totp');
if (!name || given.some((word) => word.startsWith('--') && word !== '--totp')) {
  console.error('Usage: npm run reset-password -- NAME [--totp]');
  process.exitCode = 2;
} else {
  try {
    sealAuditWith(readConfig(process.env).sessionSecret);
    await withModels(process.env, () => reset(name));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function reset(name: string): Promise<void> {
  const account = await accountByName(name);
  if (!account) throw new Error(t('accounts.reset.unknown', { name }));
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  const factor = withTotp ? { totp: null, recoveryHashes: [] } : {};
  const details = withTotp ? { secondFactor: 'off' } : {};
  await audited({ account: 'system', action: 'password-reset', subject: name, details }, () =>
    changeAccount(name, { passwordHash, ...factor }, { endSessions: true }),
  );
  console.log(t('accounts.reset.done', { name, password }));
  if (account.totp && !withTotp) console.log(t('accounts.reset.totp-stays'));
  if (account.disabled) console.log(t('accounts.reset.disabled'));
}
