import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneAnswerEach } from '../../server/statistics/answersByPerson.js';
import { type Stratum, weightedRate } from '../../server/statistics/stratified.js';

/**
 * Lohr, Sampling: Design and Analysis, 1st ed., Example 4.3 and Table 4.2, as E. V. Slud's handout for Stat 440 at the
 * University of Maryland prints it: societies of the ACLS, members, valid returns and share of women.
 */
const ACLS: readonly (readonly [number, number, number])[] = [
  [9100, 636, 0.38],
  [1950, 451, 0.27],
  [5500, 481, 0.18],
  [10_850, 611, 0.19],
  [2100, 493, 0.36],
  [5500, 575, 0.13],
  [9000, 588, 0.26],
];

describe('a rate weighted by enrolment is not known', () => {
  it('where nobody answered, or nobody is enrolled', () => {
    expect(weightedRate([])).toBeNull();
    expect(weightedRate([stratum(100, 0, 0), stratum(50, 0, 0)])).toBeNull();
    expect(weightedRate([stratum(0, 3, 4)])).toBeNull();
  });

  it('in its spread where a single person answered', () => {
    expect(weightedRate([stratum(100, 1, 1), stratum(50, 0, 0)])).toMatchObject({
      value: 1,
      standardError: null,
      interval: null,
      people: 1,
      covered: 100,
      population: 150,
      collapsed: 1,
    });
  });
});

