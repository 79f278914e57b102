/**
 * Chooses how to read a collection for a filter and a sort: which index, which ranges of it, in which direction.
 * A plan may bring too many documents (the filter is tested again) but never too few.
 */
import { CommandError } from '../errors.js';
import { type Collection, type Index, indexPrefix, recordPrefix } from '../storage/catalog.js';
import { LONGEST_KEY } from '../storage/indexKeys.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import {
  type Conditions,
  conditionsOf,
  type Interval,
  intersect,
  intervalsOf,
  mirrored,
  placeOf,
} from './intervals.js';
import { keyText } from './keys.js';
import { compileFilter } from './matcher.js';

export interface Range {
  start: Buffer;
  end: Buffer;
}

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

/** One scan, or several whose documents are put together ($or). */
export interface Plan {
  scans: Scan[];
}

export type SortSpec = [path: string, descending: boolean][];

const MANY = 2000;

/** The plan for a filter. @throws CommandError 2 for a hint that names no index. */
export function plan(collection: Collection, filter: Doc, sort: SortSpec, hint?: unknown): Plan {
  const conditions = conditionsOf(filter);
  const all = [undefined, ...collection.indexes.filter((index) => !index.building)];
  const natural = isDoc(hint) && '$natural' in hint;
  if (natural)
    return {
      scans: [
        {
          ...whole(collection, sort),
          sorted: sort.length === 0,
          reverse: (asNumber(hint.$natural) ?? 1) < 0,
        },
      ],
    };
  const allowed = hint === undefined ? all.filter((index) => usable(index, conditions)) : [hinted(all, hint)];
  const scans = allowed.map((index) => scanOf(collection, index, conditions, sort));
  const best = scans.reduce((a, b) => (worth(b, sort) > worth(a, sort) ? b : a));
  if (best.bounded === 0 && hint === undefined) {
    const union = unionOf(collection, filter);
    if (union) return { scans: union };
  }
  return { scans: [best] };
}

/** A scan that says all that the filter says and whose keys hold all the fields named, or undefined. */
export function coveringScan(collection: Collection, filter: Doc, fields: Set<string>): Scan | undefined {
  const conditions = conditionsOf(filter);
  const everything = Object.keys(filter).length === 0;
  const found = collection.indexes.flatMap((index) => {
    if (index.building || index.partial || index.sparse || index.shortened || index.arrays.length > 0)
      return [];
    const paths = index.fields.map(({ path }) => path.join('.'));
    if (![...fields].every((field) => paths.includes(field))) return [];
    const scan = scanOf(collection, index, conditions, []);
    return scan.exact || everything ? [scan] : [];
  });
  return found.sort((a, b) => b.bounded - a.bounded)[0];
}

function worth(scan: Scan, sort: SortSpec): number {
  const unique = scan.index === undefined || scan.index.unique;
  const points = scan.bounded * 10;
  const sorted = sort.length > 0 && scan.sorted ? 6 : 0;
  return points + sorted + (scan.bounded > 0 && scan.exact ? 2 : 0) + (unique && scan.bounded > 0 ? 1 : 0);
}

function hinted(all: (Index | undefined)[], hint: unknown): Index | undefined {
  const found = all.filter((index) => {
    const spec = index?.spec ?? { name: '_id_', key: { _id: 1 } };
    return typeof hint === 'string' ? spec.name === hint : keyText(spec.key) === keyText(hint);
  });
  if (found.length === 0)
    throw new CommandError(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  return found[0];
}

function usable(index: Index | undefined, conditions: Conditions): boolean {
  if (!index) return true;
  if (index.sparse && !index.fields.some(({ path }) => excludesMissing(conditions, path.join('.'))))
    return false;
  return index.partial === undefined || implies(conditions, index.partial);
}

function excludesMissing(conditions: Conditions, path: string): boolean {
  return (conditions.byPath.get(path) ?? []).some(({ operator, operand }) => {
    if (operator === '$exists') return operand !== false;
    if (operator === '$in') return Array.isArray(operand) && !operand.includes(null);
    return ['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$regex'].includes(operator) && operand !== null;
  });
}

/** Whether every document that fulfils the conditions belongs to a partial index. */
function implies(conditions: Conditions, partial: Doc): boolean {
  for (const [path, wanted] of conditionsOf(partial).byPath) {
    const given = (conditions.byPath.get(path) ?? []).filter(({ inElement }) => !inElement);
    for (const { operator, operand } of wanted) {
      const same = given.some(
        (one) => one.operator === operator && keyText(one.operand) === keyText(operand),
      );
      const test = compileFilter({ v: { [operator]: operand } });
      const equal = given.some(
        (one) => one.operator === '$eq' && one.operand !== null && test({ v: one.operand }),
      );
      const oneOf = given.some(
        (one) =>
          one.operator === '$in' &&
          Array.isArray(one.operand) &&
          one.operand.every((v) => v !== null && test({ v })),
      );
      const exists = operator === '$exists' && operand !== false && excludesMissing(conditions, path);
      if (!same && !equal && !oneOf && !exists && !narrower(given, operator, operand)) return false;
    }
  }
  return conditionsOf(partial).whole || !Object.keys(partial).some((key) => key.startsWith('$'));
}

function narrower(
  given: { operator: string; operand: unknown }[],
  operator: string,
  operand: unknown,
): boolean {
  const direction = operator.slice(0, 2);
  if (direction !== '$g' && direction !== '$l') return false;
  const test = compileFilter({ v: { [operator]: operand } });
  return given.some((one) => one.operator.startsWith(direction) && test({ v: one.operand }));
}

function whole(collection: Collection, sort: SortSpec): Scan {
  return scanOf(collection, undefined, { byPath: new Map(), whole: false }, sort);
}

const ID_FIELDS = [{ path: ['_id'], descending: false }];

/** Bounds and order of one index for the conditions. */
function scanOf(
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

/** For a filter whose only reach is $or: one bounded scan per branch, or undefined if a branch has none. */
function unionOf(collection: Collection, filter: Doc): Scan[] | undefined {
  const alternatives = filter.$or;
  if (!Array.isArray(alternatives)) return undefined;
  const scans: Scan[] = [];
  for (const branch of alternatives) {
    if (!isDoc(branch)) return undefined;
    const inner = plan(collection, branch, []);
    if (inner.scans.some((scan) => scan.bounded === 0)) return undefined;
    scans.push(...inner.scans.map((scan) => ({ ...scan, exact: false, sorted: false })));
  }
  return scans;
}
