import fc from 'fast-check';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { roundByCode } from '../../models/rounds.js';
import { countedDays } from '../../server/progress/countedDays.js';
import { unitProgress } from '../../server/progress/unitProgress.js';
import { dropDatabase } from '../database.js';
import { openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { storeOnDay } from './answered.js';

let product: TestApp;
let round: string;

beforeAll(async () => {
  product = await startTestApp('2026-10-05');
  ({ round } = await openedRound(product, [
    { ...unitRow('Q1', ['thpt']), enrolment: 20 },
    unitRow('Q2', ['thcs']),
  ]));
});
afterAll(dropDatabase);

describe('the progress of a unit', () => {
  it('is none where the unit does not take part', async () => {
    expect(await progressOf('Q9')).toBeNull();
  });

  it('has every day up to now, and no answer, before anybody answered', async () => {
    const progress = await progressOf('Q1');
    expect(progress).toMatchObject({
      received: 0,
      quota: null,
      ofQuota: null,
      ofEnrolment: 0,
      missing: null,
    });
    expect(progress?.days.map(({ day }) => day)).toEqual(
      ['01', '02', '03', '04', '05'].map((day) => `2026-10-${day}`),
    );
    expect(progress?.surveys.map(({ id }) => id)).toEqual(['parents-thpt', 'students-thpt']);
  });

  it('counts every answer once, by survey and by day', async () => {
    await add('Q1', 'parents-thpt', '2026-10-02', 2);
    await add('Q1', 'students-thpt', '2026-10-02', 1);
    await add('Q1', 'students-thpt', '2026-10-05', 2);
    await add('Q2', 'parents-thcs', '2026-10-05', 7);
    const progress = await progressOf('Q1');
    expect(progress).toMatchObject({ received: 5, ofEnrolment: 0.25 });
    expect(progress?.days.map(({ responses }) => responses)).toEqual([0, 3, 0, 0, 2]);
    expect(progress?.surveys.map(({ responses }) => responses)).toEqual([2, 3]);
  });

  it('is measured against its quota', async () => {
    await mongoose.connection
      .collection('roundUnits')
      .updateOne({ _id: `${round}/Q1` as never }, { $set: { quota: 4, forms: 6 } });
    expect(await progressOf('Q1')).toMatchObject({ quota: 4, forms: 6, ofQuota: 1.25, missing: 0 });
  });

  it('sees at once what an import adds to a day long over, or to a day outside the round', async () => {
    await progressOf('Q1');
    await add('Q1', 'parents-thpt', '2026-10-01', 1);
    await add('Q1', 'parents-thpt', '2026-09-20', 1);
    const progress = await progressOf('Q1');
    expect(progress?.received).toBe(7);
    expect(progress?.days.slice(0, 3)).toEqual([
      { day: '2026-09-20', responses: 1 },
      { day: '2026-10-01', responses: 1 },
      { day: '2026-10-02', responses: 3 },
    ]);
  });
});

describe('the days of a round', () => {
  it('are those of a recount, whatever is added, read and asked at once', async () => {
    const days = ['2026-09-30', '2026-10-01', '2026-10-03', '2026-10-05', '2026-10-06'];
    const step = fc.record({
      unit: fc.constantFrom('Q1', 'Q2'),
      day: fc.constantFrom(...days),
      count: fc.integer({ min: 0, max: 3 }),
      readers: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const { unit, day, count, readers } of steps) {
          const reads = Array.from({ length: readers }, () => countedDays(round, '2026-10-05' as Day));
          await add(unit, unit === 'Q1' ? 'parents-thpt' : 'parents-thcs', day, count);
          await Promise.all(reads);
        }
        const { days: counted, total } = await countedDays(round, '2026-10-05' as Day);
        const flat = counted.flatMap(({ day, counts }) =>
          [...counts].flatMap(([survey, units]) =>
            [...units].map(([unit, responses]) => `${day} ${survey} ${unit} ${responses}`),
          ),
        );
        const stored = await mongoose.connection.collection('responses').find({ round }).toArray();
        const recount = new Map<string, number>();
        for (const { day, survey, unit } of stored) {
          const key = `${day} ${survey} ${unit}`;
          recount.set(key, (recount.get(key) ?? 0) + 1);
        }
        expect(flat.sort()).toEqual([...recount].map(([key, count]) => `${key} ${count}`).sort());
        expect(total).toBe(stored.length);
      }),
      { numRuns: 25 },
    );
  });
});

async function progressOf(unit: string) {
  const found = await roundByCode(round);
  return found && unitProgress(product.context, found, unit);
}

/** Stores so many responses of one unit and day. */
function add(unit: string, survey: string, day: string, count: number): Promise<void> {
  return storeOnDay({ round, unit, survey, service: unit === 'Q1' ? 'thpt' : 'thcs' }, day, count);
}
