/** One way to read: the ranges of one index (or of the records) for conditions, and the order that gives. */
import { type Collection, type Index, indexPrefix, recordPrefix } from '../storage/catalog.js';
import { LONGEST_KEY } from '../storage/indexKeys.js';
import { type Conditions, type Interval, intersect, intervalsOf, mirrored, placeOf } from './intervals.js';

/** Keys from `start` up to but not including `end`. */
export interface Range {
  start: Buffer;
  end: Buffer;
}

/** How one index, or the records, is read. */
export interface Scan {
  /** undefined: the records themselves, in the order of _id. */
  index: Index | undefined;
  ranges: Range[];
  reverse: boolean;
  /** The order of reading is the wanted order. */
  sorted: boolean;
  /** The ranges say all that the filter says: no need to test it again. */
  exact: boolean;
  /** How many leading fields are bounded; 0 reads everything. */
  bounded: number;
}

/** The fields of a sort, in their order. */
export type SortSpec = [path: string, descending: boolean][];

const MANY = 2000;

const ID_FIELDS = [{ path: ['_id'], descending: false }];

/** Bounds and order of one index for the conditions. */
export function scanOf(
  collection: Collection,
  index: Index | undefined,
  conditions: Conditions,
  sort: SortSpec,
): Scan {
  const fields = index?.fields ?? ID_FIELDS;
  const shortened = index ? index.shortened : collection.shortened;
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let last: Interval[] | undefined;
  let bounded = 0;
  let points = 0;
  let used = 0;
  let exact = conditions.whole && !shortened;
  let arrayUsed = false;
  for (const { path, descending } of fields) {
    const inArray = index?.arrays.some((array) => `${path.join('.')}.`.startsWith(`${array}.`)) ?? false;
    if (inArray && arrayUsed) break;
    const bound = boundsOf(conditions, path.join('.'), inArray);
    if (!bound) break;
    if (inArray) arrayUsed = true;
    exact &&= bound.exact && !inArray;
    used += bound.used;
    bounded++;
    const intervals = descending ? bound.intervals.map(mirrored).reverse() : bound.intervals;
    if (!intervals.every(({ point }) => point) || intervals.length * prefixes.length > MANY) {
      last = intervals;
      break;
    }
    prefixes = prefixes.flatMap((head) => intervals.map(({ low }) => Buffer.concat([head, low.bytes])));
    points++;
  }
  const conditionCount = [...conditions.byPath.values()].reduce((sum, list) => sum + list.length, 0);
  const single = prefixes.length === 1 && (last === undefined || last.length <= 1);
  const order = single ? orderOf(fields, points, sort, index) : 0;
  return {
    index,
    ranges: rangesOf(index ? indexPrefix(index) : recordPrefix(collection), prefixes, last),
    reverse: order < 0,
    sorted: sort.length === 0 || (order !== 0 && !shortened),
    exact: exact && used === conditionCount && index?.sparse !== true,
    bounded,
  };
}

function boundsOf(
  conditions: Conditions,
  path: string,
  inArray: boolean,
): { intervals: Interval[]; exact: boolean; used: number } | undefined {
  let found: { intervals: Interval[]; exact: boolean; used: number } | undefined;
  for (const condition of conditions.byPath.get(path) ?? []) {
    const next = intervalsOf(condition);
    if (!next) continue;
    if (!found) found = { ...next, used: 1 };
    else if (inArray) {
      if (next.intervals.every(({ point }) => point)) found = { ...next, used: 1 };
    } else {
      found = {
        intervals: intersect(found.intervals, next.intervals),
        exact: found.exact && next.exact,
        used: found.used + 1,
      };
    }
  }
  return found;
}

/** 1 if the index gives the sort reading forwards, -1 backwards, 0 not at all. */
function orderOf(
  fields: { path: string[]; descending: boolean }[],
  points: number,
  sort: SortSpec,
  index?: Index,
): number {
  let direction = 0;
  let at = 0;
  const fixed = new Set(fields.slice(0, points).map(({ path }) => path.join('.')));
  for (const [path, descending] of sort) {
    if (fixed.has(path) && !isArrayPath(index, path)) continue;
    while (at < points && fields[at]?.path.join('.') !== path) at++;
    const field = fields[at++];
    if (field?.path.join('.') !== path || isArrayPath(index, path)) return 0;
    const step = field.descending === descending ? 1 : -1;
    if (direction !== 0 && step !== direction) return 0;
    direction = step;
  }
  return direction === 0 ? 1 : direction;
}

function isArrayPath(index: Index | undefined, path: string): boolean {
  return index?.arrays.some((array) => `${path}.`.startsWith(`${array}.`)) ?? false;
}

function rangesOf(space: Buffer, prefixes: Buffer[], last: Interval[] | undefined): Range[] {
  const ranges = prefixes.flatMap((head) => {
    if (!last) return [{ start: cut(space, head), end: cut(space, Buffer.concat([head, Buffer.of(0xff)])) }];
    return last.map(({ low, high }) => ({
      start: cut(space, Buffer.concat([head, placeOf(low)])),
      end: cut(space, Buffer.concat([head, placeOf(high)]), true),
    }));
  });
  return ranges.sort((a, b) => Buffer.compare(a.start, b.start));
}

/** A bound longer than stored keys can be is widened to what all shortened keys with its beginning have in common. */
function cut(space: Buffer, bound: Buffer, end = false): Buffer {
  const isEnd = end || bound.at(-1) === 0xff;
  if (bound.length <= LONGEST_KEY) return Buffer.concat([space, bound]);
  const head = bound.subarray(0, LONGEST_KEY);
  return Buffer.concat(isEnd ? [space, head, Buffer.alloc(40, 0xff)] : [space, head]);
}
