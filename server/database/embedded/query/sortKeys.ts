/** The bytes by which documents are put in order: of an array the least element, or the greatest when descending. */
import { CommandError } from '../errors.js';
import { indexKeys, inverted } from '../storage/indexKeys.js';
import { isDoc } from '../values.js';
import { keyOf } from './keys.js';
import type { SortSpec } from './scans.js';

/** A function giving each document's place in a sort. @throws (the function) CommandError 2 for two arrays side by side. */
export function sortKeys(sort: SortSpec): (doc: unknown) => Buffer {
  const fields = sort.map(([path, descending]) => ({ path: path.split('.'), descending }));
  return (doc) => {
    const parts: Buffer[] = [];
    for (const { path, descending } of fields) {
      const value = path.reduce<unknown>(step, doc);
      if (value === ARRAY || Array.isArray(value)) return leastKey(fields, doc);
      const key = keyOf(value ?? null);
      parts.push(descending ? inverted(key) : key);
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  };
}

const ARRAY = Symbol('array');

function step(value: unknown, part: string): unknown {
  if (Array.isArray(value) || value === ARRAY) return ARRAY;
  return isDoc(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

function leastKey(fields: { path: string[]; descending: boolean }[], doc: unknown): Buffer {
  try {
    const keys = indexKeys({ fields, sparse: false }, doc).keys.map(({ bytes }) => bytes);
    return keys.reduce((a, b) => (Buffer.compare(a, b) <= 0 ? a : b));
  } catch (error) {
    if (error instanceof CommandError && error.code === 171)
      throw new CommandError(2, 'cannot sort with keys that are parallel arrays');
    throw error;
  }
}
