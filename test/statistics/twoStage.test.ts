import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeAnswersInto, noAnswers, oneAnswerEach } from '../../server/statistics/answersByPerson.js';
import { weightedRate } from '../../server/statistics/stratified.js';
import { rateOfStratum, type UnitsOfStratum } from '../../server/statistics/twoStage.js';
import { randomNumbers } from './randomNumbers.js';

/**
 * `apiclus2` of R's survey package (Lumley): 40 of 757 school districts drawn, and up to five schools of each. By
 * district: its schools, those drawn, and how many of these met the growth target of the school, have more than half of
 * their pupils on subsidised meals, are open all year, and got an award.
 */
const DISTRICTS = {
  schools: [
    1, 1, 3, 1, 3, 3, 4, 1, 4, 11, 2, 1, 5, 4, 5, 4, 1, 5, 2, 5, 5, 2, 36, 1, 28, 7, 72, 14, 7, 2, 4, 3, 2, 2,
    1, 9, 1, 2, 6, 1,
  ],
  drawn: [
    1, 1, 3, 1, 3, 3, 4, 1, 4, 5, 2, 1, 5, 4, 5, 4, 1, 5, 2, 5, 5, 2, 5, 1, 5, 5, 5, 5, 5, 2, 4, 3, 2, 2, 1,
    5, 1, 2, 5, 1,
  ],
  growth: [
    1, 1, 1, 1, 2, 1, 4, 0, 4, 5, 2, 1, 3, 4, 5, 4, 1, 5, 1, 4, 5, 2, 2, 1, 5, 5, 4, 1, 4, 2, 0, 2, 2, 2, 0,
    4, 0, 2, 5, 1,
  ],
  meals: [
    0, 0, 0, 0, 3, 2, 0, 0, 4, 5, 2, 0, 0, 0, 0, 3, 1, 2, 0, 3, 0, 0, 4, 0, 0, 0, 5, 2, 0, 0, 0, 0, 2, 0, 0,
    1, 0, 2, 0, 1,
  ],
  allYear: [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    3, 0, 0, 0, 0,
  ],
  awards: [
    1, 1, 1, 1, 2, 1, 3, 0, 1, 5, 0, 1, 3, 4, 5, 0, 1, 4, 1, 3, 5, 2, 2, 1, 5, 5, 3, 1, 4, 2, 0, 1, 2, 2, 0,
    3, 0, 1, 5, 1,
  ],
} as const;

/** 4 of 20 schools with 6000 learners drawn; all 3 schools of 700; 2 of 9 schools with 2500 drawn. */
const THREE_STRATA: readonly UnitsOfStratum[] = [
  drawn(6000, 20, [
    [300, 34, 40],
    [450, 31, 35],
    [120, 19, 30],
    [600, 48, 50],
  ]),
  drawn(700, 3, [
    [200, 22, 25],
    [90, 21, 30],
    [410, 44, 45],
  ]),
  drawn(2500, 9, [
    [310, 20, 28],
    [150, 30, 33],
  ]),
];

describe('the spread of a stratum is not known', () => {
  it('where one school of several answered, however many people it has', () => {
    expect(rateOfStratum(drawn(1000, 5, [[200, 90, 100]]))).toEqual({
      rate: 0.9,
      variance: null,
      freedom: 0,
    });
    const alone = weightedRate([], [drawn(1000, 5, [[200, 90, 100]])]);
    expect(alone).toMatchObject({ value: 0.9, standardError: null, interval: null, collapsed: 1 });
  });

  it('and is taken together with the next one then, so that the interval is too wide rather than too narrow', () => {
    const one = drawn(1000, 5, [[200, 90, 100]]);
    const other = drawn(1000, 5, [[200, 60, 100]]);
    const rate = weightedRate([], [one, other]);
    // k/(k − 1) Σ W²(p − p̄)² = 2 · 2 · (½ · 0.15)².
    expect(rate?.standardError).toBeCloseTo(0.15, 12);
    expect(rate).toMatchObject({ value: 0.75, collapsed: 2 });
    expect((rate?.interval?.high ?? 0) - (rate?.interval?.low ?? 0)).toBeGreaterThan(0.5);
  });
});

