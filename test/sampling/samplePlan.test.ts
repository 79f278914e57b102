import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SamplingParameters, STRATUM_KEYS } from '../../models/samplingDesign.js';
import { designFrom, strataOfRound } from '../../server/sampling/design.js';
import { drawNumber } from '../../server/sampling/draw.js';
import { isAsked, samplePlan } from '../../server/sampling/samplePlan.js';
import type { FrameUnit } from '../../server/sampling/strata.js';
import { plannedSample } from '../../server/statistics/sampleSize.js';

const LEVELS = ['mam-non', 'tieu-hoc', 'thcs', 'thpt'];
const NOBODY: ReadonlyMap<string, number> = new Map();

const parameters = (change: Partial<SamplingParameters> = {}): SamplingParameters => ({
  kind: 'sample',
  by: ['level'],
  precisionFor: 'round',
  margin: 0.05,
  confidence: 95,
  expected: 0.5,
  responseRate: 1,
  designEffect: 1,
  spread: 'proportional',
  minimum: 0,
  drawn: null,
  ...change,
});

const unit = (code: string, enrolment: number | null, change: Partial<FrameUnit> = {}): FrameUnit => ({
  unit: code,
  name: `Trường ${code}`,
  levels: ['thcs'],
  area: null,
  place: null,
  enrolment,
  ...change,
});

