import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrossTable, mergedCrossTable } from '../../server/statistics/crossTable.js';
import { FEWEST_PAIRS_FOR_INTERVAL, kendallTauB } from '../../server/statistics/rankCorrelation.js';
import { randomNumbers } from './randomNumbers.js';
import { TENANTS } from './tenants.js';

describe('a rank correlation is not known', () => {
  it.each([
    ['of nobody', mergedCrossTable([])],
    ['without a table', []],
    ['of one person', crossTableOf([[5, 5]])],
    ['where all gave the item the same level', crossTableOf([...pairs(30, 4, 5), ...pairs(30, 4, 1)])],
    ['where all gave the other the same level', crossTableOf([...pairs(30, 1, 5), ...pairs(30, 4, 5)])],
  ])('%s', (_name, table) => {
    expect(kendallTauB(table)).toBeNull();
  });

  it('in its interval for few pairs, and where every pair agrees', () => {
    const few = kendallTauB(crossTableOf([...pairs(9, 1, 1), ...pairs(9, 5, 5), ...pairs(1, 1, 5)]));
    expect(few?.pairs).toBeLessThan(FEWEST_PAIRS_FOR_INTERVAL);
    expect(few?.interval).toBeNull();
    expect(kendallTauB(crossTableOf([...pairs(50, 2, 2), ...pairs(50, 5, 5)]))).toMatchObject({
      value: 1,
      interval: null,
    });
  });
});

describe('Kendall’s τb', () => {
  // GNU PSPP 1.6.2: CROSSTABS /TABLES=r BY c /STATISTICS=BTAU with WEIGHT BY n and SET FORMAT=F20.12; the values but the
  // last are also those of R 4.2.2: cor(x, y, method = 'kendall') over the people one by one. The tables: the example of a trend
  // analysis of PROC FREQ in the SAS/STAT User's Guide (data set Pain); colorectal cancer and self-rated health as R's
  // package contingencytables quotes them from Fagerland, Lydersen & Laake (2017), Statistical Analysis of Contingency
  // Tables, tables 7.7 (where it prints −0.0859) and 7.9; satisfaction of Copenhagen tenants by influence on the
  // management and by contact with others, R's MASS::housing (Madsen 1976).
  it.each([
    ['pain by dose', DOSES, 161, 0.337256737534, 0.064212259],
    ['colorectal cancer', CANCER, 784, -0.085940560908, 0.031942183361],
    ['self-rated health', HEALTH, 2348, 0.30773934557, 0.018776949531],
    ['tenants’ influence', TENANTS.influence, 1681, 0.220093919, 0.021018894247],
    ['tenants’ contact', TENANTS.contact, 1681, 0.041570241478, 0.02309128907],
    ['a city’s census', CENSUS, 485_531, 0.477084561206, 0.001212636554],
  ])('and its standard error are those of PSPP and R: %s', (_name, table, people, value, error) => {
    const correlation = kendallTauB(table);
    expect(correlation?.pairs).toBe(people);
    expect(correlation?.value).toBeCloseTo(value, 11);
    expect(correlation?.standardError).toBeCloseTo(error, 9);
  });

  it('has Fisher’s interval: of pain by dose from 0.2060 to 0.4566', () => {
    // R 4.2.2: tanh(atanh(0.337256738) + c(-1, 1) * qnorm(0.975) * 0.064212259 / (1 - 0.337256738^2))
    const { interval } = kendallTauB(DOSES) ?? {};
    expect(interval?.low).toBeCloseTo(0.205997842, 8);
    expect(interval?.high).toBeCloseTo(0.45659401, 8);
  });

  it('has the standard error of the delta method, with derivatives of τb taken in small steps', () => {
    const people = DOSES.flat().reduce((sum, n) => sum + n, 0);
    const step = 1e-4;
    const moved = (row: number, column: number, by: number): number =>
      kendallTauB(DOSES.map((counts, r) => counts.map((n, c) => (r === row && c === column ? n + by : n))))
        ?.value ?? Number.NaN;
    let [first, second] = [0, 0];
    for (const [row, counts] of DOSES.entries())
      for (const [column, n] of counts.entries()) {
        const slope = (people * (moved(row, column, step) - moved(row, column, -step))) / (2 * step);
        first += (n / people) * slope;
        second += (n / people) * slope ** 2;
      }
    expect(kendallTauB(DOSES)?.standardError).toBeCloseTo(Math.sqrt((second - first ** 2) / people), 8);
  });

  it('covers the true correlation in 92 % to 97 % of samples of five levels, mostly 4 and 5, from 30 people on', () => {
    const random = randomNumbers(2026);
    for (const strength of [0.3, 0.7, 0.9]) {
      const truth = kendallTauB(randomTable(200_000, strength, random))?.value ?? Number.NaN;
      for (const people of [30, 150]) {
        let known = 0;
        let covered = 0;
        for (let sample = 0; sample < 1000; sample += 1) {
          const interval = kendallTauB(randomTable(people, strength, random))?.interval;
          if (!interval) continue;
          known += 1;
          if (interval.low <= truth && truth <= interval.high) covered += 1;
        }
        expect(known).toBeGreaterThan(950);
        expect(covered / known).toBeGreaterThan(0.92);
        expect(covered / known).toBeLessThan(0.975);
      }
    }
  });

  it('lies within −1 and 1 and within its interval, is the same both ways round and turns with the scale', () => {
    fc.assert(
      fc.property(someTable(), (table) => {
        const correlation = kendallTauB(table);
        const turned = kendallTauB(table.map((_, column) => table.map((row) => row[column] ?? 0)));
        const mirrored = kendallTauB([...table].reverse());
        if (!correlation) {
          expect(turned).toBeNull();
          return;
        }
        const { value, interval } = correlation;
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        if (interval) {
          expect(interval.low).toBeGreaterThanOrEqual(-1);
          expect(interval.low).toBeLessThanOrEqual(value + 1e-12);
          expect(interval.high).toBeGreaterThanOrEqual(value - 1e-12);
          expect(interval.high).toBeLessThanOrEqual(1);
        }
        expect(turned?.value).toBeCloseTo(value, 10);
        expect(turned?.standardError).toBeCloseTo(correlation.standardError, 6);
        expect(mirrored?.value).toBeCloseTo(-value, 10);
      }),
    );
  });

  it('is that of all pairs of people counted one by one', () => {
    const level = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level), { maxLength: 25 }), (people) => {
        let [surplus, differentItem, differentOther] = [0, 0, 0];
        for (const [index, [a, b]] of people.entries())
          for (const [c, d] of people.slice(index + 1)) {
            surplus += Math.sign((a - c) * (b - d));
            differentItem += Number(a !== c);
            differentOther += Number(b !== d);
          }
        const value = kendallTauB(crossTableOf(people))?.value;
        if (differentItem * differentOther === 0) expect(value).toBeUndefined();
        else expect(value).toBeCloseTo(surplus / Math.sqrt(differentItem * differentOther), 10);
      }),
    );
  });
});

