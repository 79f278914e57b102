/** The files of a page of figures: a table by name as CSV, a picture by name as SVG and PNG. */
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { pngOf } from '../charts/png.js';
import { Problem } from '../http/problem.js';
import { csvOf } from '../lists/csvFile.js';
import { csvFormOf } from '../lists/csvForm.js';
import type { FigureTable } from './figureTable.js';
import { WIDE } from './page.js';
import type { Picture } from './pictures.js';

/** @param file such as `don-vi.csv` @throws {Problem} 404 `not-found` where the page has no such table */
export function tableOf(tables: readonly FigureTable[], file: string | string[] | undefined): FigureTable {
  const [name, kind] = nameAndKind(file);
  const table = tables.find((each) => each.name === name);
  if (!table || kind !== 'csv') throw new Problem(404, 'not-found');
  return table;
}

/** A table as CSV, piece by piece, in the form that the address asks for (server/lists/csvForm.ts). */
export function csvOfTable(
  { columns, count }: FigureTable,
  request: Request,
  lang: string,
): AsyncGenerator<string, number> {
  const rows = Array.from({ length: count }, (_, at) => ({ at }));
  const ofRows = columns.map(({ heading, cell }) => ({
    heading,
    cell: ({ at }: { at: number }) => cell(at),
  }));
  return csvOf(rows, ofRows, csvFormOf(request), lang);
}

/** PNGs drawn last, by what they show: drawing one takes a processor a tenth of a second. */
const drawn = new LRUCache<string, Promise<Buffer>>({ max: 60 });

/** @param file such as `muc-do.png` @throws {Problem} 404 `not-found` where the page has no such picture */
export async function imageOf(
  pictures: readonly Picture[],
  file: string | string[] | undefined,
): Promise<{ name: string; kind: 'svg' | 'png'; bytes: Buffer }> {
  const [name, kind] = nameAndKind(file);
  const picture = pictures.find((each) => each.name === name);
  if (!picture || (kind !== 'svg' && kind !== 'png')) throw new Problem(404, 'not-found');
  const svg = await picture.draw(WIDE);
  return { name, kind, bytes: kind === 'svg' ? Buffer.from(svg) : await keptPng(svg) };
}

function keptPng(svg: string): Promise<Buffer> {
  const known = drawn.get(svg) ?? pngOf(svg, { width: 2 * WIDE });
  drawn.set(svg, known);
  known.catch(() => drawn.delete(svg));
  return known;
}

function nameAndKind(file: string | string[] | undefined): [name: string, kind: string] {
  const [, name = '', kind = ''] = /^([a-z0-9-]+)\.(csv|svg|png)$/.exec(String(file)) ?? [];
  return [name, kind];
}
