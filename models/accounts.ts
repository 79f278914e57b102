/** Accounts of the people who run rounds, and of those who hand the surveys out and type paper forms. */
import mongoose from 'mongoose';

/**
 * `office` may do everything; `leader` reads everything; `unit` works within its unit and everything below it;
 * `entry` types paper forms for its unit.
 */
export const ROLES = ['office', 'leader', 'unit', 'entry'] as const;
export type Role = (typeof ROLES)[number];

export interface Account {
  /** The user name. */
  _id: string;
  role: Role;
  /** Code of the unit that a `unit` or `entry` account belongs to; null for the others. */
  unit: string | null;
  /** argon2id, in the PHC string form; null until the person invited has set a password. */
  passwordHash: string | null;
  /** Grows when every session of the account is ended; a session of an earlier epoch counts for nothing. */
  epoch: number;
  /** Whether it may log in no more. Accounts are never removed: the audit log names them. */
  disabled: boolean;
}

/** An account as a new one is described. */
export type NewAccount = Pick<Account, '_id' | 'role' | 'passwordHash'> & Partial<Account>;

const accounts = mongoose.model(
  'Account',
  new mongoose.Schema<Account>(
    {
      _id: { type: String, required: true },
      role: { type: String, enum: ROLES, required: true },
      unit: { type: String, default: null },
      passwordHash: { type: String, default: null },
      epoch: { type: Number, default: 0 },
      disabled: { type: Boolean, default: false },
    },
    { collection: 'accounts', versionKey: false },
  ),
);

/** The account of a user name, as it was stored; null where there is none. */
export function accountByName(name: string): Promise<Account | null> {
  return accounts.findById(name).lean<Account>().exec();
}

/** Whether there is any account at all. */
export async function hasAccounts(): Promise<boolean> {
  return (await accounts.exists({})) !== null;
}

/** Adds an account. @throws MongoServerError 11000 where the name is taken */
export async function insertAccount(account: NewAccount): Promise<void> {
  await accounts.create(account);
}
