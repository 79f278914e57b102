import { describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { calendarOf, progressOf, type UnitCount } from '../../server/progress/progress.js';

const round = (change = {}) =>
  ({
    state: 'open',
    opens: '2026-10-01',
    closes: '2026-10-30',
    closedOn: null,
    continuous: false,
    ...change,
  }) as never;
const unit = (code: string, quota: number | null) =>
  ({ unit: code, quota, forms: null, enrolment: null }) as RoundUnit;
const counts = (window: number[], today = 0): UnitCount => ({
  received: window.reduce((sum, one) => sum + one, today),
  today,
  latest: '2026-10-20' as Day,
  window,
});

describe('the days of a round', () => {
  const days = (today: string, change = {}) => {
    const { window, fullDays, left, over } = calendarOf(round(change), today as Day);
    return [window.length, fullDays, left, over];
  };

  it('are full once they are over, and left while today is not the last', () => {
    expect(days('2026-09-20')).toEqual([0, 0, 40, false]);
    expect(days('2026-10-01')).toEqual([0, 0, 29, false]);
    expect(days('2026-10-03')).toEqual([2, 2, 27, false]);
    expect(days('2026-10-30')).toEqual([7, 29, 0, false]);
    expect(days('2026-10-31')).toEqual([0, 30, 0, true]);
    expect(days('2026-11-20')).toEqual([0, 30, 0, true]);
    expect(days('2026-10-12', { state: 'closed', closedOn: '2026-10-10' })).toEqual([0, 10, 0, true]);
    expect(days('2026-10-12', { continuous: true })).toEqual([7, 11, null, false]);
  });
});

describe('a place', () => {
  const calendar = calendarOf(round(), '2026-10-21' as Day);

  it('is behind where the units that have a quota are, whatever others collect', () => {
    const counted = new Map([
      ['A', counts([1, 1, 1, 1, 1, 1, 1])],
      ['B', counts([90, 90, 90, 90, 90, 90, 90])],
    ]);
    const progress = progressOf([unit('A', 100), unit('B', null)], counted, calendar);
    expect(progress).toMatchObject({ received: 637, ofQuota: 0.07, missing: 93, standing: 'behind' });
    expect(progressOf([unit('B', 100)], counted, calendar).standing).toBe('reached');
  });

  it('is not called silent before three full days, nor behind in a round without an end', () => {
    const early = calendarOf(round(), '2026-10-03' as Day);
    expect(progressOf([unit('A', 10)], new Map(), early).standing).toBe('early');
    expect(progressOf([unit('A', 10)], new Map(), calendar).standing).toBe('silent');
    const always = calendarOf(round({ continuous: true }), '2026-10-21' as Day);
    const some = new Map([['A', counts([0, 0, 0, 0, 0, 0, 1])]]);
    expect(progressOf([unit('A', null)], some, always)).toMatchObject({ standing: 'none', forecast: null });
  });

  it('lacks what each of its units lacks', () => {
    const counted = new Map([['A', counts([9, 9, 9, 9, 9, 9, 9])]]);
    expect(progressOf([unit('A', 10), unit('B', 10)], counted, calendar).missing).toBe(10);
  });
});
