import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocation } from '../../server/statistics/allocation.js';

describe('a sample spread over strata', () => {
  it('is nothing where there are no strata or nobody in them', () => {
    expect(allocation(100, [], 'proportional')).toEqual([]);
    expect(allocation(100, [0, 0], 'equal', 5)).toEqual([0, 0]);
    expect(allocation(0, [10, 20], 'proportional')).toEqual([0, 0]);
  });

  it('in proportion: 40 households of 155, 62 and 93 are 20, 8 and 12', () => {
    // The sample of the examples 5.2 to 5.12 that R packages for audit sampling test against (see stratified.test.ts).
    expect(allocation(40, [155, 62, 93], 'proportional')).toEqual([20, 8, 12]);
  });

  it('adds up exactly where parts rounded by themselves do not: a third of 100 each is 34, 33 and 33', () => {
    expect(allocation(100, [700, 700, 700], 'proportional')).toEqual([34, 33, 33]);
  });

  // The tests of R’s package proporz (largest_remainder_method), with the examples of the articles "Largest remainder
  // method" and "Hare-Niemeyer-Verfahren" in Wikipedia; the fourth and fifth are the Alabama paradox of the former.
  it.each([
    [10, [47_000, 16_000, 15_800, 12_000, 6100, 3100], [5, 2, 1, 1, 1, 0]],
    [60, [216, 310, 22, 32], [23, 32, 2, 3]],
    [31, [720_257, 323_524, 257_466, 213_138, 144_392, 88_315], [13, 6, 5, 4, 2, 1]],
    [25, [1500, 1500, 900, 500, 500, 200], [7, 7, 4, 3, 3, 1]],
    [26, [1500, 1500, 900, 500, 500, 200], [8, 8, 5, 2, 2, 1]],
  ])('gives the %i seats of the published examples of the largest remainder (%#)', (seats, votes, parts) => {
    expect(allocation(seats, votes, 'proportional')).toEqual(parts);
  });

  it('equally gives the first strata the people that are over, and no stratum more than it has', () => {
    expect(allocation(11, [100, 100, 100], 'equal')).toEqual([4, 4, 3]);
    expect(allocation(30, [100, 4, 100], 'equal')).toEqual([13, 4, 13]);
  });

  it('gives each stratum its minimum and spreads the rest in proportion', () => {
    expect(allocation(100, [1000, 10, 990], 'proportional', 10)).toEqual([45, 10, 45]);
    expect(allocation(100, [1000, 7, 993], 'proportional', 10)).toEqual([47, 7, 46]);
  });

  it('gives what a small stratum cannot take to the others, also where these were below their minimum', () => {
    expect(allocation(22, [1, 100, 100], 'equal', 10)).toEqual([1, 11, 10]);
  });

  it('is as near to the sample wanted as minimums and people allow', () => {
    expect(allocation(5, [100, 100, 100], 'proportional', 10)).toEqual([10, 10, 10]);
    expect(allocation(1000, [10, 20, 0], 'proportional')).toEqual([10, 20, 0]);
  });

  it('adds up, keeps every bound, and gives larger strata no less', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 20_000 }),
        fc.array(fc.nat({ max: 3000 }), { maxLength: 40 }),
        fc.constantFrom('proportional' as const, 'equal' as const),
        fc.nat({ max: 60 }),
        (wanted, populations, spread, minimum) => {
          const parts = allocation(wanted, populations, spread, minimum);
          const fewest = populations.reduce((sum, n) => sum + Math.min(n, minimum), 0);
          const all = populations.reduce((sum, n) => sum + n, 0);
          expect(parts.reduce((sum, n) => sum + n, 0)).toBe(Math.min(all, Math.max(fewest, wanted)));
          for (const [index, part] of parts.entries()) {
            const population = populations[index] ?? 0;
            expect(Number.isInteger(part)).toBe(true);
            expect(part).toBeGreaterThanOrEqual(Math.min(minimum, population));
            expect(part).toBeLessThanOrEqual(population);
            for (const [other, size] of populations.entries())
              if (size > population)
                expect(parts[other] ?? 0).toBeGreaterThanOrEqual(part - (spread === 'equal' ? 1 : 0));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps one share of people for all strata within their bounds, as found by halving instead of by turns', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 20_000 }),
        fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 40 }),
        fc.nat({ max: 60 }),
        (wanted, sizes, minimum) => {
          const bounded = (share: number) =>
            sizes.map((size) => Math.min(size, Math.max(Math.min(minimum, size), share * size)));
          const sum = (parts: readonly number[]) => parts.reduce((all, part) => all + part, 0);
          const total = Math.min(sum(sizes), Math.max(sum(bounded(0)), wanted));
          let [low, high] = [0, 1];
          for (let turn = 0; turn < 60; turn += 1) {
            const middle = (low + high) / 2;
            if (sum(bounded(middle)) < total) low = middle;
            else high = middle;
          }
          const exact = bounded(high);
          for (const [index, part] of allocation(wanted, sizes, 'proportional', minimum).entries())
            expect(Math.abs(part - (exact[index] ?? Number.NaN))).toBeLessThan(1 + 1e-6);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('in proportion, without bounds, gives each stratum its share cut or raised to a whole number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        (sizes, n) => {
          const all = sizes.reduce((sum, size) => sum + size, 0);
          const wanted = n % (all + 1);
          for (const [index, part] of allocation(wanted, sizes, 'proportional').entries())
            expect(Math.abs(part - (wanted * (sizes[index] ?? 0)) / all)).toBeLessThan(1);
        },
      ),
    );
  });
});
