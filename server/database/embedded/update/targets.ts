/** Where an update operator acts: concrete places in a document, made on the way where MongoDB would make them. */
import { CommandError } from '../errors.js';
import type { Test } from '../query/matcher.js';
import { isPosition, MISSING, valueAt } from '../query/paths.js';
import { type Doc, isDoc, typeName } from '../values.js';

type Container = Doc | unknown[];

/** Deep copy of documents and arrays; BSON scalars are shared, since nothing changes them. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isDoc(value) || '_bsontype' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)])) as T;
}

export interface Positions {
  /** The element that the filter matched, for `$`. */
  matched: (arrayPath: string) => number | undefined;
  filters: Map<string, Test>;
}

/** The concrete paths that a path with `$`, `$[]` or `$[name]` stands for in a document. */
export function placesOf(doc: Doc, path: string[], positions: Positions): string[][] {
  if (!path.some((part) => part.startsWith('$'))) return [path];
  let found: string[][] = [[]];
  for (const part of path) {
    if (!part.startsWith('$')) {
      found = found.map((place) => [...place, part]);
      continue;
    }
    found = found.flatMap((place) => {
      if (part === '$') return [[...place, String(matchedAt(place, positions))]];
      const array = valueAt(doc, place);
      if (!Array.isArray(array)) {
        const what =
          array === MISSING
            ? `The path '${place.join('.')}' must exist in the document in order to apply array updates.`
            : `Cannot apply array updates to non-array element ${place.join('.')}: ${typeName(array)}`;
        throw new CommandError(2, what);
      }
      const test = positions.filters.get(part.slice(2, -1));
      return [...array.keys()]
        .filter((at) => part === '$[]' || test?.(array[at]))
        .map((at) => [...place, String(at)]);
    });
  }
  return found;
}

function matchedAt(place: string[], positions: Positions): number {
  const at = positions.matched(place.join('.'));
  if (at === undefined)
    throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
  return at;
}

/** Changes the value at a place; `change` gets MISSING where there is none and may answer MISSING to leave it so. */
export function changeAt(doc: Doc, place: string[], change: (value: unknown) => unknown): void {
  const existing = valueAt(doc, place);
  const made = change(existing);
  if (made === MISSING) return;
  let container: Container = doc;
  for (const [at, part] of place.entries()) {
    const last = at === place.length - 1;
    if (Array.isArray(container)) {
      const array: unknown[] = container;
      if (!isPosition(part)) throw notViable(part, place, at, container);
      const position = Number(part);
      if (position > array.length + 1_500_000)
        throw new CommandError(2, `can't backfill more than 1500000 elements`);
      while (array.length < position) array.push(null);
      if (last) array[position] = made;
      else container = next(array[position], (value) => (array[position] = value), place, at);
    } else {
      const fields: Doc = container;
      if (last) fields[part] = made;
      else
        container = next(
          Object.hasOwn(fields, part) ? fields[part] : undefined,
          (value) => (fields[part] = value),
          place,
          at,
        );
    }
  }
}

function next(found: unknown, put: (value: Doc) => void, place: string[], at: number): Container {
  if (Array.isArray(found)) return found;
  if (isDoc(found)) return found;
  if (found !== undefined) throw notViable(place[at + 1] ?? '', place, at + 1, found);
  const made: Doc = {};
  put(made);
  return made;
}

function notViable(part: string, place: string[], at: number, found: unknown): CommandError {
  const shown = Array.isArray(found) ? JSON.stringify(found) : String(found);
  return new CommandError(28, `Cannot create field '${part}' in element {${place[at - 1] ?? ''}: ${shown}}`);
}

/** Removes the field at a place; in an array the element becomes null. */
export function removeAt(doc: Doc, place: string[]): void {
  const parent = place.length === 1 ? doc : valueAt(doc, place.slice(0, -1));
  const part = place.at(-1) ?? '';
  if (Array.isArray(parent) && isPosition(part) && Number(part) < parent.length) parent[Number(part)] = null;
  else if (isDoc(parent)) delete parent[part];
}
