/** Provinces made up for tests that need no database: units in a tree, what each offers, and the answers of people. */
import fc from 'fast-check';
import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { groupsOf } from '../../server/results/groups.js';
import { measureOf } from '../../server/results/measure.js';
import type { RoundTallies } from '../../server/results/tallies.js';
import { type Answers, addIncrements, incrementsOf, Tally } from '../../server/statistics/tally.js';
import type { Item, Survey } from '../../surveys/schema.js';

/** One person: where, what was answered, by which channel and when. */
interface Person {
  readonly unit: string;
  readonly survey: string;
  readonly channel: 'link' | 'qr' | 'paper';
  readonly day: Day;
  readonly answers: Answers;
}

export interface Province {
  readonly round: Pick<Round, 'services' | 'surveys' | 'continuous'>;
  readonly surveys: readonly Survey[];
  readonly units: readonly RoundUnit[];
  readonly people: readonly Person[];
}

const text = (vi: string) => ({ vi, en: vi });
const likert = (code: string): Item => ({
  code,
  kind: 'likert',
  text: text(code),
  required: false,
  noOpinion: true,
});

/** Three small surveys: two on one service, one on another; the last with a factor of a single item. */
const SURVEYS: readonly Survey[] = [
  survey('parents', 'thpt', { A: ['A01', 'A02'], B: ['B01', 'B02', 'B03'] }),
  survey('students', 'thpt', { A: ['A01', 'A02'], B: ['B01', 'B02'] }),
  survey('others', 'gdtx', { A: ['A01'], B: ['B01', 'B02'] }),
];

function survey(id: string, service: string, factors: Record<string, string[]>): Survey {
  return {
    id,
    version: 1,
    subject: 'education',
    respondent: 'parent',
    services: [service],
    title: text(id),
    audience: text(id),
    introduction: text(id),
    minutes: 1,
    sections: [
      ...Object.entries(factors).map(([code, items]) => ({
        code,
        role: 'factor' as const,
        title: text(code),
        items: items.map(likert),
      })),
      {
        code: 'G',
        role: 'overall',
        title: text('G'),
        items: [
          likert('G01'),
          { code: 'G02', kind: 'percentage', text: text('G02'), required: false, step: 10 },
        ],
      },
      {
        code: 'H',
        role: 'respondent',
        title: text('H'),
        items: [
          {
            code: 'H01',
            kind: 'single',
            text: text('H01'),
            required: false,
            options: ['one', 'two', 'three'].map((code) => ({ code, text: text(code) })),
          },
        ],
      },
    ],
  };
}

const ROUND: Province['round'] = {
  continuous: true,
  surveys: SURVEYS.map(({ id }) => ({ id, version: 1, hash: '' })),
  services: ['thpt', 'gdtx'].map((code) => ({ code, kind: 'education', name: text(code) })),
};