describe('a rate weighted by enrolment', () => {
  it('is that of Lohr’s example (ACLS survey): 24.65 %, standard error 0.0071', () => {
    const women = weightedRate(ACLS.map(([members, returns, share]) => ofShare(members, share, returns)));
    expect(women?.value.toFixed(4)).toBe('0.2465');
    expect(women?.standardError?.toFixed(4)).toBe('0.0071');
    expect(women).toMatchObject({ people: 3835, covered: 44_000, population: 44_000, collapsed: 0 });
  });

  it('has the standard errors that E. V. Slud (Univ. of Maryland, Stat 440, R output) prints for that example', () => {
    const errorOf = (returns: readonly number[]) =>
      weightedRate(ACLS.map(([members, , share], at) => ofShare(members, share, returns[at] ?? 0)))
        ?.standardError;
    expect(errorOf(ACLS.map(([, returns]) => returns))).toBeCloseTo(0.007118622, 9);
    expect(errorOf([548, 548, 548, 548, 548, 548, 548])).toBeCloseTo(0.00743646, 8);
    expect(errorOf([793, 170, 479, 946, 183, 479, 784])).toBeCloseTo(0.006522492, 9);
  });

  // R 4.2.2, survey 4.1.1: data(api); d <- svydesign(id = ~1, strata = ~stype, fpc = ~fpc,
  // data = apistrat); m <- svymean(~as.numeric(sch.wide == 'Yes'), d), or awards == 'Yes'; SE(m). The third is example 5.12 in
  // the tests of the R package Paskal (cp_sts), which print 0.6 ± 0.13218; survey gives the same. The interval is
  // prop.test(p * ne, ne, correct = FALSE)$conf.int for n = 200 (40) and v = vcov(m) with
  // ne <- n * (p * (1 - p) / (n - 1)) / v * (qt(0.975, n - 1) / qt(0.975, degf(d)))^2.
  it.each([
    [
      'growth',
      SCHOOLS([91, 26, 35]),
      0.827948014207297,
      0.0243447800896563,
      0.775311169744593,
      0.870316423844331,
    ],
    [
      'awards',
      SCHOOLS([73, 16, 24]),
      0.638936067161769,
      0.0344059182016133,
      0.569590077867667,
      0.702936331610547,
    ],
    [
      'households',
      [stratum(155, 16, 20), stratum(62, 2, 8), stratum(93, 6, 12)],
      0.6,
      0.0674412407136766,
      0.466851892536453,
      0.719849946200089,
    ],
  ] as const)('is what R’s survey computes: %s', (_name, strata, value, error, low, high) => {
    const rate = weightedRate(strata);
    expect(rate?.value).toBeCloseTo(value, 12);
    expect(rate?.standardError).toBeCloseTo(error, 12);
    expect(rate?.interval?.low).toBeCloseTo(low, 6);
    expect(rate?.interval?.high).toBeCloseTo(high, 6);
  });

  it('over several answers of each person is what R’s survey computes: pupils tested, by school, in 200 schools', () => {
    // R, with d as above: b <- svyby(~api.stu, denominator = ~enroll, by = ~stype, design = d, FUN = svyratio,
    // covmat = TRUE); svycontrast(b, c(E = 4421, H = 755, M = 1018) / 6194). A school stands for a person.
    const rate = weightedRate([
      ofSums(4421, [100, 41_678, 35_502, 20_100_668, 17_044_937, 14_540_460]),
      ofSums(755, [50, 66_035, 53_526, 109_279_081, 88_952_856, 74_325_088]),
      ofSums(1018, [50, 41_624, 34_785, 42_310_204, 35_464_569, 30_316_915]),
    ]);
    expect(rate?.value).toBeCloseTo(0.844139268577635, 12);
    expect(rate?.standardError).toBeCloseTo(0.00635290060640819, 12);
    // ne as above for 149 337 answers and 197 degrees of freedom: 3220.06.
    expect(rate?.interval?.low).toBeCloseTo(0.831201682286135, 6);
    expect(rate?.interval?.high).toBeCloseTo(0.856256732941177, 6);
  });

  it('of strata with one answer each has R’s standard error of strata taken together', () => {
    // R: svymean(~y, svydesign(id = ~1, weights = ~N, data = data.frame(N = c(50, 80, 120, 40, 200),
    // y = c(1, 0, 1, 1, 0)))): 0.42857, SE 0.27535.
    const rate = weightedRate([
      stratum(50, 1, 1),
      stratum(80, 0, 1),
      stratum(120, 1, 1),
      stratum(40, 1, 1),
      stratum(200, 0, 1),
    ]);
    expect(rate?.value).toBeCloseTo(0.428571428571429, 12);
    expect(rate?.standardError).toBeCloseTo(0.275352045553763, 12);
    // ne as above for n = 5 and 4 degrees of freedom.
    expect(rate?.interval?.low).toBeCloseTo(0.11610126977, 9);
    expect(rate?.interval?.high).toBeCloseTo(0.810692405534, 9);
  });

  it('of a stratum where everybody answered and one where few did has the spread of the few, and R’s', () => {
    // R: svymean(~y, svydesign(id = ~1, strata = ~h, fpc = ~N)) with 5 of all 6, and 7 of 10 out of 400.
    const rate = weightedRate([stratum(6, 5, 6), stratum(400, 7, 10)]);
    expect(rate?.value).toBeCloseTo(0.701970443349754, 12);
    expect(rate?.standardError).toBeCloseTo(0.14860200127092, 12);
    // ne as above for n = 16 and 9 degrees of freedom: those of the few.
    expect(rate?.interval?.low).toBeCloseTo(0.38375531778, 6);
    expect(rate?.interval?.high).toBeCloseTo(0.89907930267, 6);
  });

  it('of one stratum out of a very large population has Wilson’s interval (Newcombe 1998, Table I: 81 in 263)', () => {
    const { interval } = weightedRate([stratum(1e12, 81, 263)]) ?? {};
    expect(interval?.low.toFixed(4)).toBe('0.2553');
    expect(interval?.high.toFixed(4)).toBe('0.3662');
  });

  it('2024: 96.60 % of parents and 95.79 % of students give 96.39 weighted by people, 96.195 weighted alike', () => {
    const parents = (population: number) => ofShare(population, 0.966, 14_128);
    const students = (population: number) => ofShare(population, 0.9579, 4876);
    const byPeople = weightedRate([parents(14_128), students(4876)]);
    expect(((byPeople?.value ?? 0) * 100).toFixed(2)).toBe('96.39');
    expect(weightedRate([parents(50_000), students(50_000)])?.value).toBeCloseTo(0.96195, 12);
  });

  it('of everybody is certain: no standard error, and the interval is the rate', () => {
    const all = weightedRate([stratum(20, 15, 20), stratum(30, 3, 30)]);
    expect(all?.value).toBeCloseTo(18 / 50, 12);
    expect(all?.standardError).toBe(0);
    expect(all?.interval?.low).toBeCloseTo(18 / 50, 12);
    expect(all?.interval?.high).toBeCloseTo(18 / 50, 12);
    expect(weightedRate([stratum(10, 15, 20)])?.standardError).toBe(0);
  });

  it('where all answers agree is still not certain until everybody answered', () => {
    const { value, interval } = weightedRate([stratum(1000, 20, 20), stratum(500, 10, 10)]) ?? {};
    expect(value).toBe(1);
    expect(interval?.high).toBe(1);
    // R: n <- 1 / sum((c(2, 1) / 3)^2 * (1 - c(20 / 1000, 10 / 500)) / c(20, 10)); prop.test(n, n, correct = FALSE)
    expect(interval?.low).toBeCloseTo(0.888503748332, 10);
    const apart = weightedRate([stratum(1000, 20, 20), stratum(1000, 0, 20)]);
    expect(apart?.standardError).toBe(0);
    expect((apart?.interval?.high ?? 0) - (apart?.interval?.low ?? 0)).toBeGreaterThan(0.2);
  });

  it('leaves strata without answers out, and says how many people it speaks for', () => {
    const some = [stratum(100, 8, 10), stratum(300, 6, 12)];
    expect(weightedRate([...some, stratum(600, 0, 0)])).toEqual({
      ...weightedRate(some),
      covered: 400,
      population: 1000,
    });
  });

  it('gives strata with one answer the variance of collapsed strata (Wolter 2007)', () => {
    // Two halves, one satisfied and one not: k/(k − 1) Σ W²(p − p̄)² = 2 · 2 · (½ · ½)² = ¼.
    const two = weightedRate([stratum(50, 1, 1), stratum(50, 0, 1)]);
    expect(two).toMatchObject({ value: 0.5, collapsed: 2 });
    expect(two?.standardError).toBeCloseTo(0.5, 12);
    const beside = weightedRate([stratum(100, 1, 1), stratum(200, 5, 10), stratum(700, 50, 100)]);
    const fromPair = 2 * ((0.1 * (1 - 2 / 3)) ** 2 + (0.2 * (0.5 - 2 / 3)) ** 2);
    const fromRest = 0.7 ** 2 * (6 / 7) * (0.25 / 99);
    expect(beside?.standardError).toBeCloseTo(Math.sqrt(fromPair + fromRest), 12);
  });

  it('collapses no stratum whose only person answered: there is nothing left to ask', () => {
    const rate = weightedRate([stratum(1, 1, 1), stratum(99, 5, 10)]);
    expect(rate).toMatchObject({ value: 0.01 + 0.99 * 0.5, collapsed: 0 });
    expect(rate?.standardError).toBeCloseTo(0.99 * Math.sqrt(((1 - 10 / 99) * 0.25) / 9), 12);
  });

  it('of single people who happen to answer alike is not certain, whatever floating point makes of them', () => {
    const populations = fc.array(fc.integer({ min: 50, max: 5000 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(populations, fc.integer({ min: 1, max: 9 }), (sizes, favourable) => {
        const answers = {
          people: 1,
          answered: 10,
          favourable,
          answeredSquared: 100,
          product: 10 * favourable,
          favourableSquared: favourable ** 2,
        };
        const rate = weightedRate(sizes.map((population) => ({ population, answers })));
        expect(rate?.value).toBeCloseTo(favourable / 10, 12);
        expect((rate?.interval?.high ?? 0) - (rate?.interval?.low ?? 0)).toBeGreaterThan(0.25);
      }),
    );
  });

  it('lies within its interval, within 0 and 1, and between the strata, whatever they are', () => {
    const one = fc
      .record({ population: fc.nat({ max: 5000 }), people: fc.nat({ max: 40 }), part: fc.nat() })
      .map(({ population, people, part }) => stratum(population, part % (people + 1), people));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), (strata) => {
        const rate = weightedRate(strata);
        const known = strata.filter(({ population, answers }) => population > 0 && answers.people > 0);
        if (!rate) {
          expect(known).toEqual([]);
          return;
        }
        const rates = known.map(({ answers }) => answers.favourable / answers.answered);
        expect(rate.value).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-12);
        expect(rate.value).toBeLessThanOrEqual(Math.max(...rates) + 1e-12);
        if (rate.standardError === null) {
          expect(rate.interval).toBeNull();
          return;
        }
        expect(rate.standardError).toBeGreaterThanOrEqual(0);
        expect(rate.interval?.low).toBeGreaterThanOrEqual(0);
        expect(rate.interval?.low).toBeLessThanOrEqual(rate.value);
        expect(rate.interval?.high).toBeGreaterThanOrEqual(rate.value);
        expect(rate.interval?.high).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

/** `apistrat` of R's survey: 100 elementary, 50 high and 50 middle schools of 4421, 755 and 1018, some favourable. */
function SCHOOLS([elementary, high, middle]: readonly [number, number, number]): Stratum[] {
  return [stratum(4421, elementary, 100), stratum(755, high, 50), stratum(1018, middle, 50)];
}

type Sums = readonly [number, number, number, number, number, number];

function ofSums(population: number, sums: Sums): Stratum {
  const [people, answered, favourable, answeredSquared, product, favourableSquared] = sums;
  return {
    population,
    answers: { people, answered, favourable, answeredSquared, product, favourableSquared },
  };
}

function stratum(population: number, favourable: number, people: number): Stratum {
  return { population, answers: oneAnswerEach(favourable, people) };
}

/** A stratum of which only the printed share is known. */
function ofShare(population: number, share: number, people: number): Stratum {
  return stratum(population, share * people, people);
}
