/** Accounts of the people who run rounds, and of those who hand the surveys out and type paper forms. */
import mongoose from 'mongoose';
import type { Day } from './day.js';

/**
 * `office` may do everything; `leader` reads everything; `unit` works within its unit and everything below it;
 * `entry` types paper forms for its unit.
 */
export const ROLES = ['office', 'leader', 'unit', 'entry'] as const;
export type Role = (typeof ROLES)[number];

/** A way to set one's own password, once. Only a hash of its code is kept. */
export interface Invitation {
  readonly hash: string;
  /** Last day on which it can be used. */
  readonly until: Day;
  readonly used: boolean;
}

/** The second factor: one-time passwords of an authenticator app. */
interface Totp {
  /** The secret shared with the app, encrypted. */
  readonly secret: string;
  /** The last time step of which a password was used; none of it or before it counts again. */
  readonly lastStep: number;
}

export interface Account {
  /** The user name. */
  _id: string;
  /** Name of the person or the post; empty where the unit says it. */
  fullName: string;
  role: Role;
  /** Code of the unit that a `unit` or `entry` account belongs to; null for the others. */
  unit: string | null;
  /** argon2id, in the PHC string form; null until the person invited has set a password. */
  passwordHash: string | null;
  /** Grows when every session of the account is ended; a session of an earlier epoch counts for nothing. */
  epoch: number;
  /** Whether it may log in no more. Accounts are never removed: the audit log names them. */
  disabled: boolean;
  /** The last invitation; null where there was none. */
  invitation: Invitation | null;
  totp: Totp | null;
  /** Hashes of the recovery codes that are not used yet. */
  recoveryHashes: string[];
  lastLogin: Day | null;
}

/** An account as a new one is described. */
export type NewAccount = Pick<Account, '_id' | 'role' | 'passwordHash'> & Partial<Account>;

/** What a list of accounts shows; no hashes. */
export type ListedAccount = Pick<Account, '_id' | 'fullName' | 'role' | 'unit' | 'disabled' | 'lastLogin'> & {
  readonly invitation: Pick<Invitation, 'until' | 'used'> | null;
  /** Whether a password has been set. */
  readonly active: boolean;
  readonly secondFactor: boolean;
};

const ONE = { type: Object, default: null };

const accounts = mongoose.model(
  'Account',
  new mongoose.Schema<Account>(
    {
      _id: { type: String, required: true },
      fullName: { type: String, default: '' },
      role: { type: String, enum: ROLES, required: true },
      unit: { type: String, default: null },
      passwordHash: { type: String, default: null },
      epoch: { type: Number, default: 0 },
      disabled: { type: Boolean, default: false },
      invitation: ONE,
      totp: ONE,
      recoveryHashes: { type: [String], default: [] },
      lastLogin: { type: String, default: null },
    },
    { collection: 'accounts', versionKey: false },
  )
    .index({ 'invitation.hash': 1 }, { unique: true, sparse: true })
    .index({ role: 1 })
    .index({ unit: 1 }),
);

/** The account of a user name, as it was stored; null where there is none. */
export async function accountByName(name: string): Promise<Account | null> {
  return completed(await accounts.findById(name).lean<StoredAccount>().exec());
}

/** The account that was invited with a code of this hash, whether or not the invitation can still be used. */
export async function accountByInvitation(hash: string): Promise<Account | null> {
  return completed(await accounts.findOne({ 'invitation.hash': hash }).lean<StoredAccount>().exec());
}

/** Every account, by user name. */
export async function allAccounts(): Promise<ListedAccount[]> {
  const stored = await accounts.find().sort({ _id: 1 }).lean<StoredAccount[]>().exec();
  return stored.map((one) => {
    const { _id, fullName, role, unit, disabled, lastLogin, invitation, passwordHash, totp } = completed(one);
    return {
      ...{ _id, fullName, role, unit, disabled, lastLogin },
      invitation: invitation && { until: invitation.until, used: invitation.used },
      active: passwordHash !== null,
      secondFactor: totp !== null,
    };
  });
}

