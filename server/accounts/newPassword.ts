import type { Account } from '../../models/accounts.js';
import type { Context } from '../context.js';
import type { FormMistake } from './accountForm.js';
import { passwordProblem } from './passwordRule.js';

/** What is wrong with a new password as it was typed twice; composed before it is looked at, so both may differ in form. */
export function newPasswordMistakes(
  { config }: Context,
  { _id: name, fullName }: Pick<Account, '_id' | 'fullName'>,
  password: string,
  repeat: string,
): FormMistake[] {
  const problem = passwordProblem(password, { name, fullName, department: config.departmentName });
  if (problem) return [{ field: 'password', key: `accounts.password.${problem}` }];
  const same = password.normalize('NFC') === repeat.normalize('NFC');
  return same ? [] : [{ field: 'repeat', key: 'accounts.password.differs' }];
}
