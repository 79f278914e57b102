/** Which lines of the progress board are looked at, and in what order. */
import type { Request } from 'express';
import { queryText } from '../http/pages.js';
import { searchable } from '../http/searchable.js';
import type { Board, BoardRow } from './board.js';
import { lags } from './progress.js';

/** What lines can be sorted by. */
const SORT_KEYS = [
  'ten',
  'phieu',
  'chi-tieu',
  'ty-le',
  'tra-loi',
  'nhip',
  'du-kien',
  'gan-nhat',
  'cham',
] as const;
type SortKey = (typeof SORT_KEYS)[number];

export interface BoardView {
  /** Code of the place looked at; empty for the whole round. */
  readonly below: string;
  /** Every unit, or the places and units directly below. */
  readonly flat: boolean;
  /** Only what lags. */
  readonly laggingOnly: boolean;
  readonly search: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** `?duoi=` `?xem=don-vi` `?loc=cham` `?tim=` `?sap=` with a minus before it for the other direction. */
export function boardView(request: Request): BoardView {
  const sort = queryText(request, 'sap') ?? '';
  const key = SORT_KEYS.find((one) => one === sort.replace(/^-/, ''));
  return {
    below: (queryText(request, 'duoi') ?? '').slice(0, 100),
    flat: queryText(request, 'xem') === 'don-vi',
    laggingOnly: queryText(request, 'loc') === 'cham',
    search: (queryText(request, 'tim') ?? '').slice(0, 100),
    sort: key ?? 'ty-le',
    descending: sort.startsWith('-') && key !== undefined,
  };
}

/** The same view with something else, as a query; what is as usual is left out. */
export function viewQuery(view: BoardView): string {
  const usual = view.sort === 'ty-le' && !view.descending;
  const parameters = {
    duoi: view.below,
    xem: view.flat ? 'don-vi' : '',
    loc: view.laggingOnly ? 'cham' : '',
    tim: view.search,
    sap: usual ? '' : `${view.descending ? '-' : ''}${view.sort}`,
  };
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return query.size > 0 ? `?${query}` : '';
}

/** The lines of a view, in its order; what has no figure to sort by comes last either way. */
export function rowsOfView(board: Board, view: BoardView): BoardRow[] {
  const words = searchable(view.search).split(' ').filter(Boolean);
  const rows = (view.flat || !board.nested ? board.units : board.places).filter((row) => {
    if (view.laggingOnly && row.lagging === 0) return false;
    if (words.length === 0) return true;
    const text = searchText(row);
    return words.every((word) => text.includes(word));
  });
  const way = view.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: sortValue(row, view.sort) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null)
      return Number(a.key === null) - Number(b.key === null) || order(a, b);
    return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * way || order(a, b);
  });
  return keyed.map(({ row }) => row);
}

/** What is searched of a line: its name, its code, and the names above it. */
function searchText({ code, name, above }: BoardRow): string {
  return searchable(`${name} ${code} ${above.slice(1).join(' ')}`);
}

function order({ row: a }: { row: BoardRow }, { row: b }: { row: BoardRow }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.code < b.code ? -1 : 1;
}

function sortValue(row: BoardRow, sort: SortKey): number | string | null {
  const { progress } = row;
  if (sort === 'ten') return searchable(row.name);
  if (sort === 'phieu') return progress.received;
  if (sort === 'chi-tieu') return progress.quota;
  if (sort === 'ty-le') return progress.ofQuota;
  if (sort === 'tra-loi') return progress.ofEnrolment;
  if (sort === 'nhip') return progress.pace;
  if (sort === 'gan-nhat') return progress.latest;
  if (sort === 'cham') return row.units === null ? Number(lags(progress)) : row.lagging;
  const { forecast, quota } = progress;
  return forecast === null || !quota ? null : forecast.expected / quota;
}
