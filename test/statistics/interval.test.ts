import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveWilsonInterval, wilsonInterval } from '../../server/statistics/interval.js';

describe('Wilson’s interval refuses what is no count', () => {
  it.each([
    [0, 0],
    [0, -1],
    [1, 2.5],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ])('%s of %s: trials', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(/^trials must be at least 1/);
  });

  it.each([
    [-1, 10],
    [11, 10],
    [0.5, 10],
    [Number.NaN, 10],
  ])('%s of %s: successes', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
    expect(() => wilsonInterval(successes, trials)).toThrow(/^successes must lie within 0 and 10/);
  });
});

describe('Wilson’s interval', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is what Newcombe (1998) prints in Table I, method 3', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low.toFixed(4)).toBe(low.toFixed(4));
    expect(interval.high.toFixed(4)).toBe(high.toFixed(4));
  });

  // R 4.2.2: prop.test(x, n, correct = FALSE)$conf.int; SciPy 1.10.1: binomtest(x, n).proportion_ci(method = 'wilson')
  // and statsmodels 0.13.5: proportion_confint(x, n, method = 'wilson') give the same digits.
  it.each([
    [81, 263, 0.255288519878274, 0.3662095769828],
    [1, 29, 0.00611321429276266, 0.171755218793203],
    [0, 1, 0, 0.793450685622763],
    [1, 1, 0.206549314377238, 1],
    [1, 2, 0.0945312057342307, 0.905468794265769],
    [10, 10, 0.722467200137111, 1],
    [250, 274, 0.8729802196581, 0.940433303864499],
    [18_648, 19_004, 0.979239959326947, 0.983099717149653],
    [485_530, 485_531, 0.999988332592555, 0.999999636429806],
    [0, 485_531, 0, 7.91180877803169e-6],
    [19_000_000, 20_000_000, 0.949904396707857, 0.950095430426529],
  ])('of %i in %i is that of R, SciPy and statsmodels to twelve digits', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
    const effective = effectiveWilsonInterval(successes / trials, trials);
    expect(effective.low).toBeCloseTo(low, 12);
    expect(effective.high).toBeCloseTo(high, 12);
  });

  it('is right to twelve digits where it has a closed form: χ²₁(0.95) / (n + χ²₁(0.95)) for 0 in n', () => {
    const chiSquare = 3.841458820694124;
    for (const trials of [1, 20, 1000])
      expect(wilsonInterval(0, trials).high).toBeCloseTo(chiSquare / (trials + chiSquare), 12);
  });

  it('begins at exactly 0 where nobody is satisfied and ends at exactly 1 where everybody is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000_000 }), (trials) => {
        expect(wilsonInterval(0, trials).low).toBe(0);
        expect(wilsonInterval(trials, trials).high).toBe(1);
      }),
    );
  });

  it('lies within 0 and 1, contains the rate, and mirrors the interval of the unsatisfied', () => {
    fc.assert(
      fc.property(someOfMany(), ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        const rate = successes / trials;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(rate);
        expect(high).toBeGreaterThanOrEqual(rate);
        const others = wilsonInterval(trials - successes, trials);
        expect(others.low).toBeCloseTo(1 - high, 12);
        expect(others.high).toBeCloseTo(1 - low, 12);
      }),
    );
  });

  it('narrows as more people answer the same way', () => {
    fc.assert(
      fc.property(someOfMany(), fc.integer({ min: 2, max: 50 }), ([successes, trials], times) => {
        const few = wilsonInterval(successes, trials);
        const many = wilsonInterval(successes * times, trials * times);
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });
});

describe('Wilson’s interval on an effective sample size', () => {
  it.each([
    [0.5, 0],
    [0.5, -3],
    [0.5, Number.NaN],
    [-0.1, 10],
    [1.1, 10],
    [Number.NaN, 10],
  ])('refuses a share of %d over %d', (share, effective) => {
    expect(() => effectiveWilsonInterval(share, effective)).toThrow(RangeError);
  });

  it('is that of the counts where the sample is a simple one, also as Newcombe (1998) prints it: 1 in 29', () => {
    const printed = effectiveWilsonInterval(1 / 29, 29);
    expect(printed.low.toFixed(4)).toBe('0.0061');
    expect(printed.high.toFixed(4)).toBe('0.1718');
    fc.assert(
      fc.property(someOfMany(), ([successes, trials]) => {
        const counts = wilsonInterval(successes, trials);
        const effective = effectiveWilsonInterval(successes / trials, trials);
        expect(effective.low).toBeCloseTo(counts.low, 12);
        expect(effective.high).toBeCloseTo(counts.high, 12);
      }),
    );
  });

  it('is the share itself where everybody was asked', () => {
    expect(effectiveWilsonInterval(0.3, Number.POSITIVE_INFINITY)).toEqual({ low: 0.3, high: 0.3 });
  });

  it('holds the share and stays within 0 and 1, however small the sample', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (rate, effective) => {
        const { low, high } = effectiveWilsonInterval(rate, effective);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(rate);
        expect(high).toBeGreaterThanOrEqual(rate);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

function someOfMany(): fc.Arbitrary<[number, number]> {
  return fc
    .integer({ min: 1, max: 1_000_000 })
    .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
}
