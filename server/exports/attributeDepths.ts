/**
 * What people said about themselves or their case – who they are, how far they live, whether their dossier was late – is
 * known to others as well, to a neighbour or to the official it is about. Beside the answers of one person it could tell
 * whose they are. So each row of a file of single responses shows only so much of it that at least as many people as a
 * figure may stand for share what it shows (k-anonymity: Sweeney 2002; local suppression: Hundepool et al., Statistical
 * Disclosure Control, 2012, §3.6).
 *
 * How. The responses of a place are split by the first attribute, each part by the second, and so on. A part of too few
 * people is not shown apart: its people go together, from this attribute on without what they said; where even together
 * they are too few, the smallest part that could be shown goes with them. So every row shows the first so many of its
 * attributes, and shares them with enough others.
 *
 * The figures of each group of a whole round are shown elsewhere. Who takes the rows that show an attribute from them is
 * left with the rows that do not: over all places these are therefore none or enough, too.
 */

/** The answers of one person to the attributes as a text with one character for each. */
export type AttributeKey = string;

/** Where the responses of a place are, by their answers. */
export type PlaceCounts = ReadonlyMap<AttributeKey, number>;

export class AttributeDepths {
  readonly #minimum: number;
  readonly #attributes: number;
  readonly #isShown: (attribute: number, answer: string) => boolean;
  readonly #counts: ReadonlyMap<string, PlaceCounts>;
  readonly #depths = new Map<string, Map<AttributeKey, number>>();

  /**
   * @param counts by place; no place has fewer people than `minimum`
   * @param attributes how many there are
   * @param isShown whether the figures of a group, over the whole round, are shown
   */
  constructor(
    counts: ReadonlyMap<string, PlaceCounts>,
    attributes: number,
    minimum: number,
    isShown: (attribute: number, answer: string) => boolean,
  ) {
    this.#counts = counts;
    this.#attributes = attributes;
    this.#minimum = minimum;
    this.#isShown = isShown;
    for (const [place, keys] of counts) {
      const depths = new Map<AttributeKey, number>();
      this.#depths.set(place, depths);
      this.#split([...keys.keys()], 0, keys, depths);
    }
    while (this.#hideOneMore());
  }

  /** How many attributes, from the first on, a row of a place shows; 0 for what was not counted. */
  depth(place: string, key: AttributeKey): number {
    return this.#depths.get(place)?.get(key) ?? 0;
  }

  #split(
    keys: readonly AttributeKey[],
    depth: number,
    counts: PlaceCounts,
    depths: Map<AttributeKey, number>,
  ) {
    if (depth === this.#attributes) {
      for (const key of keys) depths.set(key, depth);
      return;
    }
    const parts = [...partsOf(keys, depth)].map(([answer, part]) => ({
      answer,
      part,
      people: sum(part, counts),
    }));
    const isLarge = ({ answer, people }: { answer: string; people: number }) =>
      people >= this.#minimum && this.#isShown(depth, answer);
    const shown = parts.filter(isLarge).sort((one, other) => other.people - one.people);
    const hidden = parts.filter((part) => !isLarge(part));
    let people = hidden.reduce((all, part) => all + part.people, 0);
    while (people > 0 && people < this.#minimum) {
      const smallest = shown.pop();
      if (!smallest) break;
      hidden.push(smallest);
      people += smallest.people;
    }
    for (const { part } of hidden) for (const key of part) depths.set(key, depth);
    for (const { part } of shown) this.#split(part, depth + 1, counts, depths);
  }

  /** Where the hidden people of a group that is shown elsewhere are too few, its smallest part is hidden with them. */
  #hideOneMore(): boolean {
    for (let attribute = 0; attribute < this.#attributes; attribute += 1) {
      const hidden = new Map<string, number>();
      for (const { key, depth, people } of this.#all())
        if (depth <= attribute)
          hidden.set(key.charAt(attribute), (hidden.get(key.charAt(attribute)) ?? 0) + people);
      for (const [answer, people] of hidden) {
        if (people >= this.#minimum || !this.#isShown(attribute, answer)) continue;
        const smallest = this.#smallestShown(attribute, answer);
        if (!smallest) continue;
        for (const key of smallest.keys) this.#depths.get(smallest.place)?.set(key, attribute);
        return true;
      }
    }
    return false;
  }

  /** The smallest part in which an answer is shown; the same one each time. */
  #smallestShown(attribute: number, answer: string): { place: string; keys: AttributeKey[] } | undefined {
    const parts = new Map<string, { place: string; people: number; keys: AttributeKey[] }>();
    for (const { place, key, depth, people } of this.#all()) {
      if (depth <= attribute || key.charAt(attribute) !== answer) continue;
      const id = `${place}\n${key.slice(0, attribute)}`;
      const part = parts.get(id) ?? { place, people: 0, keys: [] };
      parts.set(id, part);
      part.people += people;
      part.keys.push(key);
    }
    return [...parts].sort(([one, a], [other, b]) => a.people - b.people || (one < other ? -1 : 1))[0]?.[1];
  }

  *#all(): Generator<{ place: string; key: AttributeKey; depth: number; people: number }> {
    for (const [place, depths] of this.#depths)
      for (const [key, depth] of depths)
        yield { place, key, depth, people: this.#counts.get(place)?.get(key) ?? 0 };
  }
}

function partsOf(keys: readonly AttributeKey[], attribute: number): Map<string, AttributeKey[]> {
  return groupBy(keys, (key) => key.charAt(attribute));
}

function groupBy(
  keys: readonly AttributeKey[],
  part: (key: AttributeKey) => string,
): Map<string, AttributeKey[]> {
  const groups = new Map<string, AttributeKey[]>();
  for (const key of keys) {
    const found = groups.get(part(key));
    if (found) found.push(key);
    else groups.set(part(key), [key]);
  }
  return groups;
}

function sum(keys: readonly AttributeKey[], counts: PlaceCounts): number {
  return keys.reduce((all, key) => all + (counts.get(key) ?? 0), 0);
}
