import { describe, expect, it } from 'vitest';
import type { CrossTable } from '../../server/statistics/crossTable.js';
import { type DriverItem, keyDrivers } from '../../server/statistics/keyDrivers.js';
import { TENANTS } from './tenants.js';

describe('key drivers', () => {
  it('of no items are none, and an item without answers or without spread is unmeasured', () => {
    expect(keyDrivers([])).toEqual([]);
    const drivers = keyDrivers([
      { code: 'A01', rate: null, pairs: together(9) },
      { code: 'A02', rate: 0.9, pairs: [[0, 0, 0, 0, 0]] },
    ]);
    expect(drivers.map(({ code, priority }) => [code, priority])).toEqual([
      ['A01', 'unmeasured'],
      ['A02', 'unmeasured'],
    ]);
    expect(drivers[1]?.correlation).toBeNull();
  });

  it('are to be improved first where they score low and go with overall satisfaction', () => {
    const items: DriverItem[] = [
      { code: 'high, matters', rate: 0.95, pairs: together(8) },
      { code: 'low, matters less', rate: 0.7, pairs: together(1) },
      { code: 'low, matters', rate: 0.6, pairs: together(7) },
      { code: 'high, matters less', rate: 0.97, pairs: together(2) },
      { code: 'silent', rate: null, pairs: together(9) },
    ];
    expect(keyDrivers(items).map(({ code, priority }) => [code, priority])).toEqual([
      ['low, matters', 'improve'],
      ['high, matters', 'keep'],
      ['high, matters less', 'enough'],
      ['low, matters less', 'later'],
      ['silent', 'unmeasured'],
    ]);
  });

  it('are told apart as R and PSPP measure it: tenants’ influence matters, their contact hardly', () => {
    // The figures of rankCorrelation.test.ts: τb 0.2201 (0.0210) and 0.0416 (0.0231). Rates: 395 of 1681 have high
    // influence, 968 of 1681 high contact.
    const drivers = keyDrivers([
      { code: 'contact', rate: 968 / 1681, pairs: TENANTS.contact },
      { code: 'influence', rate: 395 / 1681, pairs: TENANTS.influence },
    ]);
    expect(drivers.map(({ code, priority }) => [code, priority])).toEqual([
      ['influence', 'improve'],
      ['contact', 'enough'],
    ]);
    expect(drivers[0]?.correlation?.interval?.low).toBeGreaterThan(0);
    expect(drivers[1]?.correlation?.interval?.low).toBeLessThan(0);
  });

  it('do not matter where the interval of the correlation holds 0 or is not known', () => {
    const drivers = keyDrivers([
      { code: 'nothing to do with it', rate: 0.5, pairs: together(0) },
      { code: 'nor this', rate: 0.9, pairs: together(0) },
      {
        code: 'too few people',
        rate: 0.4,
        pairs: together(9).map((row) => row.map((n) => Math.ceil(n / 20))),
      },
    ]);
    expect(drivers.map(({ priority }) => priority).sort()).toEqual(['enough', 'enough', 'later']);
  });
});

/** 200 people; the stronger, the more of them give both the same level of 2 and 5. */
function together(strength: number): CrossTable {
  const same = 50 + 5 * strength;
  const table = [1, 2, 3, 4, 5].map(() => [0, 0, 0, 0, 0]);
  table[1] = [0, same, 0, 0, 100 - same];
  table[4] = [0, 100 - same, 0, 0, same];
  return table;
}
