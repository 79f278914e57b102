/** The keys under which a document stands in an index: one for each element of an indexed array. */
import { createHash } from 'node:crypto';
import { CommandError } from '../errors.js';
import { keyOf } from '../query/keys.js';
import { isPosition, MISSING } from '../query/paths.js';
import { isDoc, typeCode } from '../values.js';
import type { Index } from './catalog.js';

/** Longer keys are cut here and continued by their SHA-256, so that equality stays exact within LMDB's limit. */
export const LONGEST_KEY = 850;

export interface IndexKey {
  bytes: Buffer;
  /** The values as they stand in the document (null for missing), for duplicate-key errors. */
  values: unknown[];
  /** One BSON type number per field (0 missing), so that a key can be read back without its document. */
  types: Buffer;
}

type Fields = Pick<Index, 'fields' | 'sparse'>;

interface Walk {
  value: unknown;
  rest: string[];
  /** The array path walked through, '' if none. */
  through: string;
  walked: string[];
  done: boolean;
}

/** A key short enough for LMDB, exact in equality. */
export function shorten(key: Buffer): Buffer {
  if (key.length <= LONGEST_KEY) return key;
  return Buffer.concat([key.subarray(0, LONGEST_KEY), createHash('sha256').update(key).digest()]);
}

/**
 * All keys of a document in an index, without duplicates, and the array paths met on the way.
 * @throws CommandError 171 for two arrays side by side, as MongoDB does.
 */
export function indexKeys(index: Fields, doc: unknown): { keys: IndexKey[]; arrays: string[] } {
  const start = index.fields.map(({ path }) => ({
    value: doc,
    rest: path,
    through: '',
    walked: [],
    done: false,
  }));
  const arrays = new Set<string>();
  const found = new Map<string, IndexKey>();
  expand(start, arrays, (values) => {
    if (index.sparse && values.every((value) => value === MISSING)) return;
    const key = keyFrom(index, values);
    found.set(key.bytes.toString('latin1'), key);
  });
  return { keys: [...found.values()], arrays: [...arrays] };
}

function keyFrom(index: Fields, values: unknown[]): IndexKey {
  const parts = values.map((value, at) => {
    const part = keyOf(value === MISSING ? null : value);
    return index.fields[at]?.descending ? inverted(part) : part;
  });
  return {
    bytes: Buffer.concat(parts),
    values: values.map((value) => (value === MISSING ? null : value)),
    types: Buffer.from(values.map((value) => (value === MISSING ? 0 : typeCode(value) & 0xff))),
  };
}

/** The same bytes in the opposite order. */
export function inverted(part: Buffer): Buffer {
  return Buffer.from(part.map((byte) => ~byte & 0xff));
}

function expand(walks: Walk[], arrays: Set<string>, emit: (values: unknown[]) => void): void {
  const moved = walks.map(descend);
  const first = moved.find((walk) => !walk.done && Array.isArray(walk.value));
  if (!first) {
    emit(moved.map((walk) => walk.value));
    return;
  }
  const array = first.value as unknown[];
  const atArray = moved.filter((walk) => !walk.done && walk.value === array);
  const clash = moved.find((walk) => !walk.done && Array.isArray(walk.value) && walk.value !== array);
  if (clash && ![clash, first].some(({ walked }) => walked.some(isPosition))) {
    const names = [clash, first].map((walk) => walk.walked.at(-1));
    throw new CommandError(171, `cannot index parallel arrays [${names[0]}] [${names[1]}]`);
  }
  for (const walk of atArray) arrays.add(walk.walked.join('.'));
  if (array.length === 0) {
    const ended = moved.map((walk) => {
      if (!atArray.includes(walk)) return walk;
      return { ...walk, value: walk.rest.length === 0 ? undefined : MISSING, rest: [], done: true };
    });
    expand(ended, arrays, emit);
    return;
  }
  for (const item of array) {
    const next = moved.map((walk) => {
      if (!atArray.includes(walk)) return walk;
      if (walk.rest.length === 0) return { ...walk, value: item, done: true };
      return isDoc(item) ? { ...walk, value: item } : { ...walk, value: MISSING, rest: [], done: true };
    });
    expand(next, arrays, emit);
  }
}

/** Walks down embedded documents until the path ends or an array lies in the way. */
function descend(walk: Walk): Walk {
  let { value, rest, walked, done } = walk;
  while (!done) {
    const [part] = rest;
    if (part === undefined) {
      done = !Array.isArray(value);
      break;
    }
    if (Array.isArray(value)) {
      if (!isPosition(part)) break;
      value = Number(part) < value.length ? value[Number(part)] : MISSING;
    } else if (isDoc(value) && Object.hasOwn(value, part)) value = value[part];
    else value = MISSING;
    rest = value === MISSING ? [] : rest.slice(1);
    walked = [...walked, part];
    if (value === MISSING) done = true;
  }
  return { ...walk, value, rest, walked, done };
}
