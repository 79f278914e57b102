/** Entries of the audit log in words. */
import { ROLES } from '../../models/accounts.js';
import type { AuditEntry } from '../../models/auditEntries.js';
import { markOf } from '../../models/auditSeal.js';
import { parseDay } from '../../models/day.js';
import { endsOfKeys, hasText, type Translate } from '../http/language.js';

/** An entry as a person reads it. */
export interface EntryInWords {
  readonly number: number;
  readonly at: Date;
  readonly account: string;
  /** What was done, as a sentence. */
  readonly done: string;
  readonly subject: string;
  /** What else is known, such as how many. */
  readonly details: readonly (readonly [label: string, value: string])[];
  readonly mark: string;
}

/** An entry in words; an action or detail of another version of the product keeps its code. */
export function entryInWords(entry: AuditEntry, t: Translate): EntryInWords {
  const { number, at, account, subject, details } = entry;
  return {
    number,
    at,
    account,
    done: actionInWords(entry.action, t),
    subject,
    details: Object.entries(details)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [detailInWords(name, t), valueInWords(name, value, t)]),
    mark: markOf(entry.digest),
  };
}

/** Every action that has a text, in the order of the texts. */
export function actionsKnown(t: Translate): { code: string; text: string }[] {
  return endsOfKeys('audit.action.')
    .map((code) => ({ code, text: actionInWords(code, t) }))
    .sort((one, other) => one.text.localeCompare(other.text, 'vi'));
}

/** An action as a sentence; the code itself where it has none. */
function actionInWords(action: string, t: Translate): string {
  return hasText(`audit.action.${action}`) ? t(`audit.action.${action}`) : action;
}

/** Values that are codes with a text. */
const ROLE_DETAILS = ['role', 'roleFrom', 'roleTo'];

function valueInWords(name: string, value: string | number, t: Translate): string {
  const role = ROLE_DETAILS.includes(name) ? ROLES.find((one) => one === value) : undefined;
  if (role) return t(`accounts.role.${role}`);
  const day = typeof value === 'string' ? parseDay(value) : null;
  return day ? day.split('-').reverse().join('/') : String(value);
}

function detailInWords(name: string, t: Translate): string {
  return hasText(`audit.detail.${name}`) ? t(`audit.detail.${name}`) : name;
}
