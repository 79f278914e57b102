import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeDepths } from '../../server/exports/attributeDepths.js';

const MINIMUM = 5;
const ATTRIBUTES = 3;

/** Places with at least as many people as a figure may stand for; each answers three questions with one of 'abc'. */
const places = fc.array(
  fc.array(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: ATTRIBUTES, maxLength: ATTRIBUTES }),
    {
      minLength: MINIMUM,
      maxLength: 40,
    },
  ),
  { minLength: 1, maxLength: 6 },
);

/** What a row shows: the first so many answers, the others hidden. */
function shown(key: string, depth: number): string {
  return key.slice(0, depth).padEnd(ATTRIBUTES, '?');
}

function counted(people: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of people) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

test('whatever people said, nobody shares what is shown of it with fewer than the minimum', () => {
  fc.assert(
    fc.property(places, fc.constantFrom('', 'a', 'b'), (said, hiddenAnswer) => {
      const counts = new Map(said.map((people, place) => [String(place), counted(people)]));
      const isShown = (attribute: number, answer: string) => attribute !== 1 || answer !== hiddenAnswer;
      const depths = new AttributeDepths(counts, ATTRIBUTES, MINIMUM, isShown);
      const rows = said.flatMap((people, place) =>
        people.map((key) => ({ place, key, row: shown(key, depths.depth(String(place), key)) })),
      );
      for (const { place, row } of rows) {
        const alike = rows.filter((each) => each.place === place && each.row === row);
        expect(alike.length).toBeGreaterThanOrEqual(MINIMUM);
        expect(row[1]).not.toBe(hiddenAnswer || 'none');
      }
    }),
  );
});

test('what is left of a group when the rows that show it are taken away is nobody or enough', () => {
  fc.assert(
    fc.property(places, (said) => {
      const counts = new Map(said.map((people, place) => [String(place), counted(people)]));
      const depths = new AttributeDepths(counts, ATTRIBUTES, MINIMUM, () => true);
      for (let attribute = 0; attribute < ATTRIBUTES; attribute += 1)
        for (const answer of 'abc') {
          const group = said.flatMap((people, place) =>
            people.filter((key) => key[attribute] === answer).map((key) => depths.depth(String(place), key)),
          );
          const hidden = group.filter((depth) => depth <= attribute).length;
          const all = hidden === group.length;
          expect(hidden === 0 || all || hidden >= MINIMUM).toBe(true);
        }
    }),
  );
});

test('as much is shown as may be: a place where all agree shows everything', () => {
  const depths = new AttributeDepths(
    new Map([['x', new Map([['abc', MINIMUM]])]]),
    ATTRIBUTES,
    MINIMUM,
    () => true,
  );
  expect(depths.depth('x', 'abc')).toBe(ATTRIBUTES);
  expect(depths.depth('x', 'abb')).toBe(0);
  expect(depths.depth('y', 'abc')).toBe(0);
});

test('one who differs is hidden together with enough others', () => {
  const people = new Map([
    ['aaa', 6],
    ['baa', 5],
    ['caa', 1],
  ]);
  const depths = new AttributeDepths(new Map([['x', people]]), ATTRIBUTES, MINIMUM, () => true);
  expect([...people.keys()].map((key) => depths.depth('x', key))).toEqual([ATTRIBUTES, 0, 0]);
});
