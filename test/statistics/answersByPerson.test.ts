import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswersByPerson,
  addAnswers,
  intervalByPerson,
  mergeAnswersInto,
  noAnswers,
  oneAnswerEach,
  varianceOfRate,
} from '../../server/statistics/answersByPerson.js';
import { wilsonInterval } from '../../server/statistics/interval.js';
import type { Answers } from '../../server/statistics/tally.js';

const codes = ['A01', 'A02', 'A03', 'A04'];

describe('the spread of a rate over people', () => {
  it('is not known for nobody or for one person', () => {
    for (const sums of [noAnswers(), sumsOf([{ A01: 5, A02: 1 }])]) {
      expect(varianceOfRate(sums)).toBeNull();
      expect(intervalByPerson(sums)).toBeNull();
    }
  });

  it('is that of Cochran (1977), §3.12: 30 households with 104 people, 30 of them with the attribute, v = 0.00520', () => {
    // He prints Σa² = 86, Σam = 113, Σm² = 404 and, for as many independent people, 0.00197.
    const sums = {
      people: 30,
      answered: 104,
      favourable: 30,
      answeredSquared: 404,
      product: 113,
      favourableSquared: 86,
    };
    expect(varianceOfRate(sums)).toBeCloseTo(0.0052, 4);
    expect((0.2885 * 0.7115) / 104).toBeCloseTo(0.00197, 5);
  });

  it('over one answer each is p(1 − p) / (n − 1), with the finite population correction', () => {
    expect(varianceOfRate(oneAnswerEach(16, 20))).toBeCloseTo((0.8 * 0.2) / 19, 15);
    expect(varianceOfRate(oneAnswerEach(16, 20), 0.25)).toBeCloseTo((0.75 * 0.8 * 0.2) / 19, 15);
    expect(varianceOfRate(oneAnswerEach(16, 20), 1)).toBe(0);
  });

  it('is never below that of independent answers, however alike a few people happen to be', () => {
    const alike = sumsOf([
      { A01: 5, A02: 1 },
      { A01: 1, A02: 5 },
    ]);
    expect(varianceOfRate(alike)).toBeCloseTo(0.25 / 3, 15);
  });
});

describe('the interval by person', () => {
  it('over one answer each is Wilson’s, also as Newcombe (1998) prints it in Table I: 15 in 148', () => {
    const interval = intervalByPerson(oneAnswerEach(15, 148));
    expect(interval?.low.toFixed(4)).toBe('0.0624');
    expect(interval?.high.toFixed(4)).toBe('0.1605');
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000 }), fc.nat(), (people, n) => {
        const wilson = wilsonInterval(n % (people + 1), people);
        const own = intervalByPerson(oneAnswerEach(n % (people + 1), people));
        expect(own?.low).toBeCloseTo(wilson.low, 10);
        expect(own?.high).toBeCloseTo(wilson.high, 10);
      }),
    );
  });

  it('of people who give the same answer everywhere is as wide as if each had answered once', () => {
    const people = Array.from({ length: 200 }, (_, person) =>
      Object.fromEntries(codes.map((code) => [code, person < 150 ? 5 : 2])),
    );
    const once = wilsonInterval(150, 200);
    const interval = intervalByPerson(sumsOf(people));
    expect(interval?.low).toBeCloseTo(once.low, 3);
    expect(interval?.high).toBeCloseTo(once.high, 3);
    expect(wilsonInterval(600, 800).low).toBeGreaterThan((interval?.low ?? 1) + 0.02);
  });

  it('counts people where all answers agree, and lies within 0 and 1 around the rate', () => {
    expect(intervalByPerson(sumsOf([{ A01: 5, A02: 5 }, { A01: 4 }]))?.low).toBeCloseTo(
      wilsonInterval(2, 2).low,
      12,
    );
    fc.assert(
      fc.property(fc.array(someAnswers(), { minLength: 2, maxLength: 40 }), (people) => {
        const sums = sumsOf(people);
        const interval = intervalByPerson(sums);
        if (!interval) {
          expect(sums.people).toBeLessThan(2);
          return;
        }
        const rate = sums.favourable / sums.answered;
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(rate);
        expect(interval.high).toBeGreaterThanOrEqual(rate);
        expect(interval.high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('comes from sums that are the same counted at once or in parts', () => {
    fc.assert(
      fc.property(fc.array(someAnswers()), fc.array(someAnswers()), (some, others) => {
        const merged = sumsOf(some);
        mergeAnswersInto(merged, sumsOf(others));
        expect(merged).toEqual(sumsOf([...some, ...others]));
      }),
    );
  });
});

function sumsOf(people: readonly Answers[]): AnswersByPerson {
  const sums = noAnswers();
  for (const answers of people) addAnswers(sums, codes, answers);
  return sums;
}

function someAnswers(): fc.Arbitrary<Answers> {
  return fc.record(Object.fromEntries(codes.map((code) => [code, fc.integer({ min: 0, max: 5 })])), {
    requiredKeys: [],
  });
}
