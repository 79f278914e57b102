import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pooled } from '../../server/statistics/pooled.js';
import { type Answers, mergeInto, NO_OPINION, Tally } from '../../server/statistics/tally.js';
import { measure, tallyOf } from './measure.js';

const CODES = ['A01', 'A02', 'B01'];

describe('a tally refuses', () => {
  it('to be merged with the tally of another survey', () => {
    const other = new Tally({ ...measure, factors: [{ code: 'A', items: ['A01'] }] });
    expect(() => mergeInto(new Tally(measure), other)).toThrow(/different surveys: no item A02/);
    expect(() => mergeInto(other, new Tally(measure))).toThrow(/different surveys/);
  });

  it('counts that are not of its survey, and questions about items and factors it has not', () => {
    expect(() => new Tally(measure, new Float64Array(3))).toThrow(/3 counts are no tally/);
    const tally = new Tally(measure);
    expect(() => tally.item('C01')).toThrow(/no item C01/);
    expect(() => tally.pairs('C01')).toThrow(/no item C01/);
    expect(() => tally.answersByPerson('C')).toThrow(/no factor C/);
  });

  it('a flag it does not know, which would be lost', () => {
    expect(() => tallyOf([{}], [['slow']])).toThrow(/unknown flag slow/);
  });

  it('to take for a level what is none', () => {
    const tally = tallyOf([{ A01: 6 }, { A01: -1 }, { A01: 4.5 }, { A01: '5' }, { A01: [5] }, { A01: null }]);
    expect(tally.item('A01')).toEqual({ levels: [0, 0, 0, 0, 0], noOpinion: 0, blank: 6 });
    expect(tally.respondents.people).toBe(0);
  });
});

