/**
 * Chooses how to read a collection for a filter and a sort: which index, which ranges of it, in which direction.
 * A plan may bring too many documents (the filter is tested again) but never too few.
 */
import { CommandError } from '../errors.js';
import { type Collection, ID_INDEX, type Index } from '../storage/catalog.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import { conditionsOf } from './intervals.js';
import { keyText } from './keys.js';
import { usable } from './partial.js';
import { type Scan, type SortSpec, scanOf } from './scans.js';

/** One scan, or several whose documents are put together ($or). */
export interface Plan {
  scans: Scan[];
}

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
    const spec = index?.spec ?? ID_INDEX;
    return typeof hint === 'string' ? spec.name === hint : keyText(spec.key) === keyText(hint);
  });
  if (found.length === 0)
    throw new CommandError(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  return found[0];
}

function whole(collection: Collection, sort: SortSpec): Scan {
  return scanOf(collection, undefined, { byPath: new Map(), whole: false }, sort);
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
