/** What the office does to accounts. Each is in the audit log before it is done. */
import {
  type Account,
  changeAccount,
  countAbleOffice,
  insertAccount,
  setInvitation,
} from '../../models/accounts.js';
import { audited } from '../../models/auditEntries.js';
import { isDuplicateKey } from '../../models/duplicateKey.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import type { AccountFacts } from './accountForm.js';
import { newInvitation } from './invitations.js';

/** An invitation as it is shown once. */
export interface Invited {
  readonly name: string;
  readonly code: string;
  readonly until: string;
}

/** Adds an account and invites its person. @returns null where the name is taken */
export async function createAccount(
  context: Context,
  by: string,
  name: string,
  { fullName, role, unit }: AccountFacts,
): Promise<Invited | null> {
  const { code, invitation } = newInvitation(context);
  const details = { role, unit: unit ?? '', until: invitation.until };
  try {
    await audited({ account: by, action: 'account-created', subject: name, details }, () =>
      insertAccount({ _id: name, fullName, role, unit, passwordHash: null, invitation }),
    );
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
  return { name, code, until: invitation.until };
}

/** Invites again: the person can set a new password; the present one stays good until then. */
export async function inviteAgain(context: Context, by: string, { _id }: Account): Promise<Invited> {
  const { code, invitation } = newInvitation(context);
  const details = { until: invitation.until };
  await audited({ account: by, action: 'account-invited', subject: _id, details }, () =>
    setInvitation(_id, invitation),
  );
  return { name: _id, code, until: invitation.until };
}

/** Changes name, role or unit. @throws Problem 409 `last-office` */
export async function changeFacts(by: string, account: Account, facts: AccountFacts): Promise<void> {
  const { _id, fullName, role, unit } = account;
  const details = {
    ...(facts.role === role ? {} : { roleFrom: role, roleTo: facts.role }),
    ...(facts.unit === unit ? {} : { unitFrom: unit ?? '', unitTo: facts.unit ?? '' }),
    ...(facts.fullName === fullName ? {} : { fullName: facts.fullName }),
  };
  if (Object.keys(details).length === 0) return;
  await audited({ account: by, action: 'account-changed', subject: _id, details }, () =>
    keepingOffice(account, facts),
  );
}

/** Takes an account out of use and ends its sessions. @throws Problem 409 `last-office` */
export async function disableAccount(by: string, account: Account): Promise<void> {
  await audited({ account: by, action: 'account-disabled', subject: account._id, details: {} }, () =>
    keepingOffice(account, { disabled: true }),
  );
}

/** Puts an account into use again. */
export async function enableAccount(by: string, { _id }: Account): Promise<void> {
  await audited({ account: by, action: 'account-enabled', subject: _id, details: {} }, () =>
    changeAccount(_id, { disabled: false }),
  );
}

/** Ends every session of an account. */
export async function endSessions(by: string, { _id }: Account): Promise<void> {
  await audited({ account: by, action: 'sessions-ended', subject: _id, details: {} }, () =>
    changeAccount(_id, {}, { endSessions: true }),
  );
}

/** Takes the second factor away, for somebody whose telephone is lost. */
export async function removeSecondFactor(by: string, { _id }: Account): Promise<void> {
  await audited({ account: by, action: 'second-factor-removed', subject: _id, details: {} }, () =>
    changeAccount(_id, { totp: null, recoveryHashes: [] }, { endSessions: true }),
  );
}

/**
 * Makes a change unless nobody of the office could log in any more. Looked at before and after it: of two people who
 * take each other's office away at once, both are too late and both changes are taken back.
 */
async function keepingOffice(account: Account, change: Partial<AccountFacts & { disabled: boolean }>) {
  const { _id, role, unit, fullName, disabled, passwordHash } = account;
  const isAble = role === 'office' && !disabled && passwordHash !== null;
  const staysAble = (change.role ?? role) === 'office' && !change.disabled;
  if (isAble && !staysAble && (await countAbleOffice()) <= 1) throw new Problem(409, 'last-office');
  await changeAccount(_id, change, { endSessions: !staysAble });
  if (isAble && !staysAble && (await countAbleOffice()) === 0) {
    await changeAccount(_id, { role, unit, fullName, disabled });
    throw new Problem(409, 'last-office');
  }
}
