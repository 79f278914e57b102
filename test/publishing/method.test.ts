/**
 * The method is what it was: the same answers give the same sealed parts, byte by byte. Where this fails on purpose –
 * figures, their rounding, what is hidden, or the shape of a part have changed – raise METHOD and write the new digest
 * here.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Day } from '../../models/day.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { randomFrom } from '../../server/demo/answers.js';
import { projectPath } from '../../server/paths.js';
import { METHOD } from '../../server/publishing/method.js';
import type { RoundFacts } from '../../server/publishing/parts.js';
import { sealedBytes } from '../../server/publishing/seal.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { type Province, talliesOfProvince } from '../results/provinces.js';

const DIGESTS: Readonly<Record<number, string>> = {
  1: 'b20f62fc86633f889b56564f7ea81e71961cc5dbfbb6a3354f4c4be8e174f598',
  2: '3f6528f4287ab0e054750d147ba459b917d0519bf589785428176370ad2050ab',
};

test('the same answers give the same published figures, or the method has another version', async () => {
  const digest = createHash('sha256');
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { round, surveys, ...province } = provinceOf(seed);
    const tallies = talliesOfProvince({ round, surveys, ...province });
    const facts = {
      ...{ code: 'r', label: 'Đợt', subject: 'education', numbering: 'calendar-year' },
      ...{ opens: '2026-10-01', closes: '2026-11-30', closedOn: '2026-11-30', continuous: false },
      ...{ targets: [{ indicator: 'satisfaction-rate', atLeast: 80, unit: '%' }], lead: '', source: '' },
      ...{ coordinating: [], department: 'Sở', minimum: 5, method: METHOD, units: 8, responses: 0 },
      ...round,
    } as unknown as RoundFacts;
    const counted = { tallies, cells: [], responses: 0, others: 0 };
    const parts = await sealedBytes({ facts, surveys, strata: null, counted, before: [], earlier: [] }, 'ab');
    for (const { name, bytes } of parts) digest.update(`${name}\n`).update(bytes).update('\n');
  }
  expect(digest.digest('hex')).toBe(DIGESTS[METHOD]);
});

/** Six schools below two communes, most with few answers; the same for the same seed, for ever. */
function provinceOf(seed: number): Province {
  const random = randomFrom(seed);
  const files = readSurveys(projectPath('surveys'));
  const surveys = ['parents-thcs', 'parents-thpt', 'students-thpt'].flatMap((id) => files.get(id) ?? []);
  const units = [1, 2, 3, 4, 5, 6].map((number): RoundUnit => {
    const offered = number % 3 === 0 ? surveys : surveys.slice(0, 1 + (number % 2));
    return {
      ...{ _id: `r/S${number}`, round: 'r', unit: `S${number}`, name: `Trường ${number}`, linkCode: '' },
      ...{ path: ['SO', `X${number % 2}`], pathNames: ['Sở', `Xã ${number % 2}`], levels: ['thcs', 'thpt'] },
      ...{ enrolment: 100 * number, area: number % 2 ? 'I' : null, kind: 'school', predecessors: [] },
      ...{ quota: 20, forms: null, stratum: null },
      offers: offered.map(({ id, services }) => ({ survey: id, service: services[0] ?? '' })),
    };
  });
  const people = units.flatMap(({ unit, offers }) =>
    offers.flatMap(({ survey: id }) => {
      const asked = surveys.find((each) => each.id === id);
      return Array.from({ length: Math.floor(16 * random()) }, (): Province['people'][number] => ({
        ...{ unit, survey: id, channel: random() < 0.5 ? 'link' : 'paper', day: '2026-10-15' as Day },
        answers: Object.fromEntries(
          (asked ? itemsOf(asked) : []).flatMap((item): [string, string | number][] => {
            if (random() < 0.1) return [];
            if (item.kind === 'percentage') return [[item.code, 10 * Math.floor(11 * random())]];
            if (item.kind === 'likert') return [[item.code, Math.floor(6 * random() ** 0.5)]];
            return item.kind === 'single' ? [[item.code, item.options[0]?.code ?? '']] : [];
          }),
        ),
      }));
    }),
  );
  return {
    round: {
      continuous: false,
      surveys: surveys.map(({ id, version }) => ({ id, version, hash: '' })),
      services: ['thcs', 'thpt'].map((code) => ({ code, kind: 'education', name: { vi: code, en: code } })),
    },
    surveys,
    units,
    people,
  };
}
