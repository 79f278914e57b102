/**
 * Which figures of groups of people, such as those of one channel or of one quarter, are hidden. The groups of one kind
 * are all people of a total that stands elsewhere; of each of its figures – all factors, overall satisfaction,
 * expectation – the groups are the parts, and are looked at together.
 *
 * Factors of a group add up to its total, and those of all groups to the factor as a whole: a table of groups by
 * factors, in which a row's total is shown unless the group is hidden. A group shows all of its factors or none. Why that
 * suffices: where a small cell is in a group whose total is hidden, and another such group can give what it lacks, one
 * may have more and the other fewer without any shown figure being different. Where only groups whose totals are shown
 * can give it, both need a second factor that changes the other way. Where there is neither, no group shows factors.
 */
import type { Pooled } from '../statistics/pooled.js';
import { ALL_COLUMNS } from '../statistics/publishedTable.js';
import { hiddenCells } from '../statistics/secondarySuppression.js';
import { isSuppressed } from '../statistics/suppression.js';

/** What of a kind's groups is hidden: keys of the groups. */
export interface HiddenGroups {
  readonly total: ReadonlySet<string>;
  readonly overall: ReadonlySet<string>;
  readonly expectation: ReadonlySet<string>;
  readonly factors: ReadonlySet<string>;
}

/**
 * @param groups the people of each group; all of them together are those of the whole
 * @param minimum fewest people a figure may stand for
 * @param isHidden which figures of the whole are hidden; of `factors` any of them
 */
export function hiddenGroups(
  groups: ReadonlyMap<string, Pooled>,
  minimum: number,
  isHidden: Readonly<Record<keyof HiddenGroups, boolean>>,
): HiddenGroups {
  const hidden = (people: (of: Pooled) => number, isWholeHidden: boolean, known: ReadonlySet<string>) =>
    hiddenParts(new Map([...groups].map(([key, of]) => [key, people(of)])), minimum, isWholeHidden, known);
  const total = hidden((of) => of.people, isHidden.total, new Set());
  return {
    total,
    overall: hidden((of) => of.answeringOverall, isHidden.overall, total),
    expectation: hidden((of) => of.expectation?.answered ?? 0, isHidden.expectation, total),
    factors: isHidden.total || isHidden.factors ? new Set(groups.keys()) : ofFactors(groups, minimum, total),
  };
}

/** What is hidden in any of several tables of the same groups. */
export function allHidden(tables: readonly HiddenGroups[]): HiddenGroups {
  const union = (of: keyof HiddenGroups) => new Set(tables.flatMap((table) => [...table[of]]));
  return {
    total: union('total'),
    overall: union('overall'),
    expectation: union('expectation'),
    factors: union('factors'),
  };
}

/** Parts of a shown whole that are hidden, with those that are hidden already. */
function hiddenParts(
  people: ReadonlyMap<string, number>,
  minimum: number,
  isWholeHidden: boolean,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const whole = [...people.values()].reduce((sum, each) => sum + each, 0);
  if (isWholeHidden || isSuppressed(whole, minimum)) return new Set(people.keys());
  const hidden = new Set([...known].filter((key) => (people.get(key) ?? 0) > 0));
  const { small, complementary } = hiddenCells(
    {
      counts: new Map([...people, [ALL_COLUMNS, whole]]),
      sums: [{ total: ALL_COLUMNS, parts: [...people.keys()] }],
    },
    minimum,
    { hidden, shown: new Set([ALL_COLUMNS]) },
  );
  return new Set([...known, ...small, ...complementary]);
}

function ofFactors(
  groups: ReadonlyMap<string, Pooled>,
  minimum: number,
  total: ReadonlySet<string>,
): ReadonlySet<string> {
  const codes = [...new Set([...groups.values()].flatMap(({ factorCodes }) => factorCodes))];
  const people = new Map(
    codes.map((code) => [code, new Map([...groups].map(([key, of]) => [key, of.peopleOf(code)]))]),
  );
  const all = new Set(groups.keys());
  let hidden = total;
  for (let before = -1; before < hidden.size; ) {
    before = hidden.size;
    for (const counts of people.values()) hidden = hiddenParts(counts, minimum, false, hidden);
  }
  if (hidden.size === all.size || hidden.size === total.size) return hidden;
  const peopleIn = (group: string, code: string) => people.get(code)?.get(group) ?? 0;
  const isSafe = (group: string, code: string): boolean => {
    const lacks = minimum - peopleIn(group, code);
    const others = [...hidden].filter((other) => other !== group && peopleIn(other, code) >= lacks);
    if (total.has(group) && others.some((other) => total.has(other))) return true;
    return others.some((other) =>
      codes.some(
        (second) => second !== code && peopleIn(group, second) >= lacks && peopleIn(other, second) > 0,
      ),
    );
  };
  const small = [...hidden].flatMap((group) =>
    codes.flatMap((code) => (isSuppressed(peopleIn(group, code), minimum) ? [[group, code] as const] : [])),
  );
  return small.every(([group, code]) => isSafe(group, code)) ? hidden : all;
}
