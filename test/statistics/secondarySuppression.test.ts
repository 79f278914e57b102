import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_COLUMNS,
  cellKey,
  type PublishedTable,
  publishedTable,
  type TableRow,
} from '../../server/statistics/publishedTable.js';
import { hiddenCells } from '../../server/statistics/secondarySuppression.js';
import { bounds, knowledge, recovered, type Sum } from './attacker.js';

describe('choosing what to hide is refused', () => {
  it('where the parts are not their total', () => {
    const counts = new Map([
      ['a', 3],
      ['b', 4],
      ['all', 8],
    ]);
    expect(() => hiddenCells({ counts, sums: [{ total: 'all', parts: ['a', 'b'] }] }, 5)).toThrow(
      /parts do not add up to all/,
    );
  });

  it('where a sum names a cell that is not there', () => {
    const counts = new Map([['all', 8]]);
    expect(() => hiddenCells({ counts, sums: [{ total: 'all', parts: ['a'] }] }, 5)).toThrow(RangeError);
  });

  it('where a cell is in three sums, whose tables would have to be looked at together', () => {
    const counts = new Map(['a', 'b', 'c', 'd'].map((key) => [key, 9]));
    const sums = ['b', 'c', 'd'].map((total) => ({ total, parts: ['a'] }));
    expect(() => hiddenCells({ counts, sums }, 5)).toThrow(/more than two sums/);
  });

  it('where the sums are no network', () => {
    const counts = new Map([
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['ab', 2],
      ['bc', 2],
      ['ca', 2],
    ]);
    const sums = [
      { total: 'ab', parts: ['a', 'b'] },
      { total: 'bc', parts: ['b', 'c'] },
      { total: 'ca', parts: ['c', 'a'] },
    ];
    expect(() => hiddenCells({ counts, sums }, 5)).toThrow(/no network/);
  });

  it('where units are below each other in a circle', () => {
    const rows = [
      { code: 'a', parent: 'b' },
      { code: 'b', parent: 'a' },
    ];
    expect(() => publishedTable(rows, ['x'], () => 9)).toThrow(/circle/);
  });
});

describe('the attacker', () => {
  it('finds the bounds that the Handbook on Statistical Disclosure Control prints: 3 to 6', () => {
    // A. Hundepool et al., Handbook on Statistical Disclosure Control (sdctools.github.io/HandbookSDC), §4.2.2, Example 3,
    // after Geurts (1992), Table 10: rows 7, 3 and 6, columns 9 and 7, the last row 3 and 3, the four others hidden.
    const counts = new Map(Object.entries({ '31': 3, '32': 3, r1: 7, r2: 3, r3: 6, c1: 9, c2: 7, all: 16 }));
    for (const key of ['11', '12', '21', '22']) counts.set(key, Number.NaN);
    const sums = [
      ...['1', '2', '3'].map((row) => ({ total: `r${row}`, parts: [`${row}1`, `${row}2`] })),
      ...['1', '2'].map((column) => ({
        total: `c${column}`,
        parts: ['1', '2', '3'].map((row) => row + column),
      })),
    ];
    const facts = knowledge(counts, sums, (key) => Number.isNaN(counts.get(key)));
    expect(bounds(facts, '11')).toEqual({ least: 3, most: 6 });
    expect(recovered(facts).size).toBe(0);
  });

  it('finds a 1 where every row and every column has two or more hidden cells', () => {
    // Two rows less two columns: Alpha and Beta are 20 + 55, of which 15 + 20 + 15 are shown; medium and high are
    // 35 + 30, of which the hidden part lies in Alpha and Beta and is 65 − 41. So Alpha's fourth is 75 − 50 − 24 = 1.
    const { counts, sums } = counties();
    const hidden = new Set(
      ['Alpha|medium', 'Alpha|high', 'Alpha|very high', 'Beta|medium', 'Beta|high'].concat([
        'Gamma|low',
        'Gamma|very high',
        'Delta|low',
        'Delta|very high',
      ]),
    );
    const facts = knowledge(counts, sums, (key) => hidden.has(key));
    expect(Object.fromEntries(recovered(facts))).toEqual({ 'Alpha|very high': 1 });
    expect(bounds(facts, 'Alpha|very high')).toEqual({ least: 1, most: 1 });
    expect(bounds(facts, 'Alpha|medium')).toEqual({ least: 0, most: 4 });
  });

  it('finds the one hidden cell of a row, and the total hidden beside cells that are shown', () => {
    const counts = new Map([
      ['a', 3],
      ['b', 40],
      ['all', 43],
    ]);
    const sums = [{ total: 'all', parts: ['a', 'b'] }];
    expect([...recovered(knowledge(counts, sums, (key) => key === 'a'))]).toEqual([['a', 3]]);
    expect([...recovered(knowledge(counts, sums, (key) => key === 'all'))]).toEqual([['all', 43]]);
    expect(
      bounds(
        knowledge(counts, sums, (key) => key !== 'b'),
        'a',
      ),
    ).toEqual({
      least: 0,
      most: Number.POSITIVE_INFINITY,
    });
  });
});

