import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswersByPerson,
  intervalByPerson,
  mergeAnswersInto,
  noAnswers,
  oneAnswerEach,
  varianceOfRate,
} from '../../server/statistics/answersByPerson.js';
import { wilsonInterval } from '../../server/statistics/interval.js';
import type { Answers } from '../../server/statistics/tally.js';
import { measure, tallyOf } from './measure.js';
import { randomNumbers } from './randomNumbers.js';

const codes = ['A01', 'A02', 'A03', 'A04'];

const DISTRICTS = {
  api99: district(39, 738, 227),
  elementary: district(144, 3333, 2860),
  meals: district(84, 2136, 1452),
  api00: district(94, 1798, 1150),
};

describe('the spread of a rate over people', () => {
  it('is not known for nobody or for one person', () => {
    for (const sums of [noAnswers(), sumsOf([{ A01: 5, A02: 1 }])]) {
      expect(varianceOfRate(sums)).toBeNull();
      expect(intervalByPerson(sums)).toBeNull();
    }
  });

  // R 4.2.2, survey 4.1.1: data(api); apiclus1$one <- 1; apiclus1$y <- as.numeric(api99 > 700), stype == 'E', meals > 50
  // and api00 > 650 in turn; vcov(svyratio(~y, ~one, svydesign(id = ~dnum, weights = ~one, data = apiclus1))), and with
  // svydesign(id = ~dnum, fpc = ~fpc, data = apiclus1), 15 districts of 757: a district stands for a person here.
  it.each([
    ['api99', DISTRICTS.api99, 0.00295727448993184, 0.00289867592011813],
    ['elementary', DISTRICTS.elementary, 0.00219048070962592, 0.00214707620415116],
    ['meals', DISTRICTS.meals, 0.0104321166602613, 0.0102254036484992],
    ['api00', DISTRICTS.api00, 0.0111498211480004, 0.0109288867791496],
  ])(
    'is what R’s survey computes for the schools of 15 Californian districts: %s',
    (_name, sums, large, finite) => {
      expect(varianceOfRate(sums)).toBeCloseTo(large, 14);
      expect(varianceOfRate(sums, 15 / 757)).toBeCloseTo(finite, 14);
    },
  );

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
  // R, with v and p from the call above: n <- 183; ne <- n / (v / (p * (1 - p) / (n - 1))) * (qt(0.975, n - 1) /
  // qt(0.975, degf(design)))^2; prop.test(p * ne, ne, correct = FALSE)$conf.int. The exact interval of
  // svyciprop(~y, design, method = 'beta') with the same degrees of freedom is a little wider: 0.278 to 0.745 for api00.
  it.each([
    ['api99', DISTRICTS.api99, 0.121073753325657, 0.347464688672779],
    ['elementary', DISTRICTS.elementary, 0.672966022008304, 0.868854984962182],
    ['meals', DISTRICTS.meals, 0.266479178975113, 0.664620565304762],
    ['api00', DISTRICTS.api00, 0.306679378192387, 0.716061124299503],
  ])('is Wilson’s on the effective sample size that R’s survey gives: %s', (_name, sums, low, high) => {
    const interval = intervalByPerson(sums);
    expect(interval?.low).toBeCloseTo(low, 5);
    expect(interval?.high).toBeCloseTo(high, 5);
  });

  it.each([
    [8, 0.9, 0.5],
    [15, 0.97, 0.5],
    [30, 0.97, 0.2],
  ])(
    'covers the rate in more than 94 of 100 samples: %i people, 25 answers each, rate %d, alike by %d',
    (people, rate, alike) => {
      const random = randomNumbers(2026);
      let covered = 0;
      for (let sample = 0; sample < 1000; sample += 1) {
        const interval = intervalByPerson(someSample(people, rate, alike, random));
        if (interval && interval.low <= rate && rate <= interval.high) covered += 1;
      }
      expect(covered).toBeGreaterThan(940);
    },
  );

  it('is never surer of a good rate than where all answers are good, nor of a bad one than where all are bad', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 25 }), { minLength: 2, maxLength: 40 }),
        fc.boolean(),
        (some, good) => {
          const sums = noAnswers();
          for (const n of some.map((number) => number % 3))
            mergeAnswersInto(sums, ofTwentyFive(good ? 25 - n : n));
          const interval = intervalByPerson(sums);
          if (!interval) throw new Error('two people and more have an interval');
          expect(interval.low).toBeLessThanOrEqual(wilsonInterval(sums.people, sums.people).low + 1e-12);
          expect(interval.high).toBeGreaterThanOrEqual(wilsonInterval(0, sums.people).high - 1e-12);
        },
      ),
    );
  });

  it('does not become better by one bad answer: 8 people with 25 answers each', () => {
    const all = { people: 8, answered: 200, favourable: 200 };
    const good = { ...all, answeredSquared: 5000, product: 5000, favourableSquared: 5000 };
    const one = { ...good, favourable: 199, product: 4975, favourableSquared: 7 * 625 + 576 };
    expect(intervalByPerson(good)?.low).toBeGreaterThanOrEqual(intervalByPerson(one)?.low ?? 1);
  });

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

/** Sums of the schools (answers) by district (person) of `apiclus1`, whom the names hold for. */
function district(favourable: number, product: number, favourableSquared: number): AnswersByPerson {
  return { people: 15, answered: 183, favourable, answeredSquared: 3963, product, favourableSquared };
}

/** One person with 25 answers. */
function ofTwentyFive(favourable: number): AnswersByPerson {
  const squares = { answeredSquared: 625, product: 25 * favourable, favourableSquared: favourable ** 2 };
  return { people: 1, answered: 25, favourable, ...squares };
}

/** People whose own rates are spread by a beta distribution around `rate`, with `alike` as intraclass correlation. */
function someSample(people: number, rate: number, alike: number, random: () => number): AnswersByPerson {
  const sums = noAnswers();
  const weight = 1 / alike - 1;
  for (let person = 0; person < people; person += 1) {
    const own = randomBeta(rate * weight, (1 - rate) * weight, random);
    mergeAnswersInto(
      sums,
      ofTwentyFive(Array.from({ length: 25 }, random).filter((number) => number < own).length),
    );
  }
  return sums;
}

/** Beta distribution by two powers of uniform numbers whose sum is below 1 (Jöhnk 1964); needs a and b not large. */
function randomBeta(a: number, b: number, random: () => number): number {
  for (;;) {
    const x = random() ** (1 / a);
    const y = random() ** (1 / b);
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
}

function sumsOf(people: readonly Answers[]): AnswersByPerson {
  const ofCodes = { ...measure, factors: [{ code: 'A', items: codes }] };
  return tallyOf(people, [], ofCodes).answersByPerson();
}

function someAnswers(): fc.Arbitrary<Answers> {
  return fc.record(Object.fromEntries(codes.map((code) => [code, fc.integer({ min: 0, max: 5 })])), {
    requiredKeys: [],
  });
}
