import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOfRates } from '../../server/statistics/difference.js';
import { wilsonInterval } from '../../server/statistics/interval.js';

describe('a difference of rates', () => {
  it('is not known where one of the two is not', () => {
    expect(differenceOfRates(null, rate(1, 2))).toBeNull();
    expect(differenceOfRates(rate(1, 2), null)).toBeNull();
    expect(differenceOfRates(null, null)).toBeNull();
  });

  it.each([
    ['a', rate(56, 70), rate(48, 80), 0.0524, 0.3339],
    ['b', rate(9, 10), rate(3, 10), 0.1705, 0.809],
    ['c', rate(6, 7), rate(2, 7), 0.0582, 0.8062],
    ['d', rate(5, 56), rate(0, 29), -0.0381, 0.1926],
    ['e', rate(0, 10), rate(0, 20), -0.1611, 0.2775],
    ['f', rate(0, 10), rate(0, 10), -0.2775, 0.2775],
    ['g', rate(10, 10), rate(0, 20), 0.6791, 1],
    ['h', rate(10, 10), rate(0, 10), 0.6075, 1],
  ] as const)(
    'has the interval of Newcombe (1998), Table II, method 10, example (%s)',
    (_name, one, two, low, high) => {
      const difference = differenceOfRates(one, two);
      expect(((difference?.low ?? Number.NaN) / 100).toFixed(4)).toBe(low.toFixed(4));
      expect(((difference?.high ?? Number.NaN) / 100).toFixed(4)).toBe(high.toFixed(4));
    },
  );

  // R 4.2.2, Epi 2.47: ci.pd(a, c, b, d, method = 'Nc') of a and c favourable, b and d not, and statsmodels 0.13.5:
  // confint_proportions_2indep(56, 70, 48, 80, method = 'newcomb') and so on.
  it.each([
    [rate(56, 70), rate(48, 80), 0.0524314724023647, 0.333872654036906],
    [rate(10, 10), rate(0, 20), 0.679086037141915, 1],
    [rate(84, 101), rate(89, 105), -0.117749649785193, 0.0850713518157427],
    [rate(7, 34), rate(1, 34), 0.018921443885773, 0.340368687032707],
    [rate(13_648, 14_128), rate(4671, 4876), 0.00193504314161333, 0.0147180873223279],
    [rate(1, 1), rate(0, 1), -0.122108720681942, 1],
    [rate(1, 1), rate(1, 1), -0.793450685622763, 0.793450685622763],
  ])('has the interval that R’s Epi and Python’s statsmodels compute (%#)', (one, two, low, high) => {
    const difference = differenceOfRates(one, two);
    expect((difference?.low ?? Number.NaN) / 100).toBeCloseTo(low, 12);
    expect((difference?.high ?? Number.NaN) / 100).toBeCloseTo(high, 12);
  });

  it('is in percentage points, and up, down or uncertain by whether the interval holds 0', () => {
    expect(differenceOfRates(rate(56, 70), rate(48, 80))).toMatchObject({ change: 'up' });
    expect(differenceOfRates(rate(48, 80), rate(56, 70))).toMatchObject({ change: 'down' });
    expect(differenceOfRates(rate(5, 56), rate(0, 29))).toMatchObject({ change: 'uncertain' });
    expect(differenceOfRates(rate(80, 100), rate(70, 100))?.points).toBeCloseTo(10, 12);
  });

  it('of a rate from itself is 0 and uncertain, whatever the interval', () => {
    fc.assert(
      fc.property(someRate(), (one) => {
        expect(differenceOfRates(one, one)).toMatchObject({ points: 0, change: 'uncertain' });
      }),
    );
  });

  it('of two equal rates that are certain is neither up nor down', () => {
    const certain = { value: 0.9, interval: { low: 0.9, high: 0.9 } };
    expect(differenceOfRates(certain, certain)).toEqual({ points: 0, low: 0, high: 0, change: 'uncertain' });
  });

  it('lies within its interval and within 100 points, and turned round changes its sign only', () => {
    fc.assert(
      fc.property(someRate(), someRate(), (one, two) => {
        const there = differenceOfRates(one, two);
        const back = differenceOfRates(two, one);
        if (!there || !back) throw new Error('both rates are known');
        expect(there.low).toBeLessThanOrEqual(there.points);
        expect(there.high).toBeGreaterThanOrEqual(there.points);
        expect(there.low).toBeGreaterThanOrEqual(-100);
        expect(there.high).toBeLessThanOrEqual(100);
        expect(back.points).toBeCloseTo(-there.points, 10);
        expect(back.low).toBeCloseTo(-there.high, 10);
        expect(back.high).toBeCloseTo(-there.low, 10);
      }),
    );
  });
});

function rate(favourable: number, answered: number) {
  return { value: favourable / answered, interval: wilsonInterval(favourable, answered) };
}

function someRate() {
  return fc
    .integer({ min: 1, max: 500_000 })
    .chain((answered) =>
      fc.integer({ min: 0, max: answered }).map((favourable) => rate(favourable, answered)),
    );
}
