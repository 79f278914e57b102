import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  meanScore,
  pooledFigures,
  satisfactionRate,
  simpleMeanOfGroups,
  summarise,
} from '../../server/statistics/rate.js';
import { roundedMean, roundedPercent } from '../../server/statistics/rounding.js';
import { addResponse, emptyTally, type LevelCounts, type Measure } from '../../server/statistics/tally.js';

describe('figures that nobody stands behind are null, never NaN and never 0 %', () => {
  it.each([
    ['no items', []],
    ['nobody', [counts(0, 0, 0, 0, 0)]],
    ['only blanks and no opinion', [{ levels: [0, 0, 0, 0, 0], noOpinion: 7, blank: 9 } as LevelCounts]],
  ])('%s', (_name, items) => {
    expect(satisfactionRate(items)).toBeNull();
    expect(meanScore(items)).toBeNull();
  });

  it('no groups', () => {
    expect(simpleMeanOfGroups([])).toBeNull();
    expect(pooledFigures([])).toEqual({ responses: 0, rate: null, mean: null, expectation: null });
  });

  it('a survey without responses', () => {
    const summary = summarise(emptyTally(MEASURE), MEASURE);
    expect(summary).toMatchObject({
      responses: 0,
      total: { rate: null, mean: null },
      factors: [
        { code: 'A', rate: null, mean: null },
        { code: 'B', rate: null, mean: null },
      ],
      overall: { rate: null, mean: null },
      expectation: null,
    });
  });
});

