/** Long tables: what an address means, and the order and the page of rows that it asks for. */
import type { Request } from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf, sortedRows, type TableView, tableQuery, tableView } from '../../server/results/tableView.js';

const KEYS = { ten: ({ at }: Row) => at, 'ty-le': ({ rate }: Row) => rate };
interface Row {
  readonly at: number;
  readonly rate: number | null;
}

const viewOf = (address: string): TableView =>
  tableView({ query: Object.fromEntries(new URLSearchParams(address)) } as unknown as Request, KEYS);
const rows = fc
  .array(fc.option(fc.integer({ min: 0, max: 5 })))
  .map((rates) => rates.map((rate, at): Row => ({ at, rate })));

describe('a long table', () => {
  it('is not sorted by what it does not have', () => {
    for (const asked of ['', '-', 'constructor', '-__proto__', 'ty-le ', 'TEN'])
      expect(viewOf(`xep=${encodeURIComponent(asked)}`)).toMatchObject({ sort: '', descending: false });
  });

  it('has rows without a figure last in either direction, and equals as they were given', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (given, descending) => {
        const view = viewOf(`xep=${descending ? '-' : ''}ty-le`);
        const sorted = sortedRows(given, KEYS, view);
        const known = sorted.filter(({ rate }) => rate !== null);
        expect(sorted.slice(known.length).every(({ rate }) => rate === null)).toBe(true);
        for (const [index, row] of sorted.entries()) {
          const next = sorted[index + 1];
          if (!next || (row.rate === null) !== (next.rate === null)) continue;
          const step = ((next.rate ?? 0) - (row.rate ?? 0)) * (descending ? -1 : 1);
          expect(step > 0 || (step === 0 && next.at > row.at)).toBe(true);
        }
        expect(sorted).toHaveLength(given.length);
      }),
    );
  });

  it('shows each row on one page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 450 }), (count) => {
        const all = Array.from({ length: count }, (_, at) => at);
        const { pages } = pageOf(all, viewOf(''));
        const shown = Array.from(
          { length: pages },
          (_, at) => pageOf(all, viewOf(`trang=${at + 1}`)).rows,
        ).flat();
        expect(shown).toEqual(all);
        expect(pageOf(all, viewOf('trang=9999')).page).toBe(pages);
      }),
    );
  });

  it('has an address for every view that shows the same view again', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(
        fc.constantFrom('', 'ten', '-ten', 'ty-le', '-ty-le'),
        fc.record({ tim: text, 'dich-vu': text, 'dia-ban': text, duoi: text }),
        fc.integer({ min: 1, max: 50 }),
        (xep, fields, page) => {
          const view = viewOf(String(new URLSearchParams({ xep, ...fields, trang: String(page) })));
          expect(viewOf(tableQuery(view).slice(1))).toEqual(view);
        },
      ),
    );
  });
});
