import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addRespondent,
  mergeRespondentsInto,
  noRespondents,
  type RespondentCounts,
  respondentRates,
} from '../../server/statistics/respondents.js';
import type { Answers } from '../../server/statistics/tally.js';
import { measure } from './measure.js';

const codes = ['A01', 'A02', 'B01'];

describe('rates of people', () => {
  it('are not known where nobody gave a level', () => {
    expect(respondentRates(countsOf([]))).toEqual({ allFavourable: null, meanAtLeastFour: null });
    expect(countsOf([{}, { A01: 0 }, { F02: 5 }, { A01: 6, A02: '5' }])).toEqual(noRespondents());
  });

  it('count whoever gave nothing but 4 and 5, and whose mean is 4 or more', () => {
    expect(countsOf([{ A01: 5, A02: 4, B01: 4 }])).toEqual({
      people: 1,
      allFavourable: 1,
      meanAtLeastFour: 1,
    });
    expect(countsOf([{ A01: 5, A02: 5, B01: 2 }])).toEqual({
      people: 1,
      allFavourable: 0,
      meanAtLeastFour: 1,
    });
    expect(countsOf([{ A01: 4, A02: 4, B01: 3 }])).toEqual({
      people: 1,
      allFavourable: 0,
      meanAtLeastFour: 0,
    });
  });

  it('pass over blanks, “không có ý kiến” and overall satisfaction', () => {
    expect(countsOf([{ A01: 4, A02: 0, F02: 1 }])).toEqual({
      people: 1,
      allFavourable: 1,
      meanAtLeastFour: 1,
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

  it('are the same counted at once or in parts, and never more people all favourable than with a mean of 4', () => {
    const answers = fc.record(
      Object.fromEntries(codes.map((code) => [code, fc.integer({ min: 0, max: 5 })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(answers), fc.array(answers), (some, others) => {
        const merged = countsOf(some);
        mergeRespondentsInto(merged, countsOf(others));
        expect(merged).toEqual(countsOf([...some, ...others]));
        expect(merged.allFavourable).toBeLessThanOrEqual(merged.meanAtLeastFour);
        expect(merged.meanAtLeastFour).toBeLessThanOrEqual(merged.people);
      }),
    );
  });
});

function countsOf(people: readonly Answers[]): RespondentCounts {
  const counts = noRespondents();
  for (const answers of people) addRespondent(counts, measure, answers);
  return counts;
}
