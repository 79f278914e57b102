import { describe, expect, it } from 'vitest';
import { isSuppressed } from '../../server/statistics/suppression.js';

describe('a figure', () => {
  it.each([
    [1, 5],
    [4, 5],
    [9, 10],
  ])('over %i people is hidden where at least %i must stand behind it', (people, minimum) => {
    expect(isSuppressed(people, minimum)).toBe(true);
  });

  it.each([
    [5, 5],
    [10, 10],
    [485_531, 5],
  ])('over %i people is shown where %i must stand behind it', (people, minimum) => {
    expect(isSuppressed(people, minimum)).toBe(false);
  });

  it('over nobody is missing, not hidden', () => {
    expect(isSuppressed(0, 5)).toBe(false);
  });
});
