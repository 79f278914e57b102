/** Figures are worked out again only where something has changed, and are the same as if all of them had been. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existingRound } from '../../server/http/existingRound.js';
import { resultsOf } from '../../server/results/resultsOf.js';
import { RoundFigures } from '../../server/results/roundFigures.js';
import { dropDatabase } from '../database.js';
import { storeMade } from '../exports/made.js';
import { openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { everyFigure } from './knowledge.js';
import { someProvince, talliesOfProvince } from './provinces.js';

describe('figures that take over what an earlier moment had worked out', () => {
  it('hide and show the same as figures worked out from nothing', () => {
    let takenOver = 0;
    fc.assert(
      fc.property(someProvince(), fc.integer({ min: 2, max: 8 }), fc.nat(), (province, minimum, seed) => {
        const survey = province.surveys[seed % province.surveys.length]?.id;
        const late = province.people.filter((one, at) => one.survey === survey && (at + seed) % 3 === 0);
        const early = { ...province, people: province.people.filter((one) => !late.includes(one)) };
        const before = new RoundFigures(province.round, talliesOfProvince(early), minimum);
        everyFigure(before);
        const tallies = talliesOfProvince(province);
        const figures = new RoundFigures(province.round, tallies, minimum, before.hiding);
        if (figures.hiding === before.hiding) return;
        if (late.length > 0) takenOver += 1;
        expect(everyFigure(figures)).toEqual(everyFigure(new RoundFigures(province.round, tallies, minimum)));
      }),
      { numRuns: 60 },
    );
    expect(takenOver).toBeGreaterThan(10);
  });
});

describe('the figures of a round with answers that are not counted yet', () => {
  let product: TestApp;
  let round: string;
  const place = () => ({ round, unit: 'U1', survey: 'parents-thcs', service: 'thcs' });

  beforeAll(async () => {
    product = await startTestApp();
    ({ round } = await openedRound(product, [unitRow('U1', ['thcs'])], { surveys: ['parents-thcs'] }));
    await storeMade(product.context, place(), 7, 1);
  });
  afterAll(dropDatabase);

  const figures = async () => resultsOf(product.context, await existingRound(round));

  it('are the same object until something comes', async () => {
    const first = await figures();
    expect(await figures()).toBe(first);
    await storeMade(product.context, place(), 1, 2);
    const second = await figures();
    expect(second).not.toBe(first);
    expect(second.summary('all:').responses).toBe(first.summary('all:').responses + 1);
    expect(await figures()).toBe(second);
  });
});
