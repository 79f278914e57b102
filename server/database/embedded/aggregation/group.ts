/** $group, one document at a time: it keeps a few numbers per group, not the documents. */
import { Double } from 'bson';
import { CommandError, notSupported } from '../errors.js';
import { compare, keyText } from '../query/keys.js';
import type { Evaluate } from '../query/matcher.js';
import { sortKeys } from '../query/sortKeys.js';
import { calculate, quotient } from '../update/arithmetic.js';
import { asNumber, bsonName, type Doc, isDoc } from '../values.js';

/** The $group that a $bucket stands for. @throws CommandError 40197 … for a malformed one. */
export function bucketGroup(spec: unknown): Doc {
  if (!isDoc(spec)) throw new CommandError(40201, 'Argument to $bucket stage must be an object');
  const { groupBy, boundaries, output = { count: { $sum: 1 } } } = spec;
  if (groupBy === undefined || !Array.isArray(boundaries))
    throw new CommandError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  if (boundaries.length < 2)
    throw new CommandError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  for (const [at, bound] of boundaries.slice(1).entries())
    if (compare(boundaries[at], bound) >= 0)
      throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order.");
  const branches = boundaries.slice(0, -1).map((low, at) => ({
    case: {
      $and: [{ $gte: [groupBy, { $literal: low }] }, { $lt: [groupBy, { $literal: boundaries[at + 1] }] }],
    },
    // biome-ignore lint/suspicious/noThenProperty: MongoDB's name
    then: { $literal: low },
  }));
  const rest = 'default' in spec ? { default: { $literal: spec.default } } : {};
  return { _id: { $switch: { branches, ...rest } }, ...(output as Doc) };
}

/** What one accumulator keeps for one group. */
interface Tally {
  add: (doc: unknown) => void;
  result: () => unknown;
}

type MakeTally = () => Tally;

/** Groups documents as they are added; `results` gives one document per group, in order of first appearance. */
export class Grouping {
  readonly #id: (doc: unknown) => unknown;
  readonly #fields: [name: string, make: MakeTally][];
  readonly #groups = new Map<string, { id: unknown; tallies: Tally[] }>();

  /** @throws CommandError 15955, 15951, 15952 for a malformed stage. */
  constructor(spec: unknown, evaluate: Evaluate) {
    if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
    if (!('_id' in spec)) throw new CommandError(15955, 'a group specification must include an _id');
    this.#id = evaluate(spec._id);
    this.#fields = Object.entries(spec)
      .filter(([name]) => name !== '_id')
      .map(([name, accumulator]) => [name, makeTally(name, accumulator, evaluate)]);
  }

