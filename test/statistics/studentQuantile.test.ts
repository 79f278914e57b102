import { describe, expect, it } from 'vitest';
import { studentQuantile } from '../../server/statistics/studentQuantile.js';

describe('Student’s quantile', () => {
  it.each([0, -1, 0.5, Number.NaN])('refuses %d degrees of freedom', (freedom) => {
    expect(() => studentQuantile(freedom)).toThrow(/degrees of freedom must be at least 1/);
  });

  // R 4.2.2: qt(0.975, c(1, 2, 4, 9, 10, 11, 15, 30, 100, 1000))
  it.each([
    [1, 12.70620473617],
    [2, 4.30265272975],
    [4, 2.7764451052],
    [9, 2.2621571628],
    [10, 2.22813885199],
    [11, 2.20098516009],
    [15, 2.13144954556],
    [30, 2.0422724563],
    [100, 1.98397151852],
    [1000, 1.96233908083],
  ])('for %d degrees of freedom is R’s', (freedom, expected) => {
    expect(Math.abs(studentQuantile(freedom) - expected)).toBeLessThan(0.00001);
  });

  it('falls with every degree of freedom, also where the table ends, and towards 1.96', () => {
    for (let freedom = 1; freedom < 300; freedom += 1)
      expect(studentQuantile(freedom + 1)).toBeLessThan(studentQuantile(freedom));
    expect(studentQuantile(1e9)).toBeCloseTo(1.959964, 6);
  });
});