const units = fc
  .array(
    fc.record({
      levels: fc.subarray(LEVELS, { minLength: 1, maxLength: 2 }),
      area: fc.constantFrom('Đô thị', 'Nông thôn', null),
      place: fc.constantFrom(null, { code: 'XA1', name: 'Xã Một' }, { code: 'XA2', name: 'Xã Hai' }),
      enrolment: fc.oneof(fc.constantFrom(null, 0, 1, 3), fc.integer({ min: 1, max: 2000 })),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((list) => list.map((facts, at): FrameUnit => ({ ...unit(`T${at}`, 0), ...facts })));

const decided = fc.record({
  kind: fc.constantFrom('sample', 'census') as fc.Arbitrary<'sample' | 'census'>,
  by: fc.subarray([...STRATUM_KEYS]),
  precisionFor: fc.constantFrom('round', 'stratum') as fc.Arbitrary<'round' | 'stratum'>,
  margin: fc.constantFrom(0.01, 0.03, 0.05, 0.1),
  confidence: fc.constantFrom(90, 95, 99) as fc.Arbitrary<90 | 95 | 99>,
  expected: fc.constantFrom(0.5, 0.9),
  responseRate: fc.constantFrom(0.3, 0.5, 1),
  designEffect: fc.constantFrom(1, 1.5, 2),
  spread: fc.constantFrom('proportional', 'equal') as fc.Arbitrary<'proportional' | 'equal'>,
  minimum: fc.constantFrom(0, 5, 30),
  drawn: fc.constantFrom(null, 1, 3),
});

describe('a sample is as large as the published tables say', () => {
  // R. V. Krejcie & D. W. Morgan (1970), Educational and Psychological Measurement 30:607–610, table 1: χ² = 3.841,
  // P = 0.5, d = 0.05. The product's deviate is 1.959964, whose square is 3.8415.
  it.each([
    [100, 80],
    [500, 217],
    [1000, 278],
    [5000, 357],
    [10_000, 370],
    [20_000, 377],
    [75_000, 382],
    [1_000_000, 384],
  ])('Krejcie & Morgan: %d people, %d answers', (population, answers) => {
    const { strata } = samplePlan([unit('A', population)], parameters({ by: [] }), '', NOBODY, LEVELS);
    // The table is rounded to the nearest, a plan upwards.
    expect([answers, answers + 1]).toContain(strata[0]?.answers);
    expect(Math.round(sizeBeforeRounding(population))).toBe(answers);
  });

  it('Cochran (1977), §4.4: 1537 for ± 2.5 points at 95 % of very many, as 1.96² · 0.25 / 0.025² is 1536.6', () => {
    expect(plannedSample({ margin: 0.025, confidence: 95 }, Number.MAX_SAFE_INTEGER, 1)?.answers).toBe(1537);
  });

  // T. Yamane (1967), Statistics: An Introductory Analysis, 2nd ed.: n = N / (1 + N e²), which takes t = 2.
  it.each([
    [2000, 333],
    [10_000, 385],
  ])('Yamane’s rule of thumb asks a little more of %d people: %d', (population, answers) => {
    const yamane = population / (1 + population * 0.05 ** 2);
    expect(Math.round(yamane)).toBe(answers);
    const planned = plannedSample({ margin: 0.05, confidence: 95 }, population, 1)?.answers ?? 0;
    expect(planned).toBeLessThanOrEqual(Math.ceil(yamane));
    expect(planned / yamane).toBeGreaterThan((1.96 / 2) ** 2 - 0.01);
  });

  it('is twice as large where the design effect is 2, but never more than there are people', () => {
    const size = (people: number) =>
      plannedSample({ margin: 0.05, confidence: 95, designEffect: 2 }, people, 1)?.answers;
    expect(size(10_000)).toBe(740);
    expect(size(400)).toBe(393);
    expect(size(100)).toBe(100);
    expect(() => plannedSample({ margin: 0.05, confidence: 95, designEffect: 0.9 }, 100, 1)).toThrow(
      /design effect/,
    );
  });
});

describe('a sampling plan', () => {
  it('adds up, keeps the minimum, asks no unit for more people than it has and no stratum for too few', () => {
    fc.assert(
      fc.property(units, decided, (frame, chosen) => {
        const plan = samplePlan(frame, chosen, 'hạt giống', NOBODY, LEVELS);
        for (const stratum of plan.strata) {
          const members = plan.units.filter((one) => one.stratum === stratum.code);
          const drawn = members.filter((one) => one.drawn);
          const people = drawn.reduce((sum, one) => sum + (one.enrolment ?? 0), 0);
          const fewest = drawn.reduce((sum, one) => sum + Math.min(chosen.minimum, one.enrolment ?? 0), 0);
          const quotas = members.reduce((sum, one) => sum + (one.quota ?? 0), 0);
          expect(quotas).toBe(stratum.quota);
          expect(members.reduce((sum, one) => sum + (one.enrolment ?? 0), 0)).toBe(stratum.population);
          expect(stratum.answers).toBeLessThanOrEqual(stratum.population);
          if (chosen.kind === 'sample')
            expect(quotas).toBe(Math.min(people, Math.max(stratum.answers, fewest)));
          const missing = plan.short.find(({ code }) => code === stratum.code)?.missing ?? 0;
          expect(missing).toBe(Math.max(0, stratum.answers - quotas));
          for (const one of drawn) {
            expect(one.quota).toBeLessThanOrEqual(one.enrolment ?? 0);
            if (chosen.kind === 'sample')
              expect(one.quota).toBeGreaterThanOrEqual(Math.min(chosen.minimum, one.enrolment ?? 0));
            expect(one.forms).toBeLessThanOrEqual(one.enrolment ?? 0);
            expect(one.forms).toBeGreaterThanOrEqual(one.quota ?? 0);
          }
        }
        if (plan.overall) {
          const all = plan.strata.reduce((sum, { answers }) => sum + answers, 0);
          const least = plan.strata.reduce((sum, { population }) => sum + Math.min(2, population), 0);
          expect(all).toBe(Math.max(plan.overall.answers, least));
        }
      }),
    );
  });

  it('puts every unit whose enrolment is known into exactly one stratum, and names the others', () => {
    fc.assert(
      fc.property(units, decided, (frame, chosen) => {
        const plan = samplePlan(frame, chosen, '1', NOBODY, LEVELS);
        expect(plan.units.map((one) => one.unit).sort()).toEqual(frame.map((one) => one.unit).sort());
        const unknown = frame.filter(({ enrolment }) => !enrolment).map((one) => one.unit);
        expect(plan.unknown.map((one) => one.unit).sort()).toEqual(unknown.sort());
        const codes = new Set(plan.strata.map(({ code }) => code));
        for (const one of plan.units)
          expect(one.stratum !== null && codes.has(one.stratum)).toBe(Boolean(one.enrolment));
      }),
    );
  });

  it('is the same in whatever order the units come', () => {
    fc.assert(
      fc.property(
        units.chain((frame) =>
          fc.tuple(fc.constant(frame), fc.shuffledSubarray(frame, { minLength: frame.length })),
        ),
        decided,
        ([frame, shuffled], chosen) => {
          const byHand = new Map([['T0', 7]]);
          expect(samplePlan(shuffled, chosen, '1', byHand, LEVELS)).toEqual(
            samplePlan(frame, chosen, '1', byHand, LEVELS),
          );
        },
      ),
    );
  });

  it('takes a quota set by hand for that unit alone', () => {
    const frame = [unit('A', 400), unit('B', 600)];
    const before = samplePlan(frame, parameters(), '', NOBODY, LEVELS);
    const after = samplePlan(frame, parameters({ responseRate: 0.5 }), '', new Map([['A', 12]]), LEVELS);
    expect(after.units[0]).toMatchObject({
      quota: 12,
      forms: 24,
      byHand: true,
      computed: before.units[0]?.quota,
    });
    expect(after.units[1]).toMatchObject({ quota: before.units[1]?.quota, byHand: false });
    expect(after.strata[0]?.quota).toBe(12 + (before.units[1]?.quota ?? 0));
  });

  it('says which units cannot bring their quota at the expected response rate', () => {
    const frame = [unit('A', 30), unit('B', 3000)];
    const plan = samplePlan(frame, parameters({ minimum: 20, responseRate: 0.5 }), '', NOBODY, LEVELS);
    expect(plan.units.map(({ reachable }) => reachable)).toEqual([false, true]);
    expect(plan.units[0]).toMatchObject({ quota: 20, forms: 30 });
  });

  it('of everybody hands a form to everybody and expects what the response rate says', () => {
    const plan = samplePlan(
      [unit('A', 31)],
      parameters({ kind: 'census', responseRate: 0.7 }),
      '',
      NOBODY,
      LEVELS,
    );
    expect(plan.units[0]).toMatchObject({ quota: 22, forms: 31, reachable: true });
    expect(plan.strata[0]).toMatchObject({ answers: 22, quota: 22, forms: 31 });
  });

  it('asks at least two people of each stratum, so that its spread is known', () => {
    const frame = [
      unit('A', 10_000),
      unit('B', 9, { levels: ['thpt'] }),
      unit('C', 1, { levels: ['mam-non'] }),
    ];
    const { strata } = samplePlan(frame, parameters({ margin: 0.1 }), '', NOBODY, LEVELS);
    expect(strata.map(({ population, answers }) => [population, answers])).toEqual([
      [1, 1],
      [10_000, 93],
      [9, 2],
    ]);
  });

  it('keeps strata in the order of levels, single ones first, and what is not known last', () => {
    const frame = [
      unit('A', 9, { levels: ['tieu-hoc', 'thcs'] }),
      unit('B', 9, { levels: ['thpt'] }),
      unit('C', 9, { levels: ['mam-non'] }),
      unit('D', 9, { levels: ['mam-non'], area: 'Miền núi' }),
    ];
    const { strata } = samplePlan(frame, parameters({ by: ['level', 'area'] }), '', NOBODY, LEVELS);
    expect(strata.map(({ parts }) => parts.map(({ value }) => value))).toEqual([
      ['mam-non', 'Miền núi'],
      ['mam-non', ''],
      ['thpt', ''],
      ['tieu-hoc|thcs', ''],
    ]);
  });
});

describe('a draw', () => {
  it('takes so many schools of each level in each stratum, or all where there are fewer', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 4 }), fc.string(), (frame, drawn, seed) => {
        const plan = samplePlan(frame, parameters({ by: ['area'], drawn }), seed, NOBODY, LEVELS);
        const cells = new Map<string, { all: number; drawn: number }>();
        for (const one of plan.units.filter(({ stratum }) => stratum !== null)) {
          const cell = cells.get(one.cell) ?? { all: 0, drawn: 0 };
          cells.set(one.cell, { all: cell.all + 1, drawn: cell.drawn + Number(one.drawn) });
          if (!one.drawn) expect(one).toMatchObject({ quota: 0 });
        }
        for (const cell of cells.values()) expect(cell.drawn).toBe(Math.min(cell.all, drawn));
      }),
    );
  });

  it('is decided by the SHA-256 of seed and code, which anybody can compute', () => {
    // printf %s 123456789/QN001 | sha256sum
    expect(drawNumber('123456789', 'QN001')).toBe(
      '3e6f38392cbdd4383f7a23cb650b8191147663244a4e85643c77fa5ea6c52a2f',
    );
  });

  it('takes every school equally often over many seeds', () => {
    const frame = Array.from({ length: 8 }, (_, at) => unit(`QN00${at}`, 100));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++)
      for (const one of samplePlan(frame, parameters({ drawn: 2 }), String(seed), NOBODY, LEVELS).units)
        if (one.drawn) times.set(one.unit, (times.get(one.unit) ?? 0) + 1);
    // Binomial with 2000 and 1/4: 500 ± 4.5 standard deviations of 19.4.
    for (const one of frame) expect(Math.abs((times.get(one.unit) ?? 0) - 500)).toBeLessThan(88);
  });

  it('moves at most one school of a group when one joins the list', () => {
    const frame = Array.from({ length: 20 }, (_, at) => unit(`T${at}`, 100));
    const drawn = (list: FrameUnit[]) =>
      samplePlan(list, parameters({ drawn: 4 }), 'x', NOBODY, LEVELS)
        .units.filter((one) => one.drawn)
        .map((one) => one.unit);
    const before = drawn(frame);
    const after = drawn([...frame, unit('NEW', 100)]);
    expect(after.filter((one) => !before.includes(one)).length).toBeLessThanOrEqual(1);
  });

  it('leaves a school out unless somebody adds it by hand', () => {
    const frame = Array.from({ length: 5 }, (_, at) => unit(`T${at}`, 100));
    const plan = samplePlan(frame, parameters({ drawn: 2 }), 'x', NOBODY, LEVELS);
    expect(plan.units.filter(isAsked)).toHaveLength(2);
    const left = plan.units.find((one) => !one.drawn)?.unit ?? '';
    const more = samplePlan(frame, parameters({ drawn: 2 }), 'x', new Map([[left, 9]]), LEVELS);
    expect(more.units.filter(isAsked)).toHaveLength(3);
    expect(more.strata[0]).toMatchObject({ units: 5, asked: 3, population: 500 });
  });
});