  add(doc: unknown): void {
    const id = this.#id(doc) ?? null;
    const key = keyText(id);
    let group = this.#groups.get(key);
    if (!group) {
      group = { id, tallies: this.#fields.map(([, make]) => make()) };
      this.#groups.set(key, group);
    }
    for (const tally of group.tallies) tally.add(doc);
  }

  /** One document for each group, in chunks. */
  *results(): Generator<Doc[]> {
    let chunk: Doc[] = [];
    for (const { id, tallies } of this.#groups.values()) {
      const fields = this.#fields.map(([name], at) => [name, tallies[at]?.result()]);
      chunk.push({ _id: id, ...Object.fromEntries(fields) });
      if (chunk.length < 256) continue;
      yield chunk;
      chunk = [];
    }
    yield chunk;
  }
}

function makeTally(name: string, accumulator: unknown, evaluate: Evaluate): MakeTally {
  if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$'))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  const entries = isDoc(accumulator) ? Object.entries(accumulator) : [];
  const [entry] = entries;
  if (!entry) throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  if (entries.length > 1) throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  const [operator, operand] = entry;
  if (SORTED.has(operator) && isDoc(operand)) return sorted(operator, operand, evaluate);
  const simple = Object.hasOwn(TALLIES, operator) ? TALLIES[operator] : undefined;
  if (simple) {
    const value = operator === '$count' ? () => 1 : evaluate(operand);
    return () => simple(value);
  }
  return collected(operator, operand, evaluate);
}

type MakeTallyOf = (value: (doc: unknown) => unknown) => Tally;

/** The accumulators that keep one value for a group, or a list. */
export const TALLIES: Record<string, MakeTallyOf> = {
  $stdDevPop: (value) => deviation(value, 0),
  $stdDevSamp: (value) => deviation(value, 1),
  $sum: sum,
  $count: sum,
  $avg: (value) => {
    let total: unknown = 0;
    let count = 0;
    const add = (doc: unknown) => {
      const found = value(doc);
      if (asNumber(found) === undefined) return;
      total = plus(total, found);
      count++;
    };
    const mean = () =>
      bsonName(total) === 'Decimal128' ? quotient(total, count) : new Double((asNumber(total) ?? 0) / count);
    return { add, result: () => (count === 0 ? null : mean()) };
  },
  $min: (value) => extreme(value, (order) => order < 0),
  $max: (value) => extreme(value, (order) => order > 0),
  $first: (value) => {
    let found: { first: unknown } | undefined;
    return { add: (doc) => (found ??= { first: value(doc) }), result: () => found?.first ?? null };
  },
  $last: (value) => {
    let last: unknown = null;
    return { add: (doc) => (last = value(doc) ?? null), result: () => last };
  },
  $push: (value) => {
    const all: unknown[] = [];
    const add = (doc: unknown) => {
      const found = value(doc);
      if (found !== undefined) all.push(found);
    };
    return { add, result: () => all };
  },
  $addToSet: (value) => {
    const all = new Map<string, unknown>();
    const add = (doc: unknown) => {
      const found = value(doc);
      if (found !== undefined) all.set(keyText(found), found);
    };
    return { add, result: () => [...all.values()] };
  },
  $mergeObjects: (value) => {
    const merged: Doc = {};
    return { add: (doc) => Object.assign(merged, value(doc)), result: () => merged };
  },
};

/** The standard deviation by Welford's method; `lost` degrees of freedom. */
function deviation(value: (doc: unknown) => unknown, lost: number): Tally {
  let [count, mean, squares] = [0, 0, 0];
  const add = (doc: unknown) => {
    const found = asNumber(value(doc));
    if (found === undefined) return;
    const off = found - mean;
    mean += off / ++count;
    squares += off * (found - mean);
  };
  return { add, result: () => (count <= lost ? null : new Double(Math.sqrt(squares / (count - lost)))) };
}

function sum(value: (doc: unknown) => unknown): Tally {
  let total: unknown = 0;
  const add = (doc: unknown) => {
    const found = value(doc);
    if (asNumber(found) !== undefined) total = plus(total, found);
  };
  return { add, result: () => total };
}

function plus(total: unknown, found: unknown): unknown {
  return calculate('+', total, found) ?? new Double((asNumber(total) ?? 0) + (asNumber(found) ?? 0));
}

function extreme(value: (doc: unknown) => unknown, better: (order: number) => boolean): Tally {
  let best: unknown = null;
  const add = (doc: unknown) => {
    const found = value(doc);
    if (found !== null && found !== undefined && (best === null || better(compare(found, best))))
      best = found;
  };
  return { add, result: () => best };
}

const SORTED = new Set(['$top', '$bottom', '$topN', '$bottomN', '$firstN', '$lastN', '$minN', '$maxN']);

/** The accumulators that pick by an order: the documents' values are kept with their sort keys. */
function sorted(operator: string, operand: Doc, evaluate: Evaluate): MakeTally {
  const output = evaluate(operand.output ?? operand.input);
  const by = isDoc(operand.sortBy)
    ? Object.entries(operand.sortBy).map(([path, way]): [string, boolean] => [path, (asNumber(way) ?? 1) < 0])
    : [];
  const count = operator.endsWith('N') ? Number(evaluate(operand.n)({})) : 1;
  if (!Number.isInteger(count) || count < 1)
    throw new CommandError(5787908, `'n' must be greater than 0, found ${count}`);
  const byValue = operator === '$minN' || operator === '$maxN';
  const keyOf = sortKeys(byValue ? [['value', operator === '$maxN']] : by);
  return () => {
    const all: { key: Buffer; value: unknown }[] = [];
    const add = (doc: unknown) => {
      const value = output(doc) ?? null;
      if (byValue && value === null) return;
      const key = keyOf(byValue ? { value } : doc);
      all.push({ key, value });
    };
    const result = () => {
      const ordered = by.length > 0 || byValue ? [...all].sort((a, b) => Buffer.compare(a.key, b.key)) : all;
      const fromEnd = operator.startsWith('$bottom') || operator === '$lastN';
      const kept = (fromEnd ? ordered.slice(-count) : ordered.slice(0, count)).map(({ value }) => value);
      return operator.endsWith('N') ? kept : (kept[0] ?? null);
    };
    return { add, result };
  };
}

/** $percentile and $median: the values are kept and mingo computes the result at the end. */
function collected(operator: string, operand: unknown, evaluate: Evaluate): MakeTally {
  if ((operator !== '$percentile' && operator !== '$median') || !isDoc(operand))
    throw new CommandError(15952, `unknown group operator '${operator}'`);
  const value = evaluate(operand.input);
  const combine = evaluate({ [operator]: { ...operand, input: '$v' } });
  return () => {
    const all: unknown[] = [];
    const add = (doc: unknown) => {
      const found = value(doc);
      if (asNumber(found) !== undefined) all.push(found);
    };
    return { add, result: () => (all.length === 0 ? null : combine({ v: all })) };
  };
}

/** `$bucketAuto`: documents in the order of a value, cut into buckets of about as many; equal values stay together. */
export function autoBuckets(docs: Doc[], spec: unknown, evaluate: Evaluate): Doc[] {
  const { groupBy, buckets, output = { count: { $sum: 1 } }, granularity } = isDoc(spec) ? spec : {};
  if (groupBy === undefined || buckets === undefined)
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  const wanted = asNumber(buckets) ?? 0;
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new CommandError(40243, "The $bucketAuto 'buckets' field must be a positive 32-bit integer");
  if (granularity !== undefined) throw notSupported('$bucketAuto with a granularity');
  const by = evaluate(groupBy);
  const rows = docs.map((doc) => ({ doc, value: by(doc) ?? null }));
  rows.sort((a, b) => compare(a.value, b.value));
  const size = Math.max(Math.round(rows.length / wanted), 1);
  const made: Doc[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    end = made.length === wanted - 1 ? rows.length : Math.min(start + size, rows.length);
    while (end < rows.length && compare(rows[end]?.value, rows[end - 1]?.value) === 0) end++;
    const grouping = new Grouping({ _id: null, ...(output as Doc) }, evaluate);
    for (const { doc } of rows.slice(start, end)) grouping.add(doc);
    const [bucket] = [...grouping.results()].flat();
    made.push({ ...bucket, _id: { min: rows[start]?.value, max: (rows[end] ?? rows[end - 1])?.value } });
  }
  return made;
}