describe('what is hidden', () => {
  it('is nothing where every cell stands for enough people, or for nobody', () => {
    expect(hiddenOf({ a: 5, b: 40, c: 0 })).toEqual({ small: [], complementary: [] });
    expect(hiddenCells({ counts: new Map(), sums: [] }, 5)).toEqual({
      small: new Set(),
      complementary: new Set(),
      witnesses: [],
    });
  });

  it('is the smallest other cell beside a single small one', () => {
    expect(hiddenOf({ a: 3, b: 40, c: 12, d: 60 })).toEqual({ small: ['a'], complementary: ['c'] });
  });

  it('is no more than two small cells that together stand for enough people', () => {
    expect(hiddenOf({ a: 3, b: 40, c: 2 })).toEqual({ small: ['a', 'c'], complementary: [] });
    expect(hiddenOf({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 70 })).toMatchObject({ complementary: [] });
  });

  it('is one more where the small cells together are still too few', () => {
    expect(hiddenOf({ a: 1, b: 40, c: 3, d: 9 })).toEqual({ small: ['a', 'c'], complementary: ['d'] });
  });

  it('is the total too where nothing else is left to hide', () => {
    expect(hiddenOf({ a: 3, b: 0 })).toEqual({ small: ['a', 'all'], complementary: [] });
    const rows = [row('province', null), row('commune', 'province'), row('other', 'province')];
    const one = publishedTable(rows, ['x'], (code) => (code === 'commune' ? 3 : code === 'other' ? 90 : 0));
    expect(hiddenCells(one, 5).complementary).toEqual(new Set([cellKey('other', 'x')]));
  });

  it('are what a unit has of its own and a unit below it, where the difference would show few people', () => {
    const rows = [row('school', null), row('site', 'school'), row('other site', 'school')];
    const people: Record<string, number> = { school: 2, site: 30, 'other site': 50 };
    const table = publishedTable(rows, ['x'], (code) => people[code] ?? 0);
    expect(table.counts.get(cellKey('school', 'x'))).toBe(82);
    expect(hiddenCells(table, 5).complementary).toEqual(new Set([cellKey('site', 'x')]));
  });

  it('closes a circle of four in a table with both margins', () => {
    const rows = [row('all', null), row('A', 'all'), row('B', 'all'), row('C', 'all')];
    const people: Record<string, number[]> = { A: [3, 30, 40], B: [50, 20, 60], C: [70, 80, 90] };
    const table = publishedTable(
      rows,
      ['0', '1', '2'],
      (code, column) => people[code]?.[Number(column)] ?? 0,
    );
    expect(hiddenCells(table, 5).complementary).toEqual(
      new Set([cellKey('A', '1'), cellKey('B', '0'), cellKey('B', '1')]),
    );
  });

  it('protects the Handbook’s table of marital status by sex, where a single woman stands alone', () => {
    // Handbook on Statistical Disclosure Control, §5.2: 38 and 17 married, 7 and 4 divorced, 3 and 1 single.
    const people: Record<string, number[]> = { married: [38, 17], divorced: [7, 4], single: [3, 1] };
    const rows = [row('all', null), ...Object.keys(people).map((code) => row(code, 'all'))];
    const count = (code: string, column: string) => people[code]?.[Number(column)] ?? 0;
    const { small, complementary } = hiddenCells(publishedTable(rows, ['0', '1'], count), 5);
    expect([...small].sort()).toEqual(
      [
        cellKey('divorced', '1'),
        cellKey('single', '0'),
        cellKey('single', '1'),
        cellKey('single', ALL_COLUMNS),
      ].sort(),
    );
    const written = writtenOut(rows, ['0', '1'], count);
    const facts = knowledge(written.counts, written.sums, (key) => small.has(key) || complementary.has(key));
    expect(recovered(facts).size).toBe(0);
    for (const key of small) expect(bounds(facts, key).most).toBeGreaterThanOrEqual(5);
    expect(complementary.size).toBeLessThanOrEqual(5);
  });

  it('protects that table of four by four, which two cells in each line did not', () => {
    const table = counties();
    const { small, complementary } = hiddenCells(table, 5);
    expect([...small].sort()).toEqual(
      [
        'Alpha|high',
        'Alpha|medium',
        'Alpha|very high',
        'Delta|very high',
        'Gamma|low',
        'Gamma|very high',
      ].sort(),
    );
    const facts = knowledge(table.counts, table.sums, (key) => small.has(key) || complementary.has(key));
    expect(recovered(facts).size).toBe(0);
    for (const key of small) expect(bounds(facts, key).most).toBeGreaterThanOrEqual(5);
  });

  it('leaves nothing to an attacker, in random trees of units by services with both margins', () => {
    fc.assert(
      fc.property(someTable(), fc.integer({ min: 2, max: 7 }), ({ rows, columns, people }, minimum) => {
        const { counts, sums } = writtenOut(rows, columns, people);
        const { small, complementary } = hiddenCells(publishedTable(rows, columns, people), minimum);
        const facts = knowledge(
          counts,
          sums,
          (key) => small.has(key) || complementary.has(key) || key.includes('own'),
        );
        const found = recovered(facts);
        for (const [key, count] of counts) {
          if (count === 0 || count >= minimum) continue;
          expect(small.has(key)).toBe(true);
          expect(found.has(key)).toBe(false);
          const { least, most } = bounds(facts, key);
          expect(least).toBeLessThanOrEqual(count);
          expect(most).toBeGreaterThanOrEqual(minimum);
        }
        for (const key of complementary) expect(counts.get(key)).toBeGreaterThanOrEqual(minimum);
      }),
      { numRuns: 1500 },
    );
  });

  it('is needed: in most of those tables the attacker finds a cell where only the small ones are hidden', () => {
    let attacked = 0;
    let exposed = 0;
    for (const { rows, columns, people } of fc.sample(someTable(), { numRuns: 300, seed: 7 })) {
      const { counts, sums } = writtenOut(rows, columns, people);
      const { small } = hiddenCells(publishedTable(rows, columns, people), 5);
      if (small.size === 0) continue;
      attacked += 1;
      const facts = knowledge(counts, sums, (key) => small.has(key) || key.includes('own'));
      if ([...small].some((key) => bounds(facts, key).most < 5)) exposed += 1;
    }
    expect(exposed / attacked).toBeGreaterThan(0.5);
  });

  it('hides few cells of a province: 3 000 units in 100 communes by three services, in seconds', () => {
    const rows = [row('province', null)];
    for (let commune = 0; commune < 100; commune += 1) rows.push(row(`c${commune}`, 'province'));
    for (let unit = 0; unit < 3000; unit += 1) rows.push(row(`u${unit}`, `c${unit % 100}`));
    const table = publishedTable(rows, ['a', 'b', 'c'], (code, column) => {
      if (!code.startsWith('u')) return 0;
      const spread = (Number(code.slice(1)) * 7919 + column.charCodeAt(0) * 104_729) % 1000;
      return spread < 60 ? 1 + (spread % 4) : 5 + (spread % 97);
    });
    const start = performance.now();
    const { small, complementary } = hiddenCells(table, 5);
    expect(small.size).toBeGreaterThan(400);
    expect(complementary.size).toBeLessThan(4 * small.size);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

function row(code: string, parent: string | null): TableRow {
  return { code, parent };
}

/** Hides in one row of cells with their total `all`, at a minimum of five people. */
function hiddenOf(cells: Record<string, number>): { small: string[]; complementary: string[] } {
  const total = Object.values(cells).reduce((sum, n) => sum + n, 0);
  const table: PublishedTable = {
    counts: new Map([...Object.entries(cells), ['all', total]]),
    sums: [{ total: 'all', parts: Object.keys(cells) }],
  };
  const { small, complementary } = hiddenCells(table, 5);
  return { small: [...small].sort(), complementary: [...complementary].sort() };
}

/** Four counties by four levels of education, with both margins. */
function counties(): PublishedTable {
  const levels = ['low', 'medium', 'high', 'very high'];
  const people = {
    Alpha: [15, 1, 3, 1],
    Beta: [20, 10, 10, 15],
    Gamma: [3, 10, 10, 2],
    Delta: [12, 14, 7, 2],
  };
  const rows = Object.entries(people);
  const counts = new Map<string, number>();
  const sums: Sum[] = [];
  for (const [county, numbers] of rows) {
    for (const [at, level] of levels.entries()) counts.set(`${county}|${level}`, numbers[at] ?? 0);
    counts.set(
      `${county}|all`,
      numbers.reduce((sum, n) => sum + n, 0),
    );
    sums.push({ total: `${county}|all`, parts: levels.map((level) => `${county}|${level}`) });
  }
  for (const level of [...levels, 'all']) {
    const parts = rows.map(([county]) => `${county}|${level}`);
    counts.set(
      `all|${level}`,
      parts.reduce((sum, part) => sum + (counts.get(part) ?? 0), 0),
    );
    sums.push({ total: `all|${level}`, parts });
  }
  return { counts, sums };
}

interface SomeTable {
  readonly rows: TableRow[];
  readonly columns: string[];
  readonly people: (row: string, column: string) => number;
}

/** A forest of up to eight units in any order by up to four services, most cells small or empty. */
function someTable(): fc.Arbitrary<SomeTable> {
  const size = fc.integer({ min: 1, max: 8 });
  const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40 }));
  return fc.tuple(size, fc.integer({ min: 1, max: 4 })).chain(([units, services]) =>
    fc
      .record({
        parents: fc.array(fc.nat(), { minLength: units, maxLength: units }),
        shuffled: fc.shuffledSubarray([...Array(units).keys()], { minLength: units, maxLength: units }),
        counts: fc.array(count, { minLength: units * services, maxLength: units * services }),
        ownCounts: fc.boolean(),
        oneRoot: fc.boolean(),
      })
      .map(({ parents, shuffled, counts, ownCounts, oneRoot }) => {
        const above = parents.map((n, unit) => (unit === 0 ? -1 : oneRoot ? n % unit : (n % (unit + 1)) - 1));
        const columns = [...Array(services).keys()].map(String);
        const rows = shuffled.map((unit) => {
          const parent = above[unit] ?? -1;
          return row(`u${unit}`, parent < 0 ? null : `u${parent}`);
        });
        const people = (code: string, column: string): number => {
          const unit = Number(code.slice(1));
          if (!ownCounts && above.includes(unit)) return 0;
          return counts[unit * services + Number(column)] ?? 0;
        };
        return { rows, columns, people };
      }),
  );
}

/** All cells and all sums between them, redundant ones too, by plain recursion. */
function writtenOut(rows: TableRow[], columns: string[], people: SomeTable['people']) {
  const counts = new Map<string, number>();
  const sums: Sum[] = [];
  const shown = columns.length > 1 ? [...columns, ALL_COLUMNS] : columns;
  const own = (code: string, column: string): number =>
    (column === ALL_COLUMNS ? columns : [column]).reduce((sum, one) => sum + people(code, one), 0);
  const all = (code: string, column: string): number =>
    rows
      .filter(({ parent }) => parent === code)
      .reduce((sum, child) => sum + all(child.code, column), own(code, column));
  for (const { code } of rows) {
    const children = rows.filter(({ parent }) => parent === code);
    const hasOwn = children.length > 0 && own(code, ALL_COLUMNS) > 0;
    const ownKey = (column: string): string => JSON.stringify([code, column, 'own']);
    for (const column of shown) {
      counts.set(cellKey(code, column), all(code, column));
      if (hasOwn) counts.set(ownKey(column), own(code, column));
      if (children.length > 0)
        sums.push({
          total: cellKey(code, column),
          parts: [
            ...children.map((child) => cellKey(child.code, column)),
            ...(hasOwn ? [ownKey(column)] : []),
          ],
        });
    }
    if (columns.length > 1) {
      sums.push({ total: cellKey(code, ALL_COLUMNS), parts: columns.map((column) => cellKey(code, column)) });
      if (hasOwn) sums.push({ total: ownKey(ALL_COLUMNS), parts: columns.map(ownKey) });
    }
  }
  return { counts, sums };
}