describe('the rate of schools drawn first and people within them', () => {
  // R 4.2.2, survey 4.1.1: data(api); d <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2);
  // m <- svymean(~as.numeric(sch.wide == 'Yes'), d), or meals > 50, or yr.rnd == 'Yes'; SE(m). The interval is
  // prop.test(p * ne, ne, correct = FALSE)$conf.int with ne <- n * (p * (1 - p) / (n - 1)) / v *
  // (qt(0.975, n - 1) / qt(0.975, 39))^2 for n = 126 and v = vcov(m): 40.90497, 11.45031, 25.71508.
  it.each([
    ['growth', 0.75129151291512919, 0.06639498843428826, 0.601240212479952, 0.858196304356535],
    ['meals', 0.5321033210332105, 0.1448565485925987, 0.273820987984417, 0.774256245467972],
    ['allYear', 0.07675276752767529, 0.05156865889611645, 0.0211460250634841, 0.2423782558600546],
  ] as const)(
    'is what R’s survey computes for districts and their schools: %s',
    (which, value, error, low, high) => {
      const rate = weightedRate([], [districts(which)]);
      expect(rate?.value).toBeCloseTo(value, 12);
      expect(rate?.standardError).toBeCloseTo(error, 12);
      expect(rate?.interval?.low).toBeCloseTo(low, 6);
      expect(rate?.interval?.high).toBeCloseTo(high, 6);
      expect(rate).toMatchObject({ people: 126, covered: 6194, population: 6194, collapsed: 0 });
    },
  );

  it('is never surer than the chance within the districts alone makes it: R’s 0.0634 for awards is below 0.0704', () => {
    // R: v <- N^2 * (1 - n / N) * p * (1 - p) / (n - 1) by district; sqrt(sum(v)) / sum(N).
    const rate = weightedRate([], [districts('awards')]);
    expect(rate?.value).toBeCloseTo(0.6398523985239853, 12);
    expect(rate?.standardError).toBeCloseTo(0.07041689, 8);
  });

  // R as above: s <- svydesign(id = ~unit + person, strata = ~h + unit, fpc = ~M + N, data = d, nest = TRUE);
  // b <- svyby(~y, ~h, s, svymean, covmat = TRUE); svycontrast(b, c(6000, 700, 2500) / 9200).
  it('is, stratum by stratum and for all, what R’s survey computes where schools are drawn in some', () => {
    const rates = THREE_STRATA.map(rateOfStratum);
    expect(rates[0]?.rate).toBeCloseTo(0.888143828960155, 12);
    expect(Math.sqrt(rates[0]?.variance ?? 0)).toBeCloseTo(0.0393863936449432, 12);
    expect(rates[1]?.rate).toBeCloseTo(0.914126984126984, 12);
    expect(Math.sqrt(rates[1]?.variance ?? 0)).toBeCloseTo(0.0233432541863314, 12);
    expect(rates[2]?.rate).toBeCloseTo(0.777809147374365, 12);
    expect(Math.sqrt(rates[2]?.variance ?? 0)).toBeCloseTo(0.08026872917334, 12);
    const all = weightedRate([], THREE_STRATA);
    expect(all?.value).toBeCloseTo(0.8601385577267102, 12);
    expect(all?.standardError).toBeCloseTo(0.0337451518185159, 12);
    // ne as above for n = 316 and Satterthwaite's degrees of freedom of 3 + 1 schools and 97 people: 4.02, so 4.
    expect(all?.interval?.low).toBeCloseTo(0.742692672361558, 6);
    expect(all?.interval?.high).toBeCloseTo(0.929095088217128, 6);
  });

  it('has the variance of its people alone where schools that are drawn happen to be alike', () => {
    const alike = drawn(1000, 10, [
      [100, 16, 20],
      [100, 16, 20],
    ]);
    expect(rateOfStratum(alike).variance).toBeCloseTo((((1 - 20 / 100) * 0.16) / 19) * 2 * 0.25, 15);
  });

  it('counts a school in which one person answered, at the variance of one answer of the stratum', () => {
    const { rate, variance } = rateOfStratum(
      drawn(1000, 4, [
        [100, 1, 1],
        [300, 20, 40],
      ]),
    );
    expect(rate).toBeCloseTo((100 + 150) / 400, 12);
    const within = 100 ** 2 * 0.99 * rate * (1 - rate) + 300 ** 2 * ((1 - 40 / 300) * (0.25 / 39));
    const between = (100 * (1 - rate)) ** 2 + (300 * (0.5 - rate)) ** 2;
    expect(variance).toBeCloseTo((0.5 * 2 * between + 0.5 * within) / 400 ** 2, 12);
  });
});

describe('a design in which all units were asked', () => {
  it('and all answered gives what units as strata give', () => {
    const units = THREE_STRATA.flatMap(({ answering }) => answering);
    const asked = THREE_STRATA.map(({ answering }) => ({
      population: answering.reduce((sum, { population }) => sum + population, 0),
      units: answering.length,
      answering,
    }));
    expect(weightedRate([], asked)).toEqual(weightedRate(units));
  });

  it('speaks for a school that has not answered by the others of its stratum', () => {
    const some = drawn(1000, 3, [
      [200, 90, 100],
      [300, 60, 100],
    ]);
    const other = drawn(500, 1, [[500, 50, 100]]);
    const rate = weightedRate([], [some, other]);
    expect(rate?.value).toBeCloseTo((1000 * ((200 * 0.9 + 300 * 0.6) / 500) + 500 * 0.5) / 1500, 12);
    expect(rate).toMatchObject({ covered: 1500, population: 1500 });
    const silent = weightedRate([], [some, other, drawn(800, 4, [])]);
    expect(silent).toEqual({ ...rate, population: 2300 });
  });
});

