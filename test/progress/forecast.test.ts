import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, paceOf } from '../../server/progress/forecast.js';

const days = (length: { minLength: number; maxLength: number }) =>
  fc.array(fc.integer({ min: 0, max: 500 }), length);

describe('what is expected at the close', () => {
  it('is not said before three full days', () => {
    fc.assert(
      fc.property(days({ minLength: 0, maxLength: 2 }), (window) => {
        expect(forecast(10, 1, window, 20)).toBeNull();
      }),
    );
    expect(paceOf([])).toBeNull();
  });

  it('is what is there and the pace for every day left', () => {
    expect(paceOf([10, 20, 30])).toBe(20);
    // Today is half over: 10 of 20 have come, half a day of the pace is still to come.
    expect(forecast(100, 10, [10, 20, 30], 4)?.expected).toBe(100 + 20 * 4.5);
    expect(forecast(100, 35, [10, 20, 30], 4)?.expected).toBe(180);
    expect(forecast(100, 35, [10, 20, 30], 0)).toEqual({ expected: 100, low: 100, high: 100 });
  });

  it('has the range of the prediction interval of a mean, times the days', () => {
    // R 4.2.2: x <- c(12, 18, 9, 15, 21, 10, 13); m <- 10;
    // m * (mean(x) + c(-1, 1) * qt(.9, 6) * sd(x) * sqrt(1/m + 1/7)) is 109.3453 and 170.6547.
    expect(forecast(500, 14, [12, 18, 9, 15, 21, 10, 13], 10)).toEqual({
      expected: 640,
      low: 609,
      high: 671,
    });
  });

  it('is never surer than a Poisson count, also where every day was alike', () => {
    const { expected, low, high } = forecast(70, 10, [10, 10, 10, 10, 10, 10, 10], 10) ?? {};
    expect(expected).toBe(170);
    // 1.44 √(10 · 10 · (1 + 10/7)) = 22.4
    expect([low, high]).toEqual([147, 193]);
    expect(forecast(0, 0, [0, 0, 0, 0, 0, 0, 0], 20)).toMatchObject({ expected: 0, low: 0 });
    expect(forecast(0, 0, [0, 0, 0, 0, 0, 0, 0], 20)?.high).toBeGreaterThan(2);
  });

  it('lies within its range, which takes nothing back and grows with the days left', () => {
    fc.assert(
      fc.property(
        days({ minLength: 3, maxLength: 7 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 60 }),
        (window, today, left) => {
          const received = today + window.reduce((sum, one) => sum + one, 0);
          const now = forecast(received, today, window, left);
          const later = forecast(received, today, window, left + 1);
          if (!now || !later) throw new Error('no forecast');
          expect(now.low).toBeGreaterThanOrEqual(received);
          expect(now.low).toBeLessThanOrEqual(now.expected);
          expect(now.expected).toBeLessThanOrEqual(now.high);
          expect(later.high).toBeGreaterThanOrEqual(now.high);
        },
      ),
    );
  });

  it('holds about as often as it says where days are alike', () => {
    // Days of a Poisson count with mean 12; 2000 forecasts of 10 days from 7.
    const random = randomFrom(20261120);
    const poisson = () => {
      let count = -1;
      for (let sum = 0; sum < 12; count++) sum -= Math.log(1 - random());
      return count;
    };
    let held = 0;
    for (let time = 0; time < 2000; time++) {
      const window = Array.from({ length: 7 }, poisson);
      const { low, high } = forecast(0, 999, window, 10) ?? { low: 0, high: 0 };
      const came = Array.from({ length: 10 }, poisson).reduce((sum, one) => sum + one, 0);
      if (came >= low && came <= high) held += 1;
    }
    expect(held / 2000).toBeGreaterThan(0.8);
    expect(held / 2000).toBeLessThan(0.93);
  });
});

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
