/** The form of one account: what was typed, and what is wrong with it. */
import { ROLES, type Role } from '../../models/accounts.js';
import type { Unit } from '../../models/units.js';
import { type FormBody, textIn, visible } from '../http/body.js';

/** User names: what can be typed on any keyboard and read out over the telephone. */
const NAME = /^[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]$/;
const LONGEST_FULL_NAME = 120;

export interface AccountEntered {
  readonly name: string;
  readonly fullName: string;
  readonly role: string;
  readonly unit: string;
}

export interface AccountFacts {
  readonly fullName: string;
  readonly role: Role;
  readonly unit: string | null;
}

/** Something to mend; `key` names the text. */
export interface FormMistake {
  readonly field: string;
  readonly key: string;
}

/** What was typed into the form of an account. */
export function enteredAccount(body: FormBody): AccountEntered {
  const typed = (field: string) => visible(textIn(body, field)).normalize('NFC').replace(/\s+/g, ' ').trim();
  return { name: typed('name'), fullName: typed('fullName'), role: typed('role'), unit: typed('unit') };
}

/** Whether a user name can be given. */
export function nameMistakes(name: string): FormMistake[] {
  return NAME.test(name) ? [] : [{ field: 'name', key: 'accounts.problem.name' }];
}

/**
 * The facts that were typed, or what is wrong with them. A role that works within a unit needs one that exists; the
 * others have none.
 */
export function readFacts(
  { fullName, role, unit }: AccountEntered,
  units: readonly Pick<Unit, '_id'>[],
): { readonly facts: AccountFacts } | { readonly mistakes: FormMistake[] } {
  const known = ROLES.find((one) => one === role);
  const needsUnit = known === 'unit' || known === 'entry';
  const mistakes: FormMistake[] = [];
  if (fullName.length > LONGEST_FULL_NAME)
    mistakes.push({ field: 'fullName', key: 'accounts.problem.full-name' });
  if (!known) mistakes.push({ field: 'role', key: 'accounts.problem.role' });
  if (needsUnit && !units.some(({ _id }) => _id === unit))
    mistakes.push({ field: 'unit', key: unit ? 'accounts.problem.unit' : 'accounts.problem.no-unit' });
  return known && mistakes.length === 0
    ? { facts: { fullName, role: known, unit: needsUnit ? unit : null } }
    : { mistakes };
}
