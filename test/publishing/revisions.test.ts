/**
 * Somebody who has every figure of every revision of a round's results. What came between two revisions is a round of
 * its own to them: they subtract, and must find no figure that too few people stand behind – of any revision, nor of
 * what came between any two.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference } from '../../server/publishing/revisions.js';
import { revisionFigures } from '../../server/publishing/seal.js';
import { WHOLE } from '../../server/results/counts.js';
import { RoundFigures } from '../../server/results/roundFigures.js';
import type { RoundTallies } from '../../server/results/tallies.js';
import { everyFigure, found } from '../results/knowledge.js';
import { type Province, someProvince, talliesOfProvince } from '../results/provinces.js';

const RUNS = Number(process.env.PROVINCES ?? 150);
const someMinimum = fc.integer({ min: 2, max: 6 });
const someShares = fc.array(fc.double({ min: 0.2, max: 0.98, noNaN: true }), { minLength: 1, maxLength: 2 });

/** The tallies of each revision: of the first people, of more, of all; those that may not be published left out. */
function revisionsOf(province: Province, shares: readonly number[], minimum: number): RoundTallies[] {
  const ends = [...shares].sort((a, b) => a - b).map((share) => Math.floor(share * province.people.length));
  const published: RoundTallies[] = [];
  for (const end of [...ends, province.people.length]) {
    const now = talliesOfProvince({ ...province, people: shuffled(province.people).slice(0, end) });
    const last = published.at(-1);
    const people = last ? figuresOf(province, difference(now, last), minimum).counts.pooled(WHOLE).people : 0;
    const isTooLittle = people > 0 && people < minimum;
    if (!isTooLittle) published.push(now);
  }
  return published;
}

/** In an order that mixes the units: late answers come from everywhere. */
function shuffled<T>(people: readonly T[]): T[] {
  return people
    .map((person, at) => ({ person, key: (at * 7919) % 1009 }))
    .sort((a, b) => a.key - b.key)
    .map(({ person }) => person);
}

function figuresOf({ round }: Province, tallies: RoundTallies, minimum: number): RoundFigures {
  return new RoundFigures(round, tallies, minimum);
}

/** What somebody knows who has all revisions: each is the sum of what came before it and since. */
function knownOf(
  province: Province,
  revisions: readonly RoundTallies[],
  minimum: number,
  together: 'hidden together' | 'each alone' = 'hidden together',
) {
  const told: ReturnType<typeof everyFigure>['told'] = [];
  const identities: ReturnType<typeof everyFigure>['identities'] = [];
  const blocks = (parts: readonly string[], from: number, to: number) =>
    parts.flatMap((part) => Array.from({ length: to - from }, (_, at) => `${from + at} ${part}`));
  for (const [to, now] of revisions.entries()) {
    const before =
      together === 'hidden together' ? revisions.slice(0, to).map((tallies) => ({ tallies, minimum })) : [];
    const figures = everyFigure(revisionFigures(province.round, now, before, minimum, null));
    for (const each of figures.told) told.push({ ...each, parts: blocks(each.parts, 0, to + 1) });
    for (const [from, earlier] of revisions.slice(0, to).entries()) {
      const since = everyFigure(figuresOf(province, difference(now, earlier), minimum));
      // Of what came between, it is known where nothing did; everything else has to be found.
      for (const each of since.told)
        told.push({
          ...each,
          name: `since ${from}: ${each.name}`,
          shown: each.people === 0,
          parts: blocks(each.parts, from + 1, to + 1),
        });
    }
    const added =
      to === 0
        ? figures
        : everyFigure(figuresOf(province, difference(now, revisions[to - 1] ?? now), minimum));
    for (const { parts, less } of added.identities)
      identities.push({ parts: blocks(parts, to, to + 1), less: blocks(less, to, to + 1) });
  }
  // A group that nobody was in yet had nothing.
  const groups = new Set(told.flatMap(({ parts }) => parts.filter((part) => part.includes(' group '))));
  for (const part of groups) {
    const block = Number(part.split(' ')[0]);
    const ofBlock = new Set(
      identities.flatMap(({ parts }) => parts).filter((each) => each.startsWith(`${block} `)),
    );
    if (!ofBlock.has(part)) told.push({ name: part, parts: [part], people: 0, shown: true });
  }
  return { told, identities };
}

describe('somebody who has every revision of the results', () => {
  it('finds no figure of so few people, of any revision or of what came between', {
    timeout: 120_000,
  }, () => {
    let several = 0;
    fc.assert(
      fc.property(someProvince(), someMinimum, someShares, (province, minimum, shares) => {
        const revisions = revisionsOf(province, shares, minimum);
        if (revisions.length > 1) several += 1;
        expect(found(knownOf(province, revisions, minimum), minimum)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(several).toBeGreaterThan(RUNS / 4);
  });

  it('would find some if each revision hid only what is small in itself', { timeout: 60_000 }, () => {
    let [exposed, attacked] = [0, 0];
    for (const province of fc.sample(someProvince(), { numRuns: 40, seed: 7 })) {
      const revisions = revisionsOf(province, [0.7], 5);
      if (revisions.length < 2) continue;
      attacked += 1;
      if (found(knownOf(province, revisions, 5, 'each alone'), 5).length > 0) exposed += 1;
    }
    expect(attacked).toBeGreaterThan(5);
    expect(exposed / attacked).toBeGreaterThan(0.5);
  });
});

it('a revision that lacks answers of an earlier one is refused', () => {
  for (const province of fc.sample(someProvince(), { numRuns: 20, seed: 3 })) {
    if (province.people.length < 2) continue;
    const all = talliesOfProvince(province);
    const fewer = talliesOfProvince({ ...province, people: province.people.slice(1) });
    expect(() => difference(fewer, all)).toThrow();
  }
});
