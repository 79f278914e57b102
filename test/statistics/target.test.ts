import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../server/statistics/interval.js';
import { roundedPercent } from '../../server/statistics/rounding.js';
import { verdictOf } from '../../server/statistics/target.js';

const interval = { low: 0.85, high: 0.9 };

describe('a target', () => {
  it('is unmeasured without a figure', () => {
    expect(verdictOf({ kind: 'atLeast', bound: 0.85 }, null)).toBe('unmeasured');
  });

  it.each([
    ['atLeast', 0.85, 'met'],
    ['atLeast', 0.851, 'uncertain'],
    ['atLeast', 0.9, 'uncertain'],
    ['atLeast', 0.901, 'missed'],
    ['moreThan', 0.849, 'met'],
    ['moreThan', 0.85, 'uncertain'],
    ['moreThan', 0.9, 'missed'],
    ['atMost', 0.9, 'met'],
    ['atMost', 0.899, 'uncertain'],
    ['atMost', 0.85, 'uncertain'],
    ['atMost', 0.849, 'missed'],
  ] as const)('%s %d of an interval from 0.85 to 0.9 is %s', (kind, bound, verdict) => {
    expect(verdictOf({ kind, bound }, interval)).toBe(verdict);
  });

  // R 4.2.2: prop.test(x, n, p = bound, alternative = 'greater', correct = FALSE)$p.value, and alternative = 'less'.
  it.each([
    [464, 0.0184, 'met'],
    [463, 0.0263, 'uncertain'],
    [437, 0.0263, 'uncertain'],
    [436, 0.0184, 'missed'],
  ] as const)(
    'of 0.9 with %i of 500 has a one-sided p of %d in R’s prop.test and is %s',
    (favourable, p, verdict) => {
      expect(p < 0.025).toBe(verdict !== 'uncertain');
      expect(verdictOf({ kind: 'atLeast', bound: 0.9 }, wilsonInterval(favourable, 500))).toBe(verdict);
    },
  );

  it('is judged before rounding: 89.96 % prints as 90.0 % and is not 90 %', () => {
    const exact = { low: 0.8996, high: 0.95 };
    expect(roundedPercent(exact.low)).toBe(90);
    expect(verdictOf({ kind: 'atLeast', bound: 0.9 }, exact)).toBe('uncertain');
    expect(verdictOf({ kind: 'moreThan', bound: 0.9 }, { low: 0.8, high: 0.90001 })).toBe('uncertain');
  });

  it('of a census, where the interval is a point, is never uncertain', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(someWanted(), share, (wanted, value) => {
        expect(['met', 'missed']).toContain(verdictOf(wanted, { low: value, high: value }));
      }),
    );
  });

  it('is not met and missed by turns: a higher rate is never further from "at least"', () => {
    const order = { missed: 0, uncertain: 1, met: 2, unmeasured: Number.NaN };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (answered, bound, n) => {
          const favourable = n % answered;
          const before = verdictOf({ kind: 'atLeast', bound }, wilsonInterval(favourable, answered));
          const after = verdictOf({ kind: 'atLeast', bound }, wilsonInterval(favourable + 1, answered));
          expect(order[after]).toBeGreaterThanOrEqual(order[before]);
        },
      ),
    );
  });
});

function someWanted() {
  return fc.record({
    kind: fc.constantFrom('atLeast' as const, 'moreThan' as const, 'atMost' as const),
    bound: fc.double({ min: 0, max: 1, noNaN: true }),
  });
}
