import {
  type Answers,
  addIncrements,
  incrementsOf,
  type Measure,
  Tally,
} from '../../server/statistics/tally.js';

/** What is counted of a small survey: two factors, three items. */
export const measure: Measure = {
  factors: [
    { code: 'A', items: ['A01', 'A02'] },
    { code: 'B', items: ['B01'] },
  ],
  overall: 'F02',
  expectation: 'F01',
  flags: ['burst', 'fast', 'same'],
};

/** The tally of so many people, counted one by one. @param flags of each, none where not given */
export function tallyOf(
  people: readonly Answers[],
  flags: readonly string[][] = [],
  of: Measure = measure,
): Tally {
  const tally = new Tally(of);
  for (const [person, answers] of people.entries())
    addIncrements(tally, incrementsOf(of, answers, flags[person]));
  return tally;
}
