import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../models/day.js';
import { tetAround } from '../../server/rounds/tet.js';

/** The first day of the Chinese year by ICU; in a few years the new moon falls on another day in Hà Nội. */
const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', {
  month: 'numeric',
  day: 'numeric',
  timeZone: 'UTC',
});
const OTHER_IN_VIETNAM: Readonly<Record<number, string>> = { 2027: '2027-02-06' };

describe('Tết', () => {
  it.each(Array.from({ length: 31 }, (_, index) => 2020 + index))('of %i is known', (year) => {
    let first = `${year}-01-15` as Day;
    while (chinese.format(new Date(first)) !== '1/1') first = addDays(first, 1);
    expect(tetAround(first)).toBe(OTHER_IN_VIETNAM[year] ?? first);
  });

  it('is a week before and after its first day', () => {
    const first = '2026-02-17' as Day;
    for (const [days, found] of [
      [-8, null],
      [-7, first],
      [7, first],
      [8, null],
    ] as const)
      expect(tetAround(addDays(first, days))).toBe(found);
  });
});
