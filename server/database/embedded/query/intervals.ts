/**
 * What a filter says about one path, as intervals of key bytes: the planner joins them into ranges of an index.
 * An interval may take in too much (the filter is tested again), never too little.
 */
import { inverted } from '../storage/indexKeys.js';
import { asRegExp, bsonName, type Doc, isDoc, isRegExp } from '../values.js';
import { keyOf, TAG, tagOf } from './keys.js';
import { isOperators } from './operators.js';

/** A place between keys: before (or after) every key that begins with the bytes. */
interface Edge {
  bytes: Buffer;
  after: boolean;
}

export interface Interval {
  low: Edge;
  high: Edge;
  /** All keys in it begin with these bytes: one value. */
  point: boolean;
}

/** A condition on a path that every matching document fulfils. */
interface Condition {
  operator: string;
  operand: unknown;
  /** The place in the filter it came from, to know whether everything was used. */
  inElement: boolean;
}

/** All conditions that a matching document must fulfil, by path; `whole` tells that they are the entire filter. */
export interface Conditions {
  byPath: Map<string, Condition[]>;
  whole: boolean;
}

/** Gathers the conditions of a filter's top level and of its $and branches. */
export function conditionsOf(filter: Doc): Conditions {
  const found: Conditions = { byPath: new Map(), whole: true };
  gather(filter, '', found);
  return found;
}

const COUNTED = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$in']);

function gather(filter: Doc, prefix: string, found: Conditions): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) {
      for (const branch of condition) if (isDoc(branch)) gather(branch, prefix, found);
    } else if (key.startsWith('$')) {
      if (key !== '$comment') found.whole = false;
    } else if (!isOperators(condition)) {
      add(found, prefix + key, '$eq', condition, prefix !== '');
    } else {
      for (const [operator, operand] of Object.entries(condition)) {
        if (!COUNTED.has(operator)) found.whole = false;
        if (operator === '$elemMatch' && isDoc(operand)) {
          if (!isOperators(operand)) gather(operand, `${prefix}${key}.`, found);
        } else {
          add(found, prefix + key, operator, operand, prefix !== '');
        }
      }
    }
  }
}

function add(found: Conditions, path: string, operator: string, operand: unknown, inElement: boolean): void {
  const list = found.byPath.get(path) ?? [];
  list.push({ operator, operand, inElement });
  found.byPath.set(path, list);
}

/** The intervals of one condition, or undefined if it bounds nothing; `exact` if they say all that it says. */
export function intervalsOf({
  operator,
  operand,
}: Condition): { intervals: Interval[]; exact: boolean } | undefined {
  switch (operator) {
    case '$eq':
      return points([operand]);
    case '$in':
      return Array.isArray(operand) ? points(operand) : undefined;
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return range(operator, operand);
    case '$regex':
      return prefixRange(operand);
    default:
      return undefined;
  }
}

function points(values: unknown[]): { intervals: Interval[]; exact: boolean } | undefined {
  const found = new Map<string, Buffer>();
  let exact = true;
  for (const value of values) {
    if (isRegExp(value)) return values.length === 1 ? patternRange(value) : undefined;
    if (Array.isArray(value)) return undefined;
    if (value === null || value === undefined) {
      exact = false;
      found.set('undefined', Buffer.of(TAG.undefined));
    }
    const key = keyOf(value ?? null);
    found.set(key.toString('latin1'), key);
  }
  const intervals = [...found.values()].sort(Buffer.compare).map((bytes) => ({
    low: { bytes, after: false },
    high: { bytes, after: true },
    point: true,
  }));
  return { intervals, exact };
}

function range(operator: string, operand: unknown): { intervals: Interval[]; exact: boolean } | undefined {
  if (operand === null || operand === undefined) return operator.endsWith('e') ? points([null]) : undefined;
  const tag = tagOf(operand);
  if (
    Array.isArray(operand) ||
    tag === TAG.minKey ||
    tag === TAG.maxKey ||
    (Number.isNaN(Number(operand)) && tag === TAG.number)
  )
    return undefined;
  const bytes = keyOf(operand);
  const whole = Buffer.of(tag);
  const low = operator.startsWith('$g')
    ? { bytes, after: operator === '$gt' }
    : { bytes: floorOf(tag, whole), after: tag === TAG.number };
  const high = operator.startsWith('$l')
    ? { bytes, after: operator === '$lte' }
    : { bytes: Buffer.of(tag + 1), after: false };
  return { intervals: [{ low, high, point: false }], exact: bsonName(operand) !== 'BSONSymbol' };
}

/** Ranges of numbers begin after NaN, which is the lowest number in the order but in no range. */
function floorOf(tag: number, whole: Buffer): Buffer {
  return tag === TAG.number ? keyOf(Number.NaN) : whole;
}

function patternRange(value: unknown): { intervals: Interval[]; exact: boolean } | undefined {
  const found = prefixRange(value);
  if (!found) return undefined;
  const pattern = keyOf(value);
  const own = { low: { bytes: pattern, after: false }, high: { bytes: pattern, after: true }, point: true };
  return { intervals: [...found.intervals, own], exact: false };
}

/** `/^abc/` reads only the strings that begin so. */
function prefixRange(value: unknown): { intervals: Interval[]; exact: boolean } | undefined {
  const pattern = asRegExp(value);
  const source = pattern?.source ?? (typeof value === 'string' ? value : '');
  const literal = /^\^([\p{L}\p{N} _:/@-]+)/u.exec(source);
  if (!literal || pattern?.flags || source.includes('|')) return undefined;
  let start = literal[1] ?? '';
  if (/^[*?{+]/.test(source.slice(literal[0].length))) start = start.slice(0, -1);
  if (start === '') return undefined;
  const bytes = keyOf(start).subarray(0, -2);
  return {
    intervals: [{ low: { bytes, after: false }, high: { bytes, after: true }, point: false }],
    exact: false,
  };
}

/** What lies in both lists of intervals. */
export function intersect(a: Interval[], b: Interval[]): Interval[] {
  const found: Interval[] = [];
  for (const one of a) {
    for (const other of b) {
      const low = compareEdges(one.low, other.low) >= 0 ? one.low : other.low;
      const high = compareEdges(one.high, other.high) <= 0 ? one.high : other.high;
      if (compareEdges(low, high) < 0) found.push({ low, high, point: one.point || other.point });
    }
  }
  return found;
}

function compareEdges(a: Edge, b: Edge): number {
  return Buffer.compare(placeOf(a), placeOf(b));
}

/** An edge as bytes to seek to. */
export function placeOf({ bytes, after }: Edge): Buffer {
  return after ? Buffer.concat([bytes, Buffer.of(0xff)]) : bytes;
}

/** The interval in an index that keeps the field descending. */
export function mirrored({ low, high, point }: Interval): Interval {
  return { low: flipped(high), high: flipped(low), point };
}

function flipped({ bytes, after }: Edge): Edge {
  return { bytes: inverted(bytes), after: !after };
}
