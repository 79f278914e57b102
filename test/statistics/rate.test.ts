import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswersByPerson, noAnswers, oneAnswerEach } from '../../server/statistics/answersByPerson.js';
import { Pooled } from '../../server/statistics/pooled.js';
import {
  meanPercentage,
  meanScore,
  satisfactionRate,
  simpleMeanOfGroups,
} from '../../server/statistics/rate.js';
import { roundedMean, roundedPercent } from '../../server/statistics/rounding.js';
import type { LevelCounts } from '../../server/statistics/tally.js';
import { tallyOf } from './measure.js';

describe('figures that nobody stands behind are null, never NaN and never 0 %', () => {
  it.each([
    ['nobody', counts(0, 0, 0, 0, 0)],
    ['only blanks and no opinion', { levels: [0, 0, 0, 0, 0], noOpinion: 7, blank: 9 } as LevelCounts],
  ])('%s', (_name, given) => {
    expect(meanScore(given)).toBeNull();
    expect(satisfactionRate(noAnswers())).toBeNull();
    expect(meanPercentage(0, 0)).toBeNull();
  });

  it('no groups', () => {
    expect(simpleMeanOfGroups([])).toBeNull();
  });
});

describe('the satisfaction rate', () => {
  it('is the share of favourable answers among those given, and carries its n and its people', () => {
    expect(satisfactionRate(oneAnswerEach(14, 20))).toMatchObject({
      kind: 'rate',
      favourable: 14,
      answered: 20,
      people: 20,
      value: 0.7,
    });
  });

  it('and its mean and interval are those of R', () => {
    // R 4.2.2: n <- c(12, 31, 87, 410, 660); sum(n[4:5]) / sum(n); weighted.mean(1:5, n);
    // prop.test(sum(n[4:5]), sum(n), correct = FALSE)$conf.int
    const rate = satisfactionRate(oneAnswerEach(410 + 660, 1200));
    expect(rate?.value).toBeCloseTo(0.891666666666667, 14);
    expect(rate?.interval.low).toBeCloseTo(0.872815613374408, 12);
    expect(rate?.interval.high).toBeCloseTo(0.908018102820116, 12);
    expect(meanScore(counts(12, 31, 87, 410, 660))?.value).toBeCloseTo(4.39583333333333, 13);
  });

  it('over several answers of each person has an interval over people, not over answers', () => {
    // Forty people who each give the same ten answers tell no more than forty answers.
    const alike: AnswersByPerson = {
      people: 40,
      answered: 400,
      favourable: 300,
      answeredSquared: 4000,
      product: 3000,
      favourableSquared: 3000,
    };
    const once = satisfactionRate(oneAnswerEach(30, 40));
    expect(satisfactionRate(alike)?.interval.low).toBeLessThanOrEqual(once?.interval.low ?? 0);
    expect(satisfactionRate(alike)?.interval.low).toBeGreaterThan((once?.interval.low ?? 0) - 0.02);
    expect(satisfactionRate(alike)?.interval.low).toBeLessThan(
      (satisfactionRate(oneAnswerEach(300, 400))?.interval.low ?? 0) - 0.05,
    );
  });

  it('of one person with several answers is as uncertain as one answer', () => {
    const one = {
      people: 1,
      answered: 9,
      favourable: 6,
      answeredSquared: 81,
      product: 54,
      favourableSquared: 36,
    };
    const { interval } = satisfactionRate(one) ?? { interval: { low: 1, high: 0 } };
    expect(interval.low).toBeLessThan(0.2);
    expect(interval.high).toBeGreaterThan(0.93);
  });

  it('lies within 0 and 1, and its interval contains it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500_000 }), fc.nat(), (answered, n) => {
        const rate = satisfactionRate(oneAnswerEach(n % (answered + 1), answered));
        expect(rate?.value).toBeGreaterThanOrEqual(0);
        expect(rate?.value).toBeLessThanOrEqual(1);
        expect(rate?.interval.low).toBeLessThanOrEqual(rate?.value ?? -1);
        expect(rate?.interval.high).toBeGreaterThanOrEqual(rate?.value ?? 2);
      }),
    );
  });
});

