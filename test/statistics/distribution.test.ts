import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf } from '../../server/statistics/distribution.js';
import type { LevelCounts } from '../../server/statistics/tally.js';

describe('a distribution', () => {
  it('of nobody has no shares', () => {
    const nobody = { answered: 0, asked: 0, levels: null, noOpinion: null, blank: null };
    expect(distributionOf({ levels: [0, 0, 0, 0, 0], noOpinion: 0, blank: 0 })).toEqual(nobody);
  });

  it('of people who said nothing has shares of silence only', () => {
    expect(distributionOf({ levels: [0, 0, 0, 0, 0], noOpinion: 3, blank: 1 })).toEqual({
      answered: 0,
      asked: 4,
      levels: null,
      noOpinion: { count: 3, share: 0.75 },
      blank: { count: 1, share: 0.25 },
    });
  });

  it('has the shares of R’s prop.table(c(12, 31, 87, 410, 660))', () => {
    const shares = distributionOf({ levels: [12, 31, 87, 410, 660], noOpinion: 0, blank: 0 }).levels;
    const expected = [0.01, 0.0258333333333333, 0.0725, 0.341666666666667, 0.55];
    for (const [at, share] of expected.entries()) expect(shares?.[at]?.share).toBeCloseTo(share, 14);
  });

  it('has shares that add up to 1, and those of 4 and 5 to the satisfaction rate', () => {
    const n = fc.nat({ max: 500_000 });
    const counts = fc.record({ levels: fc.tuple(n, n, n, n, n), noOpinion: n, blank: n });
    fc.assert(
      fc.property(counts, (given: LevelCounts) => {
        const { answered, asked, levels, noOpinion, blank } = distributionOf(given);
        if (!levels) {
          expect(answered).toBe(0);
          return;
        }
        expect(levels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(levels[3].share + levels[4].share).toBeCloseTo(
          (given.levels[3] + given.levels[4]) / answered,
          12,
        );
        expect(answered / asked + (noOpinion?.share ?? 0) + (blank?.share ?? 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});
