/** The list of accounts: what is looked for, and the rows that are found. */
import type { Request } from 'express';
import { type ListedAccount, ROLES, type Role } from '../../models/accounts.js';
import type { Day } from '../../models/day.js';
import type { Unit } from '../../models/units.js';
import { visible } from '../http/body.js';
import { queryText } from '../http/pages.js';
import { searchable } from '../http/searchable.js';
import { codesBelow } from './codesBelow.js';
import { whyNot } from './invitations.js';

/**
 * `active`: has a password; `invited`: can set one; `expired`: has none and cannot set one until invited again;
 * `disabled`: may not log in.
 */
export const ACCOUNT_STATES = ['active', 'invited', 'expired', 'disabled'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** What an account is today. */
export function stateOf(
  { disabled, active, invitation }: Pick<ListedAccount, 'disabled' | 'active' | 'invitation'>,
  today: Day,
): AccountState {
  if (disabled) return 'disabled';
  if (active) return 'active';
  return invitation && whyNot({ ...invitation, hash: '' }, today) === null ? 'invited' : 'expired';
}

export interface AccountRow extends ListedAccount {
  readonly unitName: string;
  readonly state: AccountState;
}

/** What is looked for; empty fields match everything. */
export interface AccountSearch {
  readonly tim: string;
  readonly 'vai-tro': string;
  readonly 'don-vi': string;
  readonly 'trang-thai': string;
}

/** Reads the search from an address; a role or state that does not exist is none. */
export function readAccountSearch(request: Request): AccountSearch {
  const typed = (field: string) => visible(queryText(request, field) ?? '').trim();
  const oneOf = (field: string, all: readonly string[]) => (all.includes(typed(field)) ? typed(field) : '');
  return {
    tim: typed('tim'),
    'vai-tro': oneOf('vai-tro', ROLES),
    'don-vi': typed('don-vi'),
    'trang-thai': oneOf('trang-thai', ACCOUNT_STATES),
  };
}

/** The accounts that are looked for. A unit's code finds its accounts and those of all units below it. */
export function accountRows(
  accounts: readonly ListedAccount[],
  units: readonly Unit[],
  search: AccountSearch,
  today: Day,
): AccountRow[] {
  const names = new Map(units.map(({ _id, name }) => [_id, name]));
  const within = search['don-vi'] ? codesBelow(units, search['don-vi']) : null;
  const words = searchable(search.tim).split(' ').filter(Boolean);
  return accounts
    .map((account) => ({
      ...account,
      unitName: account.unit === null ? '' : (names.get(account.unit) ?? account.unit),
      state: stateOf(account, today),
    }))
    .filter(({ role, state, unit, _id, fullName, unitName }) => {
      if (search['vai-tro'] && role !== (search['vai-tro'] as Role)) return false;
      if (search['trang-thai'] && state !== search['trang-thai']) return false;
      if (within && (unit === null || !within.has(unit))) return false;
      const text = words.length > 0 ? searchable(`${_id} ${fullName} ${unit ?? ''} ${unitName}`) : '';
      return words.every((word) => text.includes(word));
    })
    .sort((one, other) => ORDER.compare(one._id, other._id));
}

/** t2 before t10. */
const ORDER = new Intl.Collator('vi', { numeric: true });