/** Whether there is any account at all. */
export async function hasAccounts(): Promise<boolean> {
  return (await accounts.exists({})) !== null;
}

/** How many accounts of the office can log in. */
export function countAbleOffice(): Promise<number> {
  return accounts.countDocuments({ role: 'office', disabled: false, passwordHash: { $ne: null } }).exec();
}

/** Adds an account. @throws MongoServerError 11000 where the name is taken */
export async function insertAccount(account: NewAccount): Promise<void> {
  await accounts.create(account);
}

/**
 * Adds accounts that are invited, in one write.
 * @throws MongoServerError 11000 where a name is taken meanwhile; the others are added
 */
export async function insertInvited(
  invited: readonly (NewAccount & { readonly invitation: Invitation })[],
): Promise<void> {
  // Complete documents: three thousand need not be looked at one by one while others wait.
  if (invited.length > 0) await accounts.insertMany(invited.map(completed), { ordered: false, lean: true });
}

/** Gives accounts other invitations, in one write. */
export async function setInvitations(
  invited: readonly { readonly _id: string; readonly invitation: Invitation }[],
): Promise<void> {
  if (invited.length === 0) return;
  await accounts.bulkWrite(
    invited.map(({ _id, invitation }) => ({
      updateOne: { filter: { _id, passwordHash: null }, update: { $set: { invitation } } },
    })),
    { ordered: false },
  );
}

/** Gives an account another invitation; an earlier one is worth nothing from now on. */
export async function setInvitation(name: string, invitation: Invitation): Promise<void> {
  await accounts.updateOne({ _id: name }, { $set: { invitation } });
}

/**
 * Uses an invitation up: sets the password and ends every session.
 * @returns the account as it is now; null where the invitation was used meanwhile, or the account disabled
 */
export async function acceptInvitation(hash: string, passwordHash: string): Promise<Account | null> {
  return completed(
    await accounts
      .findOneAndUpdate(
        { 'invitation.hash': hash, 'invitation.used': false, disabled: false },
        { $set: { passwordHash, 'invitation.used': true }, $inc: { epoch: 1 } },
        { returnDocument: 'after' },
      )
      .lean<StoredAccount>(),
  );
}

/** What can be changed of an account, by its name. Where `endSessions`, every session of it ends. */
export async function changeAccount(
  name: string,
  change: Partial<Omit<Account, '_id' | 'epoch'>>,
  { endSessions = false } = {},
): Promise<Account | null> {
  return completed(
    await accounts
      .findOneAndUpdate(
        { _id: name },
        { ...(Object.keys(change).length > 0 ? { $set: change } : {}), $inc: { epoch: endSessions ? 1 : 0 } },
        { returnDocument: 'after' },
      )
      .lean<StoredAccount>(),
  );
}

/** Uses a time step of the second factor up. @returns whether neither it nor a later one had been used */
export async function takeTotpStep(name: string, step: number): Promise<boolean> {
  const { modifiedCount } = await accounts.updateOne(
    { _id: name, 'totp.lastStep': { $lt: step } },
    { $set: { 'totp.lastStep': step } },
  );
  return modifiedCount === 1;
}

/** Uses a recovery code up. @returns whether the account had it */
export async function takeRecoveryCode(name: string, hash: string): Promise<boolean> {
  const { modifiedCount } = await accounts.updateOne(
    { _id: name, recoveryHashes: hash },
    { $pull: { recoveryHashes: hash } },
  );
  return modifiedCount === 1;
}

/** An account as it is stored; of those stored by earlier versions, some facts are missing. */
type StoredAccount = NewAccount;

function completed(stored: StoredAccount): Account;
function completed(stored: StoredAccount | null): Account | null;
function completed(stored: StoredAccount | null): Account | null {
  return (
    stored && {
      fullName: '',
      unit: null,
      epoch: 0,
      disabled: false,
      invitation: null,
      totp: null,
      recoveryHashes: [],
      lastLogin: null,
      ...stored,
    }
  );
}
