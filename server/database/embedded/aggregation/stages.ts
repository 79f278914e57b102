/** The stages that take documents as they come and pass them on: none of them holds more than one chunk. */
import { Long } from 'bson';
import { CommandError } from '../errors.js';
import { compileFilter, type Evaluate } from '../query/matcher.js';
import { compileProjection } from '../query/projection.js';
import { changeAt, copyOf, removeAt } from '../update/targets.js';
import { asNumber, type Doc, isDoc, isTruthy, typeName } from '../values.js';

/** Makes a chunk of documents into the next; documents are never changed in place. */
export type ChunkStage = (docs: Doc[]) => Doc[];

/** The chunk stage for a stage's name and specification, or undefined if it is not of this kind. */
export function chunkStage(name: string, spec: unknown, evaluate: Evaluate): ChunkStage | undefined {
  switch (name) {
    case '$match': {
      if (!isDoc(spec)) throw new CommandError(15959, 'the match filter must be an expression in an object');
      const test = compileFilter(spec, evaluate);
      return (docs) => docs.filter(test);
    }
    case '$project': {
      if (!isDoc(spec)) throw new CommandError(15969, '$project specification must be an object');
      if (Object.keys(spec).length === 0)
        throw new CommandError(
          51272,
          'Invalid $project :: caused by :: projection specification must have at least one field',
        );
      const project = compileProjection(spec, {}, evaluate, true);
      return (docs) => docs.map(project);
    }
    case '$addFields':
    case '$set':
      return each(addFields(name, spec, evaluate));
    case '$unset':
      return each(unset(spec));
    case '$replaceRoot':
      if (!isDoc(spec) || !('newRoot' in spec))
        throw new CommandError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
      return each(replaceRoot(spec.newRoot, evaluate));
    case '$replaceWith':
      return each(replaceRoot(spec, evaluate));
    case '$unwind':
      return unwind(spec);
    case '$redact': {
      const decide = evaluate(spec);
      return (docs) => docs.map((doc) => redacted(doc, decide)).filter((doc) => doc !== undefined);
    }
    default:
      return undefined;
  }
}

/** What $redact leaves of a document, going down into embedded ones where it says so. */
function redacted(doc: Doc, decide: (doc: unknown) => unknown): Doc | undefined {
  const decision = decide(doc);
  if (decision === '$$KEEP') return doc;
  if (decision === '$$PRUNE') return undefined;
  if (decision !== '$$DESCEND')
    throw new CommandError(17053, '$redact must return $$KEEP, $$DESCEND or $$PRUNE');
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside).filter((item) => item !== undefined);
    return isDoc(value) && !('_bsontype' in value) ? redacted(value, decide) : value;
  };
  return Object.fromEntries(
    Object.entries(doc)
      .map(([key, value]) => [key, inside(value)])
      .filter(([, value]) => value !== undefined),
  );
}

function each(change: (doc: Doc) => Doc): ChunkStage {
  return (docs) => docs.map(change);
}

function addFields(name: string, spec: unknown, evaluate: Evaluate): (doc: Doc) => Doc {
  if (!isDoc(spec))
    throw new CommandError(40272, `${name} specification stage must be an object, got ${typeName(spec)}`);
  if (Object.keys(spec).length === 0)
    throw new CommandError(
      40177,
      `Invalid ${name} :: caused by :: specification must have at least one field`,
    );
  const fields = flatten(spec, '').map(({ path, value }) => ({
    path: path.split('.'),
    value: evaluate(value),
  }));
  return (doc) => {
    const made = { ...doc };
    for (const { path, value } of fields) setThrough(made, path, value(doc));
    return made;
  };
}

function flatten(spec: Doc, prefix: string): { path: string; value: unknown }[] {
  return Object.entries(spec).flatMap(([key, value]) => {
    const nested =
      isDoc(value) &&
      !('_bsontype' in value) &&
      Object.keys(value).length > 0 &&
      !Object.keys(value).some((inner) => inner.startsWith('$'));
    if (key.startsWith('$'))
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    return nested ? flatten(value, `${prefix}${key}.`) : [{ path: prefix + key, value }];
  });
}