describe('a tally', () => {
  it('counts every level, no opinion and blanks apart', () => {
    const tally = tallyOf([{ A01: 1 }, { A01: 5 }, { A01: 5 }, { A01: NO_OPINION }, {}, { A02: 3 }]);
    expect(tally.responses).toBe(6);
    expect(tally.item('A01')).toEqual({ levels: [1, 0, 0, 0, 2], noOpinion: 1, blank: 2 });
    expect(tally.item('A02')).toEqual({ levels: [0, 0, 1, 0, 0], noOpinion: 0, blank: 5 });
  });

  it('counts the expectation of those who gave one; 0 % is an answer', () => {
    expect(tallyOf([{ F01: 0 }, { F01: 90 }, {}]).expectation).toEqual({ sum: 90, answered: 2 });
  });

  it('counts the responses with each flag, and nothing else differently', () => {
    const people = [{ A01: 5 }, { A01: 2 }, {}];
    const flagged = tallyOf(people, [['fast', 'same'], ['same'], []]);
    const plain = tallyOf(people);
    expect(measure.flags.map((flag) => flagged.flagged(flag))).toEqual([0, 1, 2]);
    expect(measure.flags.map((flag) => plain.flagged(flag))).toEqual([0, 0, 0]);
    expect(flagged.item('A01')).toEqual(plain.item('A01'));
    expect(flagged.answersByPerson()).toEqual(plain.answersByPerson());
  });

  it('counts who gave nothing but 4 and 5, and whose mean is 4 or more', () => {
    const one = { people: 1, allFavourable: 1, meanAtLeastFour: 1 };
    expect(tallyOf([{ A01: 5, A02: 4, B01: 4 }]).respondents).toEqual(one);
    expect(tallyOf([{ A01: 5, A02: 5, B01: 2 }]).respondents).toEqual({ ...one, allFavourable: 0 });
    expect(tallyOf([{ A01: 4, A02: 4, B01: 3 }]).respondents).toEqual({
      people: 1,
      allFavourable: 0,
      meanAtLeastFour: 0,
    });
    expect(tallyOf([{ A01: 4, A02: 0, F02: 1 }]).respondents).toEqual(one);
    expect(tallyOf([{}, { A01: 0 }, { F02: 5 }]).respondents.people).toBe(0);
  });

  it('counts how alike the answers of one person are, over all factors and in each', () => {
    const tally = tallyOf([{ A01: 5, A02: 4, B01: 1 }, { A01: 2 }, { F02: 5 }]);
    expect(tally.answersByPerson()).toEqual({
      people: 2,
      answered: 4,
      favourable: 2,
      answeredSquared: 9 + 1,
      product: 6,
      favourableSquared: 4,
    });
    expect(tally.answersByPerson('B')).toEqual({
      people: 1,
      answered: 1,
      favourable: 0,
      answeredSquared: 1,
      product: 0,
      favourableSquared: 0,
    });
  });

  it('counts pairs with overall satisfaction of whoever gave a level to both', () => {
    const tally = tallyOf([
      { A01: 5, F02: 4 },
      { A01: 0, F02: 4 },
      { A01: 5 },
      { F02: 5 },
      { A01: 6, F02: 1 },
    ]);
    expect(
      tally
        .pairs('A01')
        .flat()
        .reduce((sum, n) => sum + n, 0),
    ).toBe(1);
    expect(tally.pairs('A01')[4]?.[3]).toBe(1);
  });

  it('is the same counted at once or in parts, merged in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(someAnswers(), fc.nat({ max: 4 }), someFlags()), { maxLength: 60 }),
        (people) => {
          const parts = [0, 1, 2, 3, 4].map((part) =>
            tallyOf(
              people.filter(([, group]) => group === part).map(([answers]) => answers),
              people.filter(([, group]) => group === part).map(([, , flags]) => flags),
            ),
          );
          const [a, b, c, d, e] = parts as [Tally, Tally, Tally, Tally, Tally];
          const atOnce = tallyOf(
            people.map(([answers]) => answers),
            people.map(([, , flags]) => flags),
          );
          expect(merged(a, b, c, d, e).counts).toEqual(atOnce.counts);
          expect(merged(e, merged(d, c), merged(b, a)).counts).toEqual(atOnce.counts);
        },
      ),
    );
  });

  it('gives what a plain recount of the answers gives, in every figure', () => {
    fc.assert(
      fc.property(fc.array(someAnswers(), { maxLength: 60 }), (people) => {
        const levelsOf = (answers: Answers) =>
          CODES.map((code) => answers[code]).filter((level): level is number => Number(level) > 0);
        const given = people.map(levelsOf);
        const all = given.flat();
        const tally = tallyOf(people);
        const { total, responses, respondents } = new Pooled([tally]);
        expect(responses).toBe(people.length);
        expect(total.rate?.answered ?? 0).toBe(all.length);
        expect(total.rate?.favourable ?? 0).toBe(all.filter((level) => level >= 4).length);
        expect(total.mean?.sum ?? 0).toBe(all.reduce((sum, level) => sum + level, 0));
        expect(total.people).toBe(given.filter(({ length }) => length > 0).length);
        const sum = (of: (x: number, y: number) => number) =>
          given.reduce(
            (so, levels) => so + of(levels.length, levels.filter((level) => level >= 4).length),
            0,
          );
        expect(tally.answersByPerson()).toMatchObject({
          answeredSquared: sum((x) => x * x),
          product: sum((x, y) => x * y),
          favourableSquared: sum((_, y) => y * y),
        });
        expect(respondents.allFavourable?.favourable ?? 0).toBe(
          given.filter((levels) => levels.length > 0 && levels.every((level) => level >= 4)).length,
        );
        expect(respondents.meanAtLeastFour?.favourable ?? 0).toBe(
          given.filter(
            (levels) => levels.length > 0 && levels.reduce((so, level) => so + level, 0) >= 4 * levels.length,
          ).length,
        );
        for (const code of CODES) {
          const { levels, noOpinion, blank } = tally.item(code);
          expect(levels.reduce((a, b) => a + b, 0) + noOpinion + blank).toBe(people.length);
          const pairs = [1, 2, 3, 4, 5].map((level) =>
            [1, 2, 3, 4, 5].map(
              (overall) => people.filter((each) => each[code] === level && each.F02 === overall).length,
            ),
          );
          expect(tally.pairs(code)).toEqual(pairs);
        }
      }),
    );
  });
});

function merged(...tallies: readonly Tally[]): Tally {
  const all = new Tally(measure);
  for (const tally of tallies) mergeInto(all, tally);
  return all;
}

function someFlags(): fc.Arbitrary<string[]> {
  return fc.subarray(['burst', 'fast', 'same']);
}

/** Answers with blanks (no entry) and no opinion (0). */
function someAnswers(): fc.Arbitrary<Answers> {
  const level = fc.integer({ min: NO_OPINION, max: 5 });
  return fc.record(
    {
      A01: level,
      A02: level,
      B01: level,
      F01: fc.integer({ min: 0, max: 10 }).map((n) => n * 10),
      F02: level,
    },
    { requiredKeys: [] },
  );
}
