/** The table of quotas: which of its lines a page shows, and what was typed into them. */
import type { Request } from 'express';
import type { FormBody } from '../http/body.js';
import { queryText } from '../http/pages.js';
import { searchable } from '../http/searchable.js';
import { wholeOf } from './planForm.js';
import type { QuotaRow } from './planPage.js';

/** A form has two fields for each line, and may have 500. */
const ROWS_PER_PAGE = 100;

/** Which lines are looked at. */
export interface QuotaView {
  /** Code of a stratum, or empty. */
  readonly stratum: string;
  /** What was searched for in names and codes. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
}

/** A page of the table. */
export interface QuotaPage extends QuotaView {
  readonly rows: readonly QuotaRow[];
  /** Lines that were found, on all pages. */
  readonly found: number;
  readonly pages: number;
}

/** What a request wants to see: `?tang=`, `?tim=`, `?trang=`. */
export function quotaView(request: Request): QuotaView {
  const page = wholeOf(queryText(request, 'trang') ?? '') ?? 1;
  return {
    stratum: (queryText(request, 'tang') ?? '').slice(0, 10),
    search: (queryText(request, 'tim') ?? '').slice(0, 100),
    page: Math.max(1, page),
  };
}

/** The page of the table that is wanted, or the last one there is. */
export function quotaPage(rows: readonly QuotaRow[], { stratum, search, page }: QuotaView): QuotaPage {
  const words = searchable(search).split(' ').filter(Boolean);
  const found = rows.filter((row) => {
    if (stratum !== '' && row.stratum !== stratum) return false;
    const text = searchable(`${row.unit} ${row.name}`);
    return words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(found.length / ROWS_PER_PAGE));
  const at = Math.min(page, pages);
  return {
    stratum,
    search,
    page: at,
    pages,
    found: found.length,
    rows: found.slice((at - 1) * ROWS_PER_PAGE, at * ROWS_PER_PAGE),
  };
}

/** A quota somebody typed in the place of another. */
export interface QuotaChange {
  readonly row: QuotaRow;
  /** Null where the field was emptied: as computed, or none. */
  readonly quota: number | null;
}

/** What was typed into the table. */
export interface TypedQuotas {
  readonly changes: readonly QuotaChange[];
  /** As typed, by unit, to be shown again. */
  readonly typed: ReadonlyMap<string, string>;
  /** Units whose field holds no whole number. */
  readonly wrong: readonly QuotaRow[];
}

export const LARGEST_QUOTA = 100_000;

/**
 * Reads the fields `q:CODE`. Only what differs from what the page showed (`s:CODE`) is a change, so that two people
 * who each mend a line of one page do not undo each other's.
 */
export function typedQuotas(form: FormBody, rows: readonly QuotaRow[]): TypedQuotas {
  const one = (name: string) => {
    const value = form[name];
    return typeof value === 'string' ? value.trim() : null;
  };
  const typed = new Map<string, string>();
  const wrong: QuotaRow[] = [];
  const changes: QuotaChange[] = [];
  for (const row of rows) {
    const now = one(`q:${row.unit}`);
    if (now === null || now === one(`s:${row.unit}`)) continue;
    typed.set(row.unit, now);
    const quota = now === '' ? null : quotaOf(now);
    if (quota === undefined) wrong.push(row);
    else changes.push({ row, quota });
  }
  return { changes, typed, wrong };
}

/** A quota from text, with or without points between thousands; undefined where it is none. */
export function quotaOf(text: string): number | undefined {
  const plain = /^\d{1,3}(?:[., {2}]\d{3})+$/.test(text) ? text.replace(/\D/g, '') : text;
  const quota = wholeOf(plain);
  return quota === null || quota > LARGEST_QUOTA ? undefined : quota;
}
