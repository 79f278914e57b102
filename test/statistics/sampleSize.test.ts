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

  it('is that of Cochran (1977), §4.4: blood group O among 3 200 people within 5 %, 356 to be asked', () => {
    // He takes t = 2 for 95 %, so n₀ = 400.
    expect(cochranSize(2, 0.05, 0.5, Number.POSITIVE_INFINITY)).toBeCloseTo(400, 10);
    expect(Math.ceil(cochranSize(2, 0.05, 0.5, 3200))).toBe(356);
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
