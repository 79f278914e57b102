import { describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { roundLabel } from '../../server/plans/roundLabel.js';

describe('the label of a round', () => {
  it.each([
    ['2026-01-01', 1, 'Đợt 1 năm 2026'],
    ['2026-08-31', 2, 'Đợt 2 năm 2026'],
    ['2026-09-01', 3, 'Đợt 3 năm 2026'],
    ['2026-12-31', 4, 'Đợt 4 năm 2026'],
  ])('in calendar years opening on %s, number %i, is “%s”', (opens, ordinal, label) => {
    expect(roundLabel('calendar-year', ordinal, opens as Day)).toBe(label);
  });

  it.each([
    ['2026-08-31', 2, 'Đợt 2 năm học 2025-2026'],
    ['2026-09-01', 1, 'Đợt 1 năm học 2026-2027'],
    ['2026-12-31', 1, 'Đợt 1 năm học 2026-2027'],
    ['2027-01-01', 2, 'Đợt 2 năm học 2026-2027'],
    ['1999-10-01', 1, 'Đợt 1 năm học 1999-2000'],
  ])(
    'in school years, which begin in September, opening on %s, number %i, is “%s”',
    (opens, ordinal, label) => {
      expect(roundLabel('school-year', ordinal, opens as Day)).toBe(label);
    },
  );

  it('of a continuous round names the year and no number', () => {
    for (const numbering of ['calendar-year', 'school-year'] as const)
      expect(roundLabel(numbering, null, '2026-01-01' as Day)).toBe('Khảo sát thường xuyên năm 2026');
  });
});
