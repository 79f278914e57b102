/** Accounts for many units at once: which units, which user names. Pure. */
import type { ListedAccount } from '../../models/accounts.js';
import type { Day } from '../../models/day.js';
import type { Unit } from '../../models/units.js';
import { type FormBody, textIn, visible } from '../http/body.js';
import type { FormMistake } from './accountForm.js';
import { codesBelow } from './codesBelow.js';

/** For how many days after today the invitations can be used. */
export const BATCH_DAYS = [7, 14, 30] as const;

/** Stands for units without a level: communes, desks, offices. */
export const NO_LEVEL = 'khac';

export interface BatchChoice {
  readonly role: 'unit' | 'entry';
  /** Code of the unit whose subtree is meant; empty for all. */
  readonly top: string;
  /** Codes of levels, or `NO_LEVEL`; empty for all. */
  readonly levels: readonly string[];
  /** Whether accounts that were invited and have no password yet are invited again. */
  readonly again: boolean;
  readonly days: (typeof BATCH_DAYS)[number];
}

/** One account that is to be handed out. */
export interface BatchAccount {
  readonly name: string;
  readonly unit: Unit;
}

export interface BatchPlan {
  readonly fresh: readonly BatchAccount[];
  readonly again: readonly BatchAccount[];
  /** How many of the units chosen have an account with a password, or one that was disabled. */
  readonly served: number;
  /** How many have an invitation that stays as it is. */
  readonly waiting: number;
}

/** What was chosen in the form, or by the query of its address. */
export function readBatch(
  fields: FormBody,
  units: readonly Unit[],
  levels: ReadonlySet<string>,
): { readonly choice: BatchChoice; readonly mistakes: readonly FormMistake[] } {
  const one = (name: string) => visible(textIn(fields, name)).trim();
  const top = one('top');
  const choice: BatchChoice = {
    role: one('role') === 'entry' ? 'entry' : 'unit',
    top,
    levels: [fields.levels ?? []].flat().filter((level) => levels.has(level) || level === NO_LEVEL),
    again: one('again') === 'yes',
    days: BATCH_DAYS.find((days) => String(days) === one('days')) ?? 14,
  };
  const known = top === '' || units.some(({ _id }) => _id === top);
  return { choice, mistakes: known ? [] : [{ field: 'top', key: 'accounts.problem.unit' }] };
}

/**
 * Who gets an account: units that exist, of the subtree and levels chosen; not the department itself, whose account
 * would see every school, nor the sites of a school, which are the school's.
 */
export function planBatch(
  choice: BatchChoice,
  units: readonly Unit[],
  accounts: readonly ListedAccount[],
  today: Day,
): BatchPlan {
  const within = choice.top ? codesBelow(units, choice.top) : null;
  const chosen = units
    .filter(({ kind }) => kind !== 'department' && kind !== 'site')
    .filter(({ _id, until }) => (until === null || until >= today) && (within === null || within.has(_id)))
    .filter(({ levels }) => hasLevel(levels, choice.levels));
  const theirs = new Map<string, ListedAccount[]>();
  for (const account of accounts.filter(({ role }) => role === choice.role)) {
    const own = theirs.get(account.unit ?? '');
    if (own) own.push(account);
    else theirs.set(account.unit ?? '', [account]);
  }
  const taken = new Set(accounts.map(({ _id }) => _id));
  const plan = { fresh: [] as BatchAccount[], again: [] as BatchAccount[], served: 0, waiting: 0 };
  for (const unit of chosen) {
    const own = theirs.get(unit._id) ?? [];
    const invited = own.find(({ active, disabled }) => !active && !disabled);
    if (own.some(({ active, disabled }) => active || disabled)) plan.served += 1;
    else if (invited && choice.again) plan.again.push({ name: invited._id, unit });
    else if (invited) plan.waiting += 1;
    else plan.fresh.push({ name: freeName(unit._id, choice.role, taken), unit });
  }
  return plan;
}

function hasLevel(own: readonly string[], wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  return own.length === 0 ? wanted.includes(NO_LEVEL) : own.some((level) => wanted.includes(level));
}

/** The unit's code in small letters, with a number behind it where somebody else has that name. */
function freeName(code: string, role: 'unit' | 'entry', taken: Set<string>): string {
  const base = `${code.toLowerCase()}${role === 'entry' ? '.nhap' : ''}`;
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  taken.add(name);
  return name;
}