describe('an interval over schools that were drawn', () => {
  // Schools differ: rates of 0.55 to 1, most above 0.8; 12 of 150 are drawn, 30 people of 60 to 900 in each.
  const random = randomNumbers(20_261_121);
  const schools = Array.from({ length: 150 }, () => {
    const people = 60 + Math.floor(840 * random() ** 2);
    return { people, good: Math.round(people * (0.55 + 0.45 * random() ** 0.4)) };
  });
  const sum = (of: (school: (typeof schools)[number]) => number) =>
    schools.reduce((total, each) => total + of(each), 0);
  const truth = sum(({ good }) => good) / sum(({ people }) => people);
  const samples = Array.from({ length: 1000 }, () =>
    chosen(schools, 12, random).map(({ people, good }) => {
      const drawnGood = chosen(
        Array.from({ length: people }, (_, at) => (at < good ? 1 : 0)),
        30,
        random,
      ).reduce<number>((total, one) => total + one, 0);
      return [people, drawnGood, 30] as const;
    }),
  );

  // Measured with 4000 samples each: 12 of 150 schools 92 %, four strata with 3 of 40 93 %, eight with 2 of 30 91 %, 30 of
  // 150 94 %; a variance from a dozen schools of very unequal size is uncertain, and so it is with the method R has.
  it('covers the true rate in more than 90 of 100 samples', () => {
    const covered = samples.filter((sample) => {
      const { interval } =
        weightedRate(
          [],
          [
            drawn(
              sum(({ people }) => people),
              150,
              sample,
            ),
          ],
        ) ?? {};
      return interval && interval.low <= truth && truth <= interval.high;
    });
    expect(covered.length / samples.length).toBeGreaterThan(0.9);
  });

  it('would cover it in fewer than 85 if people were taken for a simple sample of their stratum', () => {
    const covered = samples.filter((sample) => {
      const answers = noAnswers();
      for (const [, good, people] of sample) mergeAnswersInto(answers, oneAnswerEach(good, people));
      const { interval } = weightedRate([{ population: sum(({ people }) => people), answers }]) ?? {};
      return interval && interval.low <= truth && truth <= interval.high;
    });
    expect(covered.length / samples.length).toBeLessThan(0.85);
  });

  it('holds the rate, within 0 and 1 and between its schools, whatever they are', () => {
    const school = fc
      .record({
        people: fc.integer({ min: 1, max: 900 }),
        answers: fc.integer({ min: 1, max: 40 }),
        part: fc.nat(),
      })
      .map(({ people, answers, part }) => [people, part % (answers + 1), answers] as const);
    const stratum = fc
      .record({
        schools: fc.array(school, { maxLength: 6 }),
        others: fc.nat({ max: 5 }),
        rest: fc.nat({ max: 999 }),
      })
      .map(({ schools: answered, others, rest }) =>
        drawn(
          answered.reduce((total, [people]) => total + people, 0) + (others > 0 ? rest : 0),
          answered.length + others,
          answered,
        ),
      );
    fc.assert(
      fc.property(fc.array(stratum, { maxLength: 5 }), (strata) => {
        const rate = weightedRate([], strata);
        const rates = strata.flatMap(({ answering }) =>
          answering.map(({ answers }) => answers.favourable / answers.answered),
        );
        if (!rate) {
          expect(rates).toEqual([]);
          return;
        }
        expect(rate.value).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-12);
        expect(rate.value).toBeLessThanOrEqual(Math.max(...rates) + 1e-12);
        if (rate.standardError === null) {
          expect(rate.interval).toBeNull();
          return;
        }
        expect(rate.standardError).toBeGreaterThanOrEqual(0);
        const { low, high } = rate.interval ?? { low: 2, high: -1 };
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(rate.value);
        expect(high).toBeGreaterThanOrEqual(rate.value);
        expect(high).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

/** The districts of `apiclus2` as one stratum, with the schools of which something is known. */
function districts(which: Exclude<keyof typeof DISTRICTS, 'schools' | 'drawn'>): UnitsOfStratum {
  const { schools, drawn: asked } = DISTRICTS;
  return drawn(
    6194,
    757,
    schools.map((people, at) => [people, DISTRICTS[which][at] ?? 0, asked[at] ?? 0] as const),
  );
}

/** A stratum: its people, its schools, and of those that answered people, favourable answers and answers. */
function drawn(
  population: number,
  units: number,
  answering: readonly (readonly [number, number, number])[],
): UnitsOfStratum {
  return {
    population,
    units,
    answering: answering.map(([people, favourable, answers]) => ({
      population: people,
      answers: oneAnswerEach(favourable, answers),
    })),
  };
}

/** So many of these without replacement (Fisher & Yates). */
function chosen<T>(all: readonly T[], count: number, random: () => number): T[] {
  const rest = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () =>
    rest.splice(Math.floor(random() * rest.length), 1),
  ).flat();
}