describe('a cross table', () => {
  it('adds up number by number', () => {
    fc.assert(
      fc.property(someTable(), someTable(), (one, two) => {
        expect(mergedCrossTable([one, two])).toEqual(
          one.map((row, r) => row.map((n, c) => n + (two[r]?.[c] ?? 0))),
        );
      }),
    );
  });
});

/** SAS/STAT User's Guide, The FREQ Procedure, data set Pain: adverse response by five doses. */
const DOSES: CrossTable = [
  [26, 26, 23, 18, 9],
  [6, 7, 9, 14, 23],
];

const CANCER: CrossTable = [
  [2, 4, 29, 19],
  [7, 6, 116, 51],
  [19, 27, 201, 76],
  [18, 22, 133, 54],
];

const HEALTH: CrossTable = [
  [2, 3, 3, 3],
  [2, 58, 98, 14],
  [8, 162, 949, 252],
  [4, 48, 373, 369],
];

/** As many people as the largest round there was, mostly at 4 and 5; not from anywhere. */
const CENSUS: CrossTable = [
  [1200, 800, 500, 300, 200],
  [900, 2500, 2100, 1500, 700],
  [600, 2400, 9000, 12_000, 5000],
  [300, 1800, 11_000, 98_000, 61_000],
  [150, 700, 5200, 57_000, 210_681],
];

function pairs(times: number, item: number, other: number): [number, number][] {
  return Array.from({ length: times }, () => [item, other]);
}

function crossTableOf(people: readonly (readonly [number, number])[]): CrossTable {
  const table = [1, 2, 3, 4, 5].map(() => [0, 0, 0, 0, 0]);
  for (const [item, other] of people) {
    const row = table[item - 1];
    if (row) row[other - 1] = (row[other - 1] ?? 0) + 1;
  }
  return table;
}

function someTable(): fc.Arbitrary<CrossTable> {
  const row = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 20_000 })), { minLength: 5, maxLength: 5 });
  return fc.array(row, { minLength: 5, maxLength: 5 });
}

/** Two answers that share a normal feeling, cut into levels so that most are 4 or 5. */
function randomTable(people: number, strength: number, random: () => number): CrossTable {
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const level = (feeling: number): number => 1 + [-2, -1.6, -1.1, 0.2].filter((cut) => feeling > cut).length;
  return crossTableOf(
    Array.from({ length: people }, () => {
      const feeling = normal();
      return [level(feeling), level(strength * feeling + Math.sqrt(1 - strength ** 2) * normal())] as const;
    }),
  );
}
