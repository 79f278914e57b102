import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf, distributionsOf } from '../../server/statistics/distribution.js';
import { satisfactionRate } from '../../server/statistics/rate.js';
import { addResponse, emptyTally, type LevelCounts } from '../../server/statistics/tally.js';
import { measure } from './measure.js';

describe('a distribution', () => {
  it('refuses the tally of another survey', () => {
    const other = { ...measure, factors: [{ code: 'C', items: ['C01'] }] };
    expect(() => distributionsOf(emptyTally(measure), other)).toThrow(/no item C01/);
  });

  it('of nobody has no shares', () => {
    const nobody = { answered: 0, asked: 0, levels: null, noOpinion: null, blank: null };
    expect(distributionOf([])).toEqual(nobody);
    expect(distributionsOf(emptyTally(measure), measure)).toMatchObject({ total: nobody, overall: nobody });
  });

  it('of people who said nothing has shares of silence only', () => {
    expect(distributionOf([{ levels: [0, 0, 0, 0, 0], noOpinion: 3, blank: 1 }])).toEqual({
      answered: 0,
      asked: 4,
      levels: null,
      noOpinion: { count: 3, share: 0.75 },
      blank: { count: 1, share: 0.25 },
    });
  });

  it('has the shares of R’s prop.table(c(12, 31, 87, 410, 660))', () => {
    const shares = distributionOf([{ levels: [12, 31, 87, 410, 660], noOpinion: 0, blank: 0 }]).levels;
    const expected = [0.01, 0.0258333333333333, 0.0725, 0.341666666666667, 0.55];
    for (const [at, share] of expected.entries()) expect(shares?.[at]?.share).toBeCloseTo(share, 14);
  });

  it('counts items, factors, the survey and overall satisfaction apart', () => {
    const tally = emptyTally(measure);
    addResponse(tally, measure, { A01: 5, A02: 4, B01: 0, F02: 1 });
    addResponse(tally, measure, { A01: 5, B01: 2 });
    const { total, factors, items, overall } = distributionsOf(tally, measure);
    expect(items.map(({ code, answered, asked }) => [code, answered, asked])).toEqual([
      ['A01', 2, 2],
      ['A02', 1, 2],
      ['B01', 1, 2],
    ]);
    expect(factors[0]).toMatchObject({ code: 'A', answered: 3, asked: 4, blank: { count: 1, share: 0.25 } });
    expect(factors[0]?.levels?.map(({ count }) => count)).toEqual([0, 0, 0, 1, 2]);
    expect(total).toMatchObject({ answered: 4, asked: 6, noOpinion: { count: 1 }, blank: { count: 1 } });
    expect(overall).toMatchObject({ answered: 1, asked: 2 });
  });

  it('has shares that add up to 1, and those of 4 and 5 to the satisfaction rate', () => {
    const n = fc.nat({ max: 500_000 });
    const counts = fc.record({ levels: fc.tuple(n, n, n, n, n), noOpinion: n, blank: n });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 30 }), (items: LevelCounts[]) => {
        const { answered, asked, levels, noOpinion, blank } = distributionOf(items);
        if (!levels) {
          expect(answered).toBe(0);
          return;
        }
        expect(levels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(levels[3].share + levels[4].share).toBeCloseTo(
          satisfactionRate(items)?.value ?? Number.NaN,
          12,
        );
        expect(answered / asked + (noOpinion?.share ?? 0) + (blank?.share ?? 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});