describe('a design', () => {
  const decided = { day: '2026-10-01' as never, account: 'vanphong' };

  it('gives the enrolment of all units of a stratum, and those that were asked', () => {
    const list = [unit('A', 100), unit('B', 300), unit('C', 50, { levels: ['thpt'] }), unit('D', null)];
    const chosen = parameters();
    const plan = samplePlan(list, chosen, '', NOBODY, LEVELS);
    const design = designFrom(chosen, null, plan, decided);
    expect(strataOfRound({ design }, plan.units.filter(isAsked))).toEqual({
      drawn: false,
      strata: [
        { population: 400, units: 2, members: ['A', 'B'] },
        { population: 50, units: 1, members: ['C'] },
      ],
    });
    expect(strataOfRound({ design: null }, plan.units)).toBeNull();
  });

  it('gives what schools were drawn among, and a school added to them apart', () => {
    const list = [
      ...[1, 2, 3, 4].map((at) => unit(`T${at}`, 100 * at)),
      ...[5, 6].map((at) => unit(`T${at}`, 100 * at, { levels: ['thpt'] })),
      unit('D', null),
    ];
    // One stratum, in which schools of each level are drawn by themselves.
    const chosen = parameters({ by: [], drawn: 1 });
    const first = samplePlan(list, chosen, 's', NOBODY, LEVELS);
    const [added] = first.units.filter(
      (one) => one.levels[0] === 'thcs' && !one.drawn && one.stratum !== null,
    );
    const byHand = new Map([[added?.unit ?? '', 20]]);
    const plan = samplePlan(list, chosen, 's', byHand, LEVELS);
    const design = designFrom(chosen, 's', plan, decided);
    const frame = plan.units.map(({ unit: code, name, stratum, cell, enrolment, drawn }) => ({
      unit: code,
      frame: { name, stratum, cell, enrolment, drawn },
    }));
    const asked = plan.units.filter(isAsked);
    const known = asked.filter(({ stratum }) => stratum !== null).map(({ unit: code }) => code);
    const { drawn, strata = [] } = strataOfRound({ design }, asked, frame) ?? {};
    expect(drawn).toBe(true);
    const alone = { population: added?.enrolment, units: 1, members: [added?.unit] };
    expect(strata.toSorted((one, other) => one.units - other.units)).toEqual([
      alone,
      { population: 1100, units: 2, members: known.filter((code) => 'T5T6'.includes(code)) },
      {
        population: 1000 - (added?.enrolment ?? 0),
        units: 3,
        members: known.filter((code) => 'T1T2T3T4'.includes(code) && code !== added?.unit),
      },
    ]);
    expect(strata.flatMap(({ members }) => members).toSorted()).toEqual(known.toSorted());
  });
});

function sizeBeforeRounding(population: number): number {
  const unlimited = (3.841 * 0.25) / 0.05 ** 2;
  return unlimited / (1 + (unlimited - 1) / population);
}
