import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, dayInVietnam, daysBetween, parseDay } from '../../models/day.js';

describe('a day is refused', () => {
  it.each([
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '26-01-01',
    '01/02/2026',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '2026-01-01\n',
    '２０２６-01-01',
    '+02026-01-01',
    '',
  ])('where the calendar has none: "%s"', (text) => {
    expect(parseDay(text)).toBeNull();
  });
});

describe('a day', () => {
  it.each(['2026-02-28', '2024-02-29', '2000-02-29', '2026-12-31'])('is read as written: %s', (text) => {
    expect(parseDay(text)).toBe(text);
  });

  it.each([
    ['2026-12-31T16:59:59.999Z', '2026-12-31'],
    ['2026-12-31T17:00:00.000Z', '2027-01-01'],
    ['2027-01-01T00:00:00.000Z', '2027-01-01'],
    ['2024-02-28T17:00:00.000Z', '2024-02-29'],
  ])('begins in Vietnam seven hours before London: %s is %s', (instant, day) => {
    expect(dayInVietnam(new Date(instant))).toBe(day);
  });

  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2024-02-28', 2, '2024-03-01'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2024-03-01', -1, '2024-02-29'],
    ['2023-02-28', 366, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-06-15', 0, '2026-06-15'],
  ])('%s and %i days is %s', (from, count, to) => {
    expect(addDays(from as Day, count)).toBe(to);
    expect(daysBetween(from as Day, to as Day)).toBe(count);
  });

  it('sorts as text as it does in time', () => {
    const someDay = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays('2000-01-01' as Day, count));
    fc.assert(
      fc.property(someDay, someDay, (one, two) => {
        expect(parseDay(one)).toBe(one);
        expect(one < two).toBe(daysBetween(one, two) > 0);
      }),
    );
  });
});
