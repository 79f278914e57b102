import { describe, expect, it } from 'vitest';
import { respondentRates } from '../../server/statistics/respondents.js';

describe('rates of people', () => {
  it('are not known where nobody gave a level', () => {
    expect(respondentRates({ people: 0, allFavourable: 0, meanAtLeastFour: 0 })).toEqual({
      allFavourable: null,
      meanAtLeastFour: null,
    });
  });

  it('carry Wilson’s interval over people: 81 of 263 as Newcombe (1998) prints it in Table I, method 3', () => {
    const { allFavourable } = respondentRates({ people: 263, allFavourable: 81, meanAtLeastFour: 90 });
    expect(allFavourable).toMatchObject({
      kind: 'respondents',
      favourable: 81,
      people: 263,
      value: 81 / 263,
    });
    expect(allFavourable?.interval.low.toFixed(4)).toBe('0.2553');
    expect(allFavourable?.interval.high.toFixed(4)).toBe('0.3662');
  });
});
