/** What is looked for in the audit log, as the address says it. */
import type { Request } from 'express';
import type { AuditSearch } from '../../models/auditSearch.js';
import { addDays, beginningOf, parseDay } from '../../models/day.js';
import { visible } from '../http/body.js';
import { queryText } from '../http/pages.js';

const FIELDS = ['tu', 'den', 'tai-khoan', 'viec', 'doi-tuong', 'truoc'] as const;

/** What was typed, by field; a field that is missing or given twice is empty. */
export type SearchEntered = Readonly<Record<(typeof FIELDS)[number], string>>;

/** A field that cannot be understood; `key` names the text. */
interface SearchMistake {
  readonly field: 'tu' | 'den';
  readonly key: string;
}

/** Reads the search from an address. Days are those of Vietnam, the last one is included. */
export function readSearch(request: Request): {
  entered: SearchEntered;
  search: AuditSearch;
  mistakes: readonly SearchMistake[];
} {
  const typed = (field: string) =>
    visible(queryText(request, field) ?? '')
      .trim()
      .normalize('NFC');
  const entered = Object.fromEntries(FIELDS.map((field) => [field, typed(field)])) as SearchEntered;
  const from = parseDay(entered.tu);
  const to = parseDay(entered.den);
  const mistakes: SearchMistake[] = [];
  if (entered.tu && !from) mistakes.push({ field: 'tu', key: 'audit.problem.day' });
  if (entered.den && !to) mistakes.push({ field: 'den', key: 'audit.problem.day' });
  if (from && to && to < from) mistakes.push({ field: 'den', key: 'audit.problem.order' });
  return {
    entered,
    search: {
      from: from ? beginningOf(from) : undefined,
      until: to ? beginningOf(addDays(to, 1)) : undefined,
      account: entered['tai-khoan'] || undefined,
      action: entered.viec || undefined,
      subject: entered['doi-tuong'] || undefined,
      below: /^\d{1,15}$/.test(entered.truoc) ? Number(entered.truoc) : undefined,
    },
    mistakes,
  };
}

/** The search as the query of an address; empty fields are left out, and where a page began unless it is given. */
export function searchQuery(entered: Partial<SearchEntered>): string {
  const given = Object.entries(entered).filter(([, value]) => value !== '');
  return new URLSearchParams(given).toString();
}