describe('the satisfaction rate', () => {
  it('is the share of levels 4 and 5 among the levels given, and carries its n', () => {
    const rate = satisfactionRate([counts(1, 2, 3, 4, 10)]);
    expect(rate).toMatchObject({ kind: 'rate', favourable: 14, answered: 20, value: 0.7 });
  });

  it('does not count blanks and “không có ý kiến”', () => {
    const given = counts(1, 0, 1, 3, 5);
    const silent = { ...given, noOpinion: 500, blank: 400 };
    expect(satisfactionRate([silent])).toEqual(satisfactionRate([given]));
    expect(meanScore([silent])).toEqual(meanScore([given]));
  });

  it('pools the answers of several items, so items that more people answered weigh more', () => {
    expect(satisfactionRate([counts(0, 0, 0, 0, 90), counts(10, 0, 0, 0, 0)])?.value).toBe(0.9);
  });

  it('stands for as many people as answered its best-answered item', () => {
    expect(satisfactionRate([counts(0, 0, 0, 0, 3), counts(1, 0, 0, 0, 0)])?.people).toBe(3);
    expect(
      pooledFigures([
        group({ favourable: 3, answered: 9, people: 3 }),
        group({ favourable: 1, answered: 4, people: 2 }),
      ]).rate?.people,
    ).toBe(5);
  });

  it('and its mean and interval are those of R', () => {
    // R 4.2.2: n <- c(12, 31, 87, 410, 660); sum(n[4:5]) / sum(n); weighted.mean(1:5, n);
    // prop.test(sum(n[4:5]), sum(n), correct = FALSE)$conf.int
    const rate = satisfactionRate([counts(12, 31, 87, 410, 660)]);
    expect(rate?.value).toBeCloseTo(0.891666666666667, 14);
    expect(rate?.interval.low).toBeCloseTo(0.872815613374408, 12);
    expect(rate?.interval.high).toBeCloseTo(0.908018102820116, 12);
    expect(meanScore([counts(12, 31, 87, 410, 660)])?.value).toBeCloseTo(4.39583333333333, 13);
  });

  it('lies within 0 and 1, and its interval contains it', () => {
    fc.assert(
      fc.property(fc.array(someCounts(), { minLength: 1, maxLength: 30 }), (items) => {
        const rate = satisfactionRate(items);
        if (!rate) return expect(items.every(({ levels }) => levels.every((n) => n === 0))).toBe(true);
        expect(rate.value).toBeGreaterThanOrEqual(0);
        expect(rate.value).toBeLessThanOrEqual(1);
        expect(rate.interval.low).toBeLessThanOrEqual(rate.value);
        expect(rate.interval.high).toBeGreaterThanOrEqual(rate.value);
        const mean = meanScore(items)?.value ?? Number.NaN;
        expect(mean).toBeGreaterThanOrEqual(1);
        expect(mean).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('the mean score', () => {
  it('is the sum of the levels over the levels given', () => {
    expect(meanScore([counts(1, 1, 1, 1, 1)])).toEqual({ kind: 'mean', sum: 15, answered: 5, value: 3 });
    expect(meanScore([counts(0, 0, 0, 1, 1), counts(1, 0, 0, 0, 0)])?.value).toBeCloseTo(10 / 3, 15);
  });
});

describe('a summary', () => {
  it('keeps overall satisfaction apart from the factors, and each factor apart', () => {
    const tally = emptyTally(MEASURE);
    addResponse(tally, MEASURE, { A01: 5, A02: 4, B01: 1, F01: 70, F02: 1 });
    addResponse(tally, MEASURE, { A01: 5, A02: 0, B01: 2, F01: 80, F02: 2 });
    addResponse(tally, MEASURE, { A01: 3, F02: 5 });
    const summary = summarise(tally, MEASURE);
    expect(summary.responses).toBe(3);
    expect(summary.total.rate).toMatchObject({ favourable: 3, answered: 6 });
    expect(summary.factors.map(({ rate }) => [rate?.favourable, rate?.answered])).toEqual([
      [3, 4],
      [0, 2],
    ]);
    expect(summary.overall.rate).toMatchObject({ favourable: 1, answered: 3 });
    expect(summary.items.map(({ code, rate }) => [code, rate?.answered])).toEqual([
      ['A01', 3],
      ['A02', 1],
      ['B01', 2],
    ]);
    expect(summary.expectation).toEqual({ kind: 'percentage', sum: 150, answered: 2, value: 75 });
  });
});

describe('published figures', () => {
  it('2023: the simple mean of five factor rates is 90.24, published as 90.2', () => {
    const mean = simpleMeanOfGroups([0.9, 0.894, 0.906, 0.91, 0.902]) ?? Number.NaN;
    expect(mean).toBeCloseTo(0.9024, 12);
    expect(roundedPercent(mean)).toBe(90.2);
  });

  it('2024: parents and students weighed alike give 96.195, all people weighed alike give 96.39', () => {
    // Rates of 96.60 % and 95.79 % over 14 128 and 4 876 people, ten thousand answers each, so that all are whole.
    const parents = group({ favourable: 14_128 * 9660, answered: 14_128 * 10_000, people: 14_128 });
    const students = group({ favourable: 4_876 * 9579, answered: 4_876 * 10_000, people: 4_876 });
    const rates = [parents, students].map(({ total }) => total.rate?.value ?? Number.NaN);
    expect(simpleMeanOfGroups(rates)).toBeCloseTo(0.96195, 12);
    const pooled = pooledFigures([parents, students]);
    expect(pooled.responses).toBe(19_004);
    expect(pooled.rate?.value).toBeCloseTo((14_128 * 0.966 + 4_876 * 0.9579) / 19_004, 12);
    expect(((pooled.rate?.value ?? Number.NaN) * 100).toFixed(2)).toBe('96.39');
  });
});

describe('a published figure that cannot be derived', () => {
  it('2025: factor means of 4.57 to 4.62 give no 4.72, however they are weighed; another question may', () => {
    const counted = fc.array(someCounts(), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(counted, (factors) => {
        const means = factors.flatMap((one) => meanScore([one])?.value ?? []);
        if (means.length === 0) return;
        for (const overall of [meanScore(factors)?.value, simpleMeanOfGroups(means)]) {
          expect(overall).toBeGreaterThanOrEqual(Math.min(...means) - 1e-12);
          expect(overall).toBeLessThanOrEqual(Math.max(...means) + 1e-12);
        }
      }),
    );
    const levels = (five: number) => counts(0, 0, 0, 100 - five, five);
    const lowest = levels(57);
    const highest = levels(62);
    expect(meanScore([lowest, highest])?.value).toBeCloseTo(4.595, 12);
    expect(roundedMean(meanScore([highest])?.value ?? 0)).toBeLessThan(4.72);
    // The separate question on overall satisfaction is reported beside the factors and never as their mean.
    const tally = emptyTally(MEASURE);
    for (const [code, five] of [
      ['A01', 57],
      ['A02', 57],
      ['B01', 62],
      ['F02', 72],
    ] as const)
      tally.items.set(code, levels(five));
    const { total, overall, factors } = summarise(tally, MEASURE);
    expect(factors.map(({ mean }) => mean?.value)).toEqual([4.57, 4.62]);
    expect(overall.mean?.value).toBe(4.72);
    expect(total.mean?.value).toBeCloseTo((2 * 4.57 + 4.62) / 3, 12);
  });
});

describe('pooled figures', () => {
  it('are the same in whichever order groups join, and by whichever steps', () => {
    const someGroup = fc.array(someAnswers(), { maxLength: 12 }).map(groupOf);
    fc.assert(
      fc.property(someGroup, someGroup, someGroup, (a, b, c) => {
        const all = pooledFigures([a, b, c]);
        expect(pooledFigures([c, a, b])).toEqual(all);
        expect(pooledFigures([joined(a, b), c])).toEqual(all);
        expect(pooledFigures([a, joined(b, c)])).toEqual(all);
      }),
    );
  });

  it('are those of all people counted together, also of means and expectations', () => {
    const one = groupOf([{ A01: 5, B01: 5, F01: 100 }, { A01: 4 }]);
    const two = groupOf([{ A01: 1, A02: 2, B01: 0, F01: 40 }]);
    const pooled = pooledFigures([one, two]);
    expect(pooled.responses).toBe(3);
    expect(pooled.rate).toMatchObject({ favourable: 3, answered: 5 });
    expect(pooled.mean).toEqual({ kind: 'mean', sum: 17, answered: 5, value: 3.4 });
    expect(pooled.expectation).toEqual({ kind: 'percentage', sum: 140, answered: 2, value: 70 });
  });

  it('do not change where a group without answers joins', () => {
    const one = groupOf([{ A01: 5, F01: 90 }]);
    expect(pooledFigures([one, groupOf([])])).toEqual(pooledFigures([one]));
  });
});

const MEASURE: Measure = {
  factors: [
    { code: 'A', items: ['A01', 'A02'] },
    { code: 'B', items: ['B01'] },
  ],
  overall: 'F02',
  expectation: 'F01',
};

function counts(...levels: [number, number, number, number, number]): LevelCounts {
  return { levels, noOpinion: 0, blank: 0 };
}

function someCounts(): fc.Arbitrary<LevelCounts> {
  const n = fc.nat({ max: 500_000 });
  return fc.record({ levels: fc.tuple(n, n, n, n, n), noOpinion: n, blank: n });
}

function someAnswers(): fc.Arbitrary<Record<string, number>> {
  const level = fc.integer({ min: 0, max: 5 });
  return fc.record({ A01: level, A02: level, B01: level, F01: fc.nat({ max: 100 }), F02: level });
}

/** Two groups pooled, as one group. */
function joined(...groups: Parameters<typeof pooledFigures>[0]) {
  const { responses, rate, mean, expectation } = pooledFigures(groups);
  return { responses, total: { rate, mean }, expectation };
}

function groupOf(people: readonly Record<string, number>[]) {
  const tally = emptyTally(MEASURE);
  for (const answers of people) addResponse(tally, MEASURE, answers);
  return summarise(tally, MEASURE);
}

/** A group of which only the rate is known, as in a release. */
function group({ favourable, answered, people }: Record<'favourable' | 'answered' | 'people', number>) {
  const interval = { low: 0, high: 1 };
  const rate = {
    kind: 'rate',
    favourable,
    answered,
    people,
    value: favourable / answered,
    interval,
  } as const;
  return { responses: people, total: { rate, mean: null }, expectation: null };
}
