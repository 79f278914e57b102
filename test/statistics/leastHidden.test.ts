import { describe, expect, it } from 'vitest';
import { type PublishedTable, publishedTable } from '../../server/statistics/publishedTable.js';
import { hiddenCells } from '../../server/statistics/secondarySuppression.js';
import { bounds, knowledge } from './attacker.js';
import { randomNumbers } from './randomNumbers.js';

const MINIMUM = 5;
const TABLES = 120;

/**
 * The heuristic beside the best there is, found by trying every choice of cells: tables of two units and three columns
 * with all their totals, 12 cells, most of them small. What is compared is what the heuristic tries to keep low: people
 * in figures that are hidden though they are not small.
 */
describe('what is hidden beside small cells', () => {
  const compared = tables().map((table) => {
    const { small, complementary } = hiddenCells(table, MINIMUM);
    const chosen = new Set([...small, ...complementary]);
    const best = leastHidden(table, small);
    return {
      table,
      small,
      chosen,
      people: peopleIn(table, complementary),
      best: peopleIn(table, best),
    };
  });

  it('always protects every small cell', () => {
    for (const { table, small, chosen } of compared) expect(isSafe(table, small, chosen)).toBe(true);
    expect(compared.some(({ best }) => best > 0)).toBe(true);
  });

  it('is never less than the least that protects them, or the search is wrong', () => {
    for (const { people, best } of compared) expect(people).toBeGreaterThanOrEqual(best);
  });

  it('is the least possible in most tables, and at most 10 % more over all of them', () => {
    const exact = compared.filter(({ people, best }) => people === best).length;
    const sum = (of: (one: (typeof compared)[number]) => number) =>
      compared.reduce((all, one) => all + of(one), 0);
    const overhead = sum(({ people }) => people) / sum(({ best }) => best) - 1;
    // Measured: the least in 102 of 120 tables, 5.7 % more people over all.
    expect(exact / compared.length).toBeGreaterThan(0.75);
    expect(overhead).toBeLessThan(0.1);
  });
});

function tables(): PublishedTable[] {
  const random = randomNumbers(20_261_121);
  const rows = [
    { code: 'all', parent: null },
    { code: 'a', parent: 'all' },
    { code: 'b', parent: 'all' },
  ];
  return Array.from({ length: TABLES }, () => {
    const counts = new Map<string, number>();
    for (const row of ['a', 'b'])
      for (const column of ['x', 'y', 'z']) counts.set(row + column, Math.floor(random() ** 2 * 26));
    return publishedTable(
      rows,
      ['x', 'y', 'z'],
      (row, column) => counts.get(row + column) ?? 0,
      (row) => row !== 'all',
    );
  });
}

/** Cells to hide beside the small ones: of all choices that protect them, one with the fewest people. */
function leastHidden(table: PublishedTable, small: ReadonlySet<string>): ReadonlySet<string> {
  const others = [...table.counts].flatMap(([key, count]) => (count > 0 && !small.has(key) ? [key] : []));
  const choices = Array.from({ length: 2 ** others.length }, (_, bits) => {
    const cells = new Set(others.filter((_cell, at) => (bits >> at) & 1));
    return { cells, people: peopleIn(table, cells) };
  }).sort((one, other) => one.people - other.people);
  const found = choices.find(({ cells }) => isSafe(table, small, new Set([...small, ...cells])));
  if (!found) throw new Error('hiding everything protects everything');
  return found.cells;
}

/** Whether each small cell may be as large as the minimum, from all that is shown. */
function isSafe(
  { counts, sums }: PublishedTable,
  small: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): boolean {
  const facts = knowledge(counts, sums, (key) => hidden.has(key));
  return [...small].every((key) => bounds(facts, key).most >= MINIMUM - 1e-9);
}

function peopleIn({ counts }: PublishedTable, cells: ReadonlySet<string>): number {
  return [...cells].reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
}
