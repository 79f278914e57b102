import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { allRounds } from '../../models/rounds.js';
import { prepareDemo } from '../../server/demo/data.js';
import { WHOLE } from '../../server/results/counts.js';
import { RoundFigures } from '../../server/results/roundFigures.js';
import { talliesOf } from '../../server/results/tallies.js';
import { dropDatabase } from '../database.js';
import { startTestApp } from '../http/testApp.js';
import { bounds, knowledge } from '../statistics/attacker.js';
import { everyFigure, found, peopleIn, type Told } from './knowledge.js';
import { type Province, someProvince, talliesOfProvince } from './provinces.js';

const RUNS = Number(process.env.PROVINCES ?? 400);
const someMinimum = fc.integer({ min: 2, max: 7 });

describe('somebody who has every figure that is shown of a round', () => {
  it('sees none that fewer than the minimum stand behind', () => {
    fc.assert(
      fc.property(someProvince(), someMinimum, (province, minimum) => {
        const figures = new RoundFigures(province.round, talliesOfProvince(province), minimum);
        const small = everyFigure(figures).told.filter((each) => isSmall(each, minimum));
        expect(small.filter(({ shown }) => shown)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds none of them by adding and subtracting, in random provinces', () => {
    fc.assert(
      fc.property(someProvince(), someMinimum, (province, minimum) => {
        const figures = new RoundFigures(province.round, talliesOfProvince(province), minimum);
        expect(found(everyFigure(figures), minimum)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds no sum of hidden ones either that so few people stand behind', () => {
    fc.assert(
      fc.property(someProvince(), someMinimum, (province, minimum) => {
        const figures = new RoundFigures(province.round, talliesOfProvince(province), minimum);
        const { told } = everyFigure(figures);
        for (const subject of ['total', 'overall', 'expectation']) {
          const about = told.filter(({ name }) => name.endsWith(` ${subject}`));
          // Of a total all items of a cell are one part here.
          const cellsOf = ({ parts }: Told) => [
            ...new Set(parts.map((part) => `${part.split(' ').slice(0, 2).join(' ')} cell`)),
          ];
          const counts = new Map<string, number>();
          for (const each of about) {
            counts.set(each.name, each.people);
            for (const cell of cellsOf(each)) counts.set(cell, peopleIn(figures, cell, subject));
          }
          const sums = about
            .filter(({ shown }) => shown)
            .map((each) => ({ total: each.name, parts: cellsOf(each) }));
          const single = new Set(sums.flatMap(({ parts }) => (parts.length === 1 ? parts : [])));
          const facts = knowledge(counts, sums, (key) => key.endsWith(' cell') && !single.has(key));
          for (const cell of facts.unknown) {
            const people = counts.get(cell) ?? 0;
            if (people > 0 && people < minimum)
              expect(bounds(facts, cell).most).toBeGreaterThanOrEqual(minimum);
          }
        }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  it('finds none either where more answers have come in and what was hidden is kept', () => {
    let kept = 0;
    fc.assert(
      fc.property(someProvince(), someMinimum, fc.double({ min: 0, max: 1 }), (province, minimum, share) => {
        const enough = Math.floor(share * province.people.length);
        const early = { ...province, people: province.people.slice(0, enough) };
        const before = new RoundFigures(province.round, talliesOfProvince(early), minimum);
        // What was shown before may have been noted down; what is hidden now must hold by itself.
        const figures = new RoundFigures(province.round, talliesOfProvince(province), minimum, before.hiding);
        if (figures.hiding === before.hiding) kept += 1;
        const known = everyFigure(figures);
        expect(known.told.filter((each) => isSmall(each, minimum) && each.shown)).toEqual([]);
        expect(found(known, minimum)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('finds none either where a single unit was answered for, as in a survey at one desk', () => {
    let told = 0;
    fc.assert(
      fc.property(someProvince(), someMinimum, ({ people, units, ...province }, minimum) => {
        const at = {
          ...province,
          units: units.slice(0, 1),
          people: people.flatMap((one) => atFirst(units, one)),
        };
        const figures = new RoundFigures(at.round, talliesOfProvince(at), minimum);
        const known = everyFigure(figures);
        expect(known.told.filter((each) => isSmall(each, minimum) && each.shown)).toEqual([]);
        expect(found(known, minimum)).toEqual([]);
        // Factors of groups that are shown although a column is hidden (wholeFactors.ts).
        const isLeftOut = figures.columns.some((column) => figures.summary(WHOLE, column).total.hidden);
        if (
          isLeftOut &&
          figures.ofGroups('channel').some(({ factors }) => factors.some(({ rate }) => rate !== null))
        )
          told += 1;
      }),
      { numRuns: RUNS },
    );
    expect(told).toBeGreaterThan(0);
  });

  it('would find some in most random provinces if only small ones were hidden', () => {
    let exposed = 0;
    let attacked = 0;
    for (const province of fc.sample(someProvince(), { numRuns: 60, seed: 5 })) {
      const { told, identities } = everyFigure(
        new RoundFigures(province.round, talliesOfProvince(province), 5),
      );
      if (!told.some((each) => isSmall(each, 5))) continue;
      attacked += 1;
      const shown = told.map((each) => ({ ...each, shown: !isSmall(each, 5) }));
      if (found({ told: shown, identities }, 5).length > 0) exposed += 1;
    }
    expect(exposed / attacked).toBeGreaterThan(0.5);
  });
});

describe('in the demonstration’s province', () => {
  afterAll(dropDatabase);

  it('nothing small is seen or found in any of its rounds', { timeout: 120_000 }, async () => {
    const { context } = await startTestApp();
    await prepareDemo(context);
    for (const round of await allRounds()) {
      const figures = new RoundFigures(round, await talliesOf(round), context.config.minimumRespondents);
      const known = everyFigure(figures);
      const small = known.told.filter((each) => isSmall(each, context.config.minimumRespondents));
      expect(small.length).toBeGreaterThan(0);
      expect(small.filter(({ shown }) => shown)).toEqual([]);
      expect(found(known, context.config.minimumRespondents)).toEqual([]);
      expect(known.told.filter(({ shown }) => shown).length / known.told.length).toBeGreaterThan(0.8);
    }
  });
});

/** A person of any unit as one of the first, where it offers what was answered. */
function atFirst([first]: Province['units'], person: Province['people'][number]) {
  return first?.offers.some(({ survey }) => survey === person.survey)
    ? [{ ...person, unit: first.unit }]
    : [];
}

function isSmall({ people }: Told, minimum: number): boolean {
  return people > 0 && people < minimum;
}
