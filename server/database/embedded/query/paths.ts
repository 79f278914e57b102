/** Dotted paths as queries walk them: through embedded documents, array positions and the elements of arrays. */
import { type Doc, isDoc } from '../values.js';

/** Stands for "there is no such field", which MongoDB tells apart from null only in some places. */
export const MISSING = Symbol('missing');

const POSITION = /^(0|[1-9]\d*)$/;

/** Whether a path component can be a position in an array. */
export function isPosition(part: string): boolean {
  return POSITION.test(part);
}

function own(doc: Doc, key: string): unknown {
  return Object.hasOwn(doc, key) ? doc[key] : MISSING;
}

/** Is told a value, and whether the path ended at a position in an array: then the value's own elements do not count. */
type Visit = (found: unknown, atPosition: boolean) => boolean;

/**
 * Calls `visit` for every value that a query on the path sees, MISSING included, until it answers true.
 * A value at the end of the path that is an array is visited as the array; its elements are the caller's matter.
 */
export function visitPath(
  value: unknown,
  parts: string[],
  visit: Visit,
  at = 0,
  atPosition = false,
): boolean {
  const part = parts[at];
  if (part === undefined) return visit(value, atPosition);
  if (Array.isArray(value)) {
    if (isPosition(part) && Number(part) < value.length) {
      if (visitPath(value[Number(part)], parts, visit, at + 1, true)) return true;
    }
    return value.some((item) => isDoc(item) && visitPath(item, parts, visit, at));
  }
  // a path that goes on beyond a scalar at a position sees nothing, not even a missing field
  if (!isDoc(value)) return !atPosition && visit(MISSING, false);
  const next = own(value, part);
  return next === MISSING ? visit(MISSING, false) : visitPath(next, parts, visit, at + 1);
}

/** The value at a path without looking into arrays, or MISSING. */
export function valueAt(value: unknown, parts: string[]): unknown {
  let found = value;
  for (const part of parts) {
    if (Array.isArray(found) && isPosition(part))
      found = Number(part) < found.length ? found[Number(part)] : MISSING;
    else if (isDoc(found)) found = own(found, part);
    else return MISSING;
  }
  return found;
}

/** Every value under a path with the elements of arrays in between and at the end spread out (distinct, sort keys). */
export function spreadValues(doc: unknown, parts: string[]): unknown[] {
  const found: unknown[] = [];
  visitPath(doc, parts, (value) => {
    if (Array.isArray(value)) found.push(...value);
    else if (value !== MISSING) found.push(value);
    return false;
  });
  return found;
}