/** Up to eight units on up to three levels, most with few people, many of whom leave items out. */
export function someProvince(): fc.Arbitrary<Province> {
  const answer = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constantFrom(0, null));
  const group = fc.record({
    unit: fc.nat(7),
    survey: fc.nat(2),
    size: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 14 })),
    // What most of the group answer to each item in turn; null leaves it out.
    answers: fc.array(answer, { minLength: 5, maxLength: 5 }),
    seed: fc.nat(),
  });
  return fc
    .record({
      parents: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      areas: fc.array(fc.constantFrom('town', 'country', null), { minLength: 8, maxLength: 8 }),
      offers: fc.array(fc.subarray([0, 1, 2], { minLength: 1 }), { minLength: 8, maxLength: 8 }),
      enrolments: fc.array(fc.constantFrom(40, 90, 300), { minLength: 8, maxLength: 8 }),
      groups: fc.array(group, { minLength: 1, maxLength: 14 }),
    })
    .map(({ parents, areas, offers, enrolments, groups }) => {
      const above = parents.map((n, unit) => (unit === 0 || n % 3 === 0 ? -1 : n % unit));
      const pathOf = (unit: number): string[] => {
        const parent = above[unit] ?? -1;
        return parent < 0 ? [] : [...pathOf(parent), `u${parent}`];
      };
      const units = parents.map(
        (_, unit): RoundUnit => ({
          _id: `r/u${unit}`,
          round: 'r',
          unit: `u${unit}`,
          name: `u${unit}`,
          path: pathOf(unit),
          levels: [],
          enrolment: enrolments[unit] ?? null,
          area: areas[unit] ?? null,
          kind: 'school',
          predecessors: [],
          stratum: null,
          pathNames: [],
          linkCode: '',
          offers: (offers[unit] ?? []).flatMap((index) => {
            const one = SURVEYS[index];
            return one ? [{ survey: one.id, service: one.services[0] ?? '' }] : [];
          }),
          quota: null,
          forms: null,
        }),
      );
      const people = groups.flatMap(({ unit, survey: index, size, answers, seed }) => {
        const offered = units[unit]?.offers ?? [];
        const id = offered[index % Math.max(1, offered.length)]?.survey;
        const asked = SURVEYS.find((one) => one.id === id);
        if (!asked) return [];
        return Array.from({ length: size }, (_, person) =>
          personOf(`u${unit}`, asked, answers, seed + person),
        );
      });
      return { round: ROUND, surveys: SURVEYS, units, people };
    });
}

function personOf(unit: string, asked: Survey, given: readonly (number | null)[], seed: number): Person {
  const answers: Record<string, number | string> = {};
  const codes = asked.sections.flatMap(({ items }) => items).map(({ code }) => code);
  for (const [at, code] of codes.entries()) {
    const mixed = (seed * 31 + at * 17) % 7;
    const level = given[at % given.length];
    if (code === 'H01') answers.H01 = ['one', 'two', 'three'][seed % 3] ?? 'one';
    else if (code === 'G02') answers.G02 = 10 * (seed % 11);
    else if (level !== null && level !== undefined) answers[code] = mixed < 2 ? 1 + (seed % 5) : level;
    else if (mixed === 0) answers[code] = 4;
  }
  return {
    unit,
    survey: asked.id,
    channel: (['link', 'qr', 'paper'] as const)[seed % 3] ?? 'link',
    day: (['2026-03-31', '2026-04-01', '2026-12-31'] as Day[])[seed % 4] ?? ('2026-07-15' as Day),
    answers,
  };
}

/** The tallies of a province, as they would be read from the database. */
export function talliesOfProvince({ round, surveys, units, people }: Province): RoundTallies {
  const byId = new Map(surveys.map((each) => [each.id, each]));
  const cells = units.flatMap((unit) =>
    unit.offers.flatMap(({ survey: id, service }) => {
      const asked = byId.get(id);
      return asked ? [{ unit, service, survey: asked, tally: new Tally(measureOf(asked)) }] : [];
    }),
  );
  const groups = new Map<string, RoundTallies['groups'][number]>();
  for (const person of people) {
    const { unit, survey: id, answers } = person;
    const cell = cells.find((each) => each.unit.unit === unit && each.survey.id === id);
    if (!cell) throw new Error('nobody answers what is not offered');
    const increments = incrementsOf(measureOf(cell.survey), answers);
    addIncrements(cell.tally, increments);
    const attributes = cell.survey.sections
      .flatMap(({ items }) => items)
      .filter((item) => item.kind === 'single');
    for (const group of groupsOf(round, attributes, person)) {
      const key = `${id} ${cell.service} ${group}`;
      const found = groups.get(key) ?? {
        service: cell.service,
        survey: cell.survey,
        group,
        tally: new Tally(measureOf(cell.survey)),
      };
      groups.set(key, found);
      addIncrements(found.tally, increments);
    }
  }
  return { units: cells, groups: [...groups.values()], counted: cells };
}
