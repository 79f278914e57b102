import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundedMean, roundedPercent } from '../../server/statistics/rounding.js';

/** More answers than the largest round there was: 485 531 people with 30 items each. */
const MOST = 20_000_000;

describe('a rounded figure', () => {
  it.each([
    [0.2845, 28.5],
    [0.28549, 28.5],
    [0.99949, 99.9],
    [0.9995, 100],
    [0.00049, 0],
    [0.0005, 0.1],
    [1.005 / 100, 1],
    [0.96195, 96.2],
  ])('share %d is %d %%', (share, percent) => {
    expect(roundedPercent(share)).toBe(percent);
  });

  it.each([
    [4.125, 4.13],
    [1.005, 1.01],
    [4.565, 4.57],
    [4.5649, 4.56],
  ])('mean %d is %d, though binary fractions lie a little below some halves', (mean, rounded) => {
    expect(roundedMean(mean)).toBe(rounded);
  });

  it('is the exact half-up percentage of any number of answers, counted in whole numbers', () => {
    fc.assert(
      fc.property(someOfMany(), ([part, whole]) => {
        expect(roundedPercent(part / whole).toFixed(1)).toBe(halfUp(BigInt(part) * 100n, BigInt(whole), 1));
      }),
      { numRuns: 2000 },
    );
  });

  it('is the exact half-up mean of any number of answers', () => {
    fc.assert(
      fc.property(someOfMany(), fc.integer({ min: 1, max: 4 }), ([part, whole], base) => {
        const sum = base * whole + part;
        expect(roundedMean(sum / whole).toFixed(2)).toBe(halfUp(BigInt(sum), BigInt(whole), 2));
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds up exactly at every half, whatever the number of answers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 1, max: MOST / 2000 }),
        (tenths, times) => {
          // (2 · tenths + 1) / 2000 lies exactly between two tenths of a percent.
          const share = ((2 * tenths + 1) * times) / (2000 * times);
          expect(roundedPercent(share).toFixed(1)).toBe(((tenths + 1) / 10).toFixed(1));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('stays as it is when it is rounded again, as a page does with what the table rounded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 100, max: 500 }), (tenths, cents) => {
        expect(roundedPercent(tenths / 10 / 100)).toBe(tenths / 10);
        expect(roundedMean(cents / 100)).toBe(cents / 100);
      }),
    );
  });
});

/** part / whole with `decimals` decimals, half up, in integers only. */
function halfUp(part: bigint, whole: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const rounded = (2n * part * scale + whole) / (2n * whole);
  return `${rounded / scale}.${String(rounded % scale).padStart(decimals, '0')}`;
}

function someOfMany(): fc.Arbitrary<[number, number]> {
  return fc
    .integer({ min: 1, max: MOST })
    .chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)));
}