/** Sets a field, in every element where the path leads through an array; copies what it changes. */
function setThrough(doc: Doc, [part = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete doc[part];
    else doc[part] = value;
    return;
  }
  const set = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(set);
    const made: Doc = isDoc(inner) ? { ...inner } : {};
    setThrough(made, rest, value);
    return made;
  };
  doc[part] = set(doc[part]);
}

function unset(spec: unknown): (doc: Doc) => Doc {
  const paths = Array.isArray(spec) ? spec : [spec];
  if (!Array.isArray(spec) && typeof spec !== 'string')
    throw new CommandError(31002, '$unset specification must be a string or an array');
  if (paths.length === 0 || paths.some((path) => typeof path !== 'string' || path === ''))
    throw new CommandError(
      paths.length === 0 ? 31119 : 31120,
      '$unset specification must be a string or an array containing only string values',
    );
  const fields = Object.fromEntries(paths.map((path) => [String(path), 0]));
  return compileProjection(fields, {}, () => () => undefined, true);
}

function replaceRoot(expression: unknown, evaluate: Evaluate): (doc: Doc) => Doc {
  const value = evaluate(expression);
  return (doc) => {
    const made = value(doc);
    if (isDoc(made)) return made;
    throw new CommandError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${made === undefined ? 'MISSING' : JSON.stringify(made)}. Type of resulting value: '${made === undefined ? 'missing' : typeName(made)}'.`,
    );
  };
}

function unwind(spec: unknown): ChunkStage {
  const options: Doc = typeof spec === 'string' ? { path: spec } : isDoc(spec) ? spec : {};
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = options;
  if (!isDoc(spec) && typeof spec !== 'string')
    throw new CommandError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`,
    );
  if (typeof path !== 'string') throw new CommandError(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$'))
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const parts = path.slice(1).split('.');
  const keepEmpty = isTruthy(preserveNullAndEmptyArrays);
  const place = typeof includeArrayIndex === 'string' ? includeArrayIndex.split('.') : undefined;
  const withIndex = (doc: Doc, at: number | null) => {
    if (place) changeAt(doc, place, () => (at === null ? null : Long.fromNumber(at)));
    return doc;
  };
  return (docs) =>
    docs.flatMap((doc) => {
      const value = parts.reduce<unknown>((inner, part) => (isDoc(inner) ? inner[part] : undefined), doc);
      if (!Array.isArray(value)) {
        const empty = value === null || value === undefined;
        return empty && !keepEmpty ? [] : [withIndex(place ? copyOf(doc) : doc, null)];
      }
      if (value.length === 0) {
        if (!keepEmpty) return [];
        const made = copyOf(doc);
        removeAt(made, parts);
        return [withIndex(made, null)];
      }
      return value.map((item, at) => {
        const made = shallow(doc, parts);
        changeAt(made, parts, () => item);
        return withIndex(made, at);
      });
    });
}

/** A copy of a document and of the documents on one path in it; the rest is shared. */
function shallow(doc: Doc, [part = '', ...rest]: string[]): Doc {
  const made = { ...doc };
  const inner = made[part];
  if (rest.length > 0 && isDoc(inner)) made[part] = shallow(inner, rest);
  return made;
}

/** A whole number that a stage takes. @throws CommandError with the stage's code. */
export function countOf(name: string, spec: unknown, least: number): number {
  const number = asNumber(spec);
  const wrong = (code: number, what: string) =>
    new CommandError(
      code,
      `invalid argument to ${name} stage: Expected ${what} in: ${name}: ${JSON.stringify(spec)}`,
    );
  if (number === undefined || !Number.isInteger(number))
    throw wrong(name === '$limit' ? 2107201 : 5107200, number === undefined ? 'a number' : 'an integer');
  if (name === '$limit' && number === 0) throw new CommandError(15958, 'the limit must be positive');
  if (number < least) throw wrong(name === '$limit' ? 5107201 : 5107200, 'a non-negative number');
  return number;
}