describe('the mean score', () => {
  it('is the sum of the levels over the levels given', () => {
    expect(meanScore(counts(1, 1, 1, 1, 1))).toEqual({ kind: 'mean', sum: 15, answered: 5, value: 3 });
    expect(meanScore({ ...counts(1, 0, 0, 1, 1), noOpinion: 500, blank: 400 })?.value).toBeCloseTo(
      10 / 3,
      15,
    );
  });

  it('lies within 1 and 5', () => {
    const n = fc.nat({ max: 500_000 });
    fc.assert(
      fc.property(fc.tuple(n, n, n, n, n), (levels) => {
        const mean = meanScore({ levels, noOpinion: 0, blank: 0 });
        if (!mean) return expect(levels.every((count) => count === 0)).toBe(true);
        expect(mean.value).toBeGreaterThanOrEqual(1);
        expect(mean.value).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('published figures', () => {
  it('2023: the simple mean of five factor rates is 90.24, published as 90.2', () => {
    const mean = simpleMeanOfGroups([0.9, 0.894, 0.906, 0.91, 0.902]) ?? Number.NaN;
    expect(mean).toBeCloseTo(0.9024, 12);
    expect(roundedPercent(mean)).toBe(90.2);
  });

  it('2024: parents and students weighed alike give 96.195, all people weighed alike give 96.39', () => {
    expect(simpleMeanOfGroups([0.966, 0.9579])).toBeCloseTo(0.96195, 12);
    // Rates of 96.60 % and 95.79 % over 14 128 and 4 876 people, ten thousand answers each, so that all are whole.
    const pooled = satisfactionRate(oneAnswerEach(14_128 * 9660 + 4_876 * 9579, (14_128 + 4_876) * 10_000));
    expect(((pooled?.value ?? Number.NaN) * 100).toFixed(2)).toBe('96.39');
  });

  it('2025: factor means of 4.57 to 4.62 give no 4.72, however they are weighed; another question may', () => {
    const n = fc.nat({ max: 500_000 });
    const someCounts = fc.tuple(n, n, n, n, n).map((levels) => counts(...levels));
    fc.assert(
      fc.property(fc.array(someCounts, { minLength: 2, maxLength: 8 }), (factors) => {
        const means = factors.flatMap((one) => meanScore(one)?.value ?? []);
        if (means.length === 0) return;
        const level = (at: 0 | 1 | 2 | 3 | 4) => factors.reduce((sum, { levels }) => sum + levels[at], 0);
        const pooled = meanScore(counts(level(0), level(1), level(2), level(3), level(4)));
        for (const overall of [pooled?.value, simpleMeanOfGroups(means)]) {
          expect(overall).toBeGreaterThanOrEqual(Math.min(...means) - 1e-12);
          expect(overall).toBeLessThanOrEqual(Math.max(...means) + 1e-12);
        }
      }),
    );
    expect(roundedMean(meanScore(counts(0, 0, 0, 38, 62))?.value ?? 0)).toBeLessThan(4.72);
    // The separate question on overall satisfaction is reported beside the factors and never as their mean.
    const people = Array.from({ length: 100 }, (_, person) => ({
      A01: person < 57 ? 5 : 4,
      A02: person < 57 ? 5 : 4,
      B01: person < 62 ? 5 : 4,
      F02: person < 72 ? 5 : 4,
    }));
    const pooled = new Pooled([tallyOf(people)]);
    expect(pooled.factorCodes.map((code) => pooled.factor(code).mean?.value)).toEqual([4.57, 4.62]);
    expect(pooled.overall.mean?.value).toBe(4.72);
    expect(pooled.total.mean?.value).toBeCloseTo((2 * 4.57 + 4.62) / 3, 12);
  });
});

function counts(...levels: [number, number, number, number, number]): LevelCounts {
  return { levels, noOpinion: 0, blank: 0 };
}
