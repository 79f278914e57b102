import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../server/statistics/rate.js';
import {
  type Answers,
  addResponse,
  emptyTally,
  mergeInto,
  NO_OPINION,
  type Tally,
} from '../../server/statistics/tally.js';
import { measure } from './measure.js';

describe('a tally refuses', () => {
  it('to be merged with the tally of another survey', () => {
    const other = emptyTally({ ...measure, factors: [{ code: 'A', items: ['A01'] }] });
    expect(() => mergeInto(emptyTally(measure), other)).toThrow(/different surveys: no item A02/);
  });

  it('to be summarised by the measure of another survey', () => {
    const wider = { ...measure, factors: [{ code: 'C', items: ['C01'] }] };
    expect(() => summarise(emptyTally(measure), wider)).toThrow(/no item C01/);
  });

  it('to take for a level what is none', () => {
    const tally = tallyOf([{ A01: 6 }, { A01: -1 }, { A01: 4.5 }, { A01: '5' }, { A01: [5] }, { A01: null }]);
    expect(tally.items.get('A01')).toEqual({ levels: [0, 0, 0, 0, 0], noOpinion: 0, blank: 6 });
  });
});

describe('a tally', () => {
  it('counts every level, no opinion and blanks apart', () => {
    const tally = tallyOf([{ A01: 1 }, { A01: 5 }, { A01: 5 }, { A01: NO_OPINION }, {}, { A02: 3 }]);
    expect(tally.responses).toBe(6);
    expect(tally.items.get('A01')).toEqual({ levels: [1, 0, 0, 0, 2], noOpinion: 1, blank: 2 });
    expect(tally.items.get('A02')).toEqual({ levels: [0, 0, 1, 0, 0], noOpinion: 0, blank: 5 });
  });

  it('counts the expectation of those who gave one; 0 % is an answer', () => {
    expect(tallyOf([{ F01: 0 }, { F01: 90 }, {}]).expectation).toEqual({ sum: 90, answered: 2 });
  });

  it('counts the responses with each flag, and nothing else differently', () => {
    const people = [{ A01: 5 }, { A01: 2 }, {}];
    const { flags, ...counts } = tallyOf(people, [['fast', 'same'], ['same'], []]);
    const { flags: none, ...unflagged } = tallyOf(people);
    expect(Object.fromEntries(flags)).toEqual({ fast: 1, same: 2 });
    expect(none.size).toBe(0);
    expect(counts).toEqual(unflagged);
  });

  it('ignores answers to what it does not measure', () => {
    expect(tallyOf([{ Z01: 5, comment: 'rất tốt' }]).items.has('Z01')).toBe(false);
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
          expect(merged(a, b, c, d, e)).toEqual(atOnce);
          expect(merged(e, merged(d, c), merged(b, a))).toEqual(atOnce);
        },
      ),
    );
  });

  it('gives what a plain recount of the answers gives', () => {
    fc.assert(
      fc.property(fc.array(someAnswers(), { maxLength: 60 }), (people) => {
        const levels = people.flatMap((answers) => ['A01', 'A02', 'B01'].map((code) => answers[code]));
        const given = levels.filter((level) => typeof level === 'number' && level > 0) as number[];
        const { total, responses, items } = summarise(tallyOf(people), measure);
        expect(responses).toBe(people.length);
        expect(total.rate?.answered ?? 0).toBe(given.length);
        expect(total.rate?.favourable ?? 0).toBe(given.filter((level) => level >= 4).length);
        expect(total.mean?.sum ?? 0).toBe(given.reduce((sum, level) => sum + level, 0));
        for (const { counts } of items)
          expect(counts.levels.reduce((a, b) => a + b, 0) + counts.noOpinion + counts.blank).toBe(
            people.length,
          );
      }),
    );
  });
});

function tallyOf(people: readonly Answers[], flags: readonly string[][] = []): Tally {
  const tally = emptyTally(measure);
  for (const [person, answers] of people.entries()) addResponse(tally, measure, answers, flags[person]);
  return tally;
}

function merged(...tallies: readonly Tally[]): Tally {
  const all = emptyTally(measure);
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
