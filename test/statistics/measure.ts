import type { Measure } from '../../server/statistics/tally.js';

/** What is counted of a small survey: two factors, three items. */
export const measure: Measure = {
  factors: [
    { code: 'A', items: ['A01', 'A02'] },
    { code: 'B', items: ['B01'] },
  ],
  overall: 'F02',
  expectation: 'F01',
};
