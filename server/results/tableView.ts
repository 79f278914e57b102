/**
 * Which rows of a long table are looked at, and in what order, as its address says: `?xep=` what it is sorted by, with a
 * minus before it for the other direction, `?tim=` `?dich-vu=` `?dia-ban=` `?duoi=` what is looked for, `?trang=` the page.
 */
import type { Request } from 'express';
import { queryText } from '../http/pages.js';

export interface TableView {
  /** One of the keys of the table; empty for the order the rows are given in. */
  readonly sort: string;
  readonly descending: boolean;
  readonly search: string;
  /** Code of a service, an area class (`-` for units without one), code of a unit above; empty for all. */
  readonly service: string;
  readonly area: string;
  readonly below: string;
  /** From 1. */
  readonly page: number;
}

/** A place in the tree, an area class or a service that rows can be narrowed to. */
export interface Choice {
  readonly value: string;
  readonly name: string;
}

/** What a page of a table shows. */
export interface TablePage<Row> {
  readonly rows: readonly Row[];
  /** How many rows fit the view in all. */
  readonly found: number;
  /** How many pages they take, at least 1, and which this is. */
  readonly pages: number;
  readonly page: number;
}

/** How a table is sorted by one thing: what of a row it goes by; null comes last in either direction. */
export type SortKeys<Row> = Readonly<Record<string, (row: Row) => number | string | null>>;

const PER_PAGE = 100;

/** The view an address asks for; what it does not know is as usual. */
export function tableView(request: Request, keys: Readonly<Record<string, unknown>>): TableView {
  const asked = queryText(request, 'xep') ?? '';
  const sort = asked.replace(/^-/, '');
  const known = Object.hasOwn(keys, sort);
  const short = (name: string) => (queryText(request, name) ?? '').slice(0, 100);
  return {
    sort: known ? sort : '',
    descending: known && asked.startsWith('-'),
    search: short('tim'),
    service: short('dich-vu'),
    area: short('dia-ban'),
    below: short('duoi'),
    page: Math.min(9999, Math.max(1, Number.parseInt(short('trang'), 10) || 1)),
  };
}

/** A view as a query; what is as usual is left out. */
export function tableQuery(view: TableView): string {
  const query = new URLSearchParams(
    Object.entries({
      xep: view.sort && `${view.descending ? '-' : ''}${view.sort}`,
      tim: view.search,
      'dich-vu': view.service,
      'dia-ban': view.area,
      duoi: view.below,
      trang: view.page > 1 ? String(view.page) : '',
    }).filter(([, value]) => value !== ''),
  );
  return query.size > 0 ? `?${query}` : '';
}

/** Rows in the order of a view; those of equal standing stay as they are given. */
export function sortedRows<Row>(rows: readonly Row[], keys: SortKeys<Row>, view: TableView): readonly Row[] {
  const keyOf = keys[view.sort];
  if (!keyOf) return rows;
  const way = view.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * way;
    })
    .map(({ row }) => row);
}

/** The page of some rows that a view asks for; the last where there are not so many. */
export function pageOf<Row>(rows: readonly Row[], view: TableView): TablePage<Row> {
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const page = Math.min(view.page, pages);
  return { rows: rows.slice((page - 1) * PER_PAGE, page * PER_PAGE), found: rows.length, pages, page };
}
