/** Accounts of the people who run rounds. */
import mongoose from 'mongoose';

export interface Account {
  /** The user name. */
  _id: string;
  /** argon2id, in the PHC string form. */
  passwordHash: string;
  role: 'office';
}

const accounts = mongoose.model(
  'Account',
  new mongoose.Schema<Account>(
    {
      _id: { type: String, required: true },
      passwordHash: { type: String, required: true },
      role: { type: String, enum: ['office'], required: true },
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
export async function insertAccount(account: Account): Promise<void> {
  await accounts.create(account);
}
