import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pooled } from '../../server/statistics/pooled.js';
import type { Answers, Measure } from '../../server/statistics/tally.js';
import { measure, tallyOf } from './measure.js';

/** Another survey: it shares item A01 and factor A, and has a factor of its own. */
const other: Measure = {
  factors: [
    { code: 'A', items: ['A01'] },
    { code: 'C', items: ['C01'] },
  ],
  overall: 'F02',
  expectation: 'F01',
  flags: measure.flags,
};

describe('figures of nobody', () => {
  it.each([
    ['no tallies', new Pooled([])],
    ['a survey without responses', new Pooled([tallyOf([])])],
  ])('from %s are null, never NaN and never 0 %', (_name, pooled) => {
    for (const figure of [pooled.total, pooled.overall, pooled.factor('A'), pooled.item('A01')])
      expect(figure).toMatchObject({ people: 0, rate: null, mean: null });
    expect(pooled.expectation).toBeNull();
    expect(pooled.respondents).toEqual({ allFavourable: null, meanAtLeastFour: null });
    expect(pooled.responses).toBe(0);
  });
});

describe('pooled figures', () => {
  it('keep overall satisfaction apart from the factors, and each factor apart', () => {
    const pooled = new Pooled([
      tallyOf([
        { A01: 5, A02: 4, B01: 1, F01: 70, F02: 1 },
        { A01: 5, A02: 0, B01: 2, F01: 80, F02: 2 },
      ]),
      tallyOf([{ A01: 3, F02: 5 }]),
    ]);
    expect(pooled.responses).toBe(3);
    expect(pooled.total.rate).toMatchObject({ favourable: 3, answered: 6, people: 3 });
    expect(pooled.factor('A').rate).toMatchObject({ favourable: 3, answered: 4, people: 3 });
    expect(pooled.factor('B').rate).toMatchObject({ favourable: 0, answered: 2, people: 2 });
    expect(pooled.overall.rate).toMatchObject({ favourable: 1, answered: 3 });
    expect(pooled.itemCodes.map((code) => pooled.item(code).rate?.answered)).toEqual([3, 1, 2]);
    expect(pooled.expectation).toEqual({ kind: 'percentage', sum: 150, answered: 2, value: 75 });
    expect(pooled.total.distribution).toMatchObject({ answered: 6, asked: 9, noOpinion: { count: 1 } });
  });

  it('of different surveys pool what they share, and keep what only one asks', () => {
    const pooled = new Pooled([
      tallyOf([{ A01: 5, B01: 5, F01: 100 }, { A01: 4 }]),
      tallyOf([{ A01: 1, C01: 2, F01: 40 }], [], other),
    ]);
    expect(pooled.factorCodes).toEqual(['A', 'B', 'C']);
    expect(pooled.item('A01').rate).toMatchObject({ favourable: 2, answered: 3 });
    expect(pooled.factor('C').rate).toMatchObject({ favourable: 0, answered: 1 });
    expect(pooled.total.rate).toMatchObject({ favourable: 3, answered: 5, people: 3 });
    expect(pooled.expectation?.value).toBe(70);
    expect(pooled.answering('B01')).toBe(1);
  });

  it('do not depend on how people are put into groups', () => {
    const someone = fc.record(
      Object.fromEntries(['A01', 'A02', 'B01', 'F02'].map((code) => [code, fc.integer({ min: 0, max: 5 })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(someone, fc.nat({ max: 3 }))), (people) => {
        const answers = people.map(([each]) => each as Answers);
        const groups = [0, 1, 2, 3].map((group) =>
          tallyOf(people.filter(([, of]) => of === group).map(([each]) => each as Answers)),
        );
        const figuresOf = (pooled: Pooled) => [
          pooled.total,
          pooled.overall,
          pooled.respondents,
          pooled.drivers(),
          pooled.item('B01'),
        ];
        expect(figuresOf(new Pooled(groups))).toEqual(figuresOf(new Pooled([tallyOf(answers)])));
      }),
    );
  });
});
