import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cochranSize, type Precision, plannedSample } from '../../server/statistics/sampleSize.js';

const usual: Precision = { margin: 0.05, confidence: 95 };

describe('a planned sample is refused', () => {
  it.each([0, 1, -0.05, Number.NaN])('with a margin of %d', (margin) => {
    expect(() => plannedSample({ ...usual, margin }, 1000, 1)).toThrow(/the margin lies between 0 and 1/);
  });

  it.each([-0.1, 1.1, Number.NaN])('with an expected share of %d', (expected) => {
    expect(() => plannedSample({ ...usual, expected }, 1000, 1)).toThrow(/a share lies within 0 and 1/);
  });

  it.each([0, 1.1, Number.NaN])('with a response rate of %d', (rate) => {
    expect(() => plannedSample(usual, 1000, rate)).toThrow(/the response rate/);
  });
});

describe('a planned sample', () => {
  it('is none where there is nobody to ask', () => {
    expect(plannedSample(usual, 0, 1)).toBeNull();
  });

  // R 4.2.2, epiR 2.0.57: epi.sssimpleestb(N, Py = expected, epsilon = margin, error = 'absolute', se = 1, sp = 1,
  // nfractional = TRUE, conf.level = 0.95); N = NA for very many.
  it.each([
    [Number.POSITIVE_INFINITY, 0.5, 0.05, 384.145882069412],
    [3200, 0.5, 0.05, 343.069152940033],
    [10_000, 0.5, 0.05, 369.970610480193],
    [1200, 0.9, 0.03, 291.176614678573],
    [485_531, 0.5, 0.01, 9417.3934339568],
  ])(
    'of %d people with a share of %d within %d is that of R’s epiR',
    (population, expected, margin, size) => {
      expect(cochranSize(1.959963984540054, margin, expected, population)).toBeCloseTo(size, 8);
      expect(plannedSample({ margin, confidence: 95, expected }, population, 1)?.answers).toBe(
        Math.ceil(size),
      );
    },
  );

  it('is where the normal interval with finite population correction is as wide as wanted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3_000_000 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (people, margin, share) => {
          const n = cochranSize(1.96, margin, share, people);
          const half = 1.96 * Math.sqrt(((share * (1 - share)) / n) * ((people - n) / (people - 1)));
          expect(half / margin).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it.each([
    [10, 10],
    [15, 14],
    [20, 19],
    [30, 28],
    [50, 44],
    [100, 80],
    [110, 86],
    [220, 140],
    [500, 217],
    [1200, 291],
    [1500, 306],
    [2800, 338],
    [9000, 368],
  ])(
    'of %i people is what Krejcie & Morgan (1970) print, who round to the nearest',
    (population, printed) => {
      const exact = cochranSize(Math.sqrt(3.841), 0.05, 0.5, population);
      expect(Math.round(exact)).toBe(printed);
      const { answers = 0 } = plannedSample(usual, population, 1) ?? {};
      expect(answers - printed).toBeGreaterThanOrEqual(0);
      expect(answers - printed).toBeLessThanOrEqual(1);
    },
  );

  it('of very many people is the well-known 385 for 5 points and 1 068 for 3', () => {
    expect(plannedSample(usual, 1e9, 1)?.answers).toBe(385);
    expect(plannedSample({ ...usual, margin: 0.03 }, 1e9, 1)?.answers).toBe(1068);
  });

  it('asks more people than it wants answers, and says where there are not enough', () => {
    expect(plannedSample(usual, 10_000, 0.6)).toEqual({ answers: 370, invitations: 617, reachable: true });
    expect(plannedSample(usual, 100, 0.5)).toEqual({ answers: 80, invitations: 100, reachable: false });
    expect(plannedSample(usual, 1, 1)).toEqual({ answers: 1, invitations: 1, reachable: true });
  });

  it.each([0, 1])(
    'is one person where a share of %d leaves nothing to estimate, also of one and of many',
    (expected) => {
      for (const population of [1, 2, 1e6])
        expect(plannedSample({ ...usual, expected }, population, 1)).toEqual({
          answers: 1,
          invitations: 1,
          reachable: true,
        });
    },
  );

  it('asks no one too many where the quotient is whole on paper: 42 answers at 70 % are 60 people', () => {
    const rough: Precision = { margin: 0.151, confidence: 95 };
    expect(plannedSample(rough, 1_000_000, 1)?.answers).toBe(43);
    expect(plannedSample({ ...rough, margin: 0.1515 }, 1_000_000, 0.7)).toMatchObject({
      answers: 42,
      invitations: 60,
    });
  });

  it('is at least one and never more than all, and grows with confidence and with precision', () => {
    const someone = fc.integer({ min: 1, max: 3_000_000 });
    const margin = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        someone,
        margin,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (population, width, expected) => {
          const answersAt = (precision: Precision) => plannedSample(precision, population, 1)?.answers ?? 0;
          const at = { margin: width, confidence: 95, expected } as const;
          expect(answersAt(at)).toBeGreaterThanOrEqual(1);
          expect(answersAt(at)).toBeLessThanOrEqual(population);
          expect(answersAt({ ...at, confidence: 99 })).toBeGreaterThanOrEqual(answersAt(at));
          expect(answersAt({ ...at, confidence: 90 })).toBeLessThanOrEqual(answersAt(at));
          expect(answersAt({ ...at, margin: width / 2 })).toBeGreaterThanOrEqual(answersAt(at));
          expect(answersAt({ ...at, expected: 0.5 })).toBeGreaterThanOrEqual(answersAt(at));
        },
      ),
    );
  });
});
