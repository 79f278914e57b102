/** Projections of find and $project: what to keep, leave out, cut or compute. */
import { CommandError } from '../errors.js';
import { asNumber, bsonName, type Doc, isDoc, isTruthy } from '../values.js';
import { type Evaluate, elementTest } from './matcher.js';
import { positionOf } from './position.js';
import { exclude, include, type Leaf, NOTHING, type Tree } from './projectionTree.js';

export type Project = (doc: Doc) => Doc;

/**
 * Compiles the projection of a find, or of a `$project` stage (where `$slice` is an expression and neither
 * `$elemMatch` nor the positional `$` exists). @throws CommandError for mixed, clashing or malformed projections.
 */
export function compileProjection(spec: Doc, filter: Doc, evaluate: Evaluate, stage = false): Project {
  const entries = flatten(spec, '');
  const others = entries.filter(({ path }) => path !== '_id');
  const kept = others.filter(({ value, path }) => isFlag(value) && (isTruthy(value) || path.endsWith('.$')));
  const dropped = others.find(({ value }) => isFlag(value) && !isTruthy(value));
  const computed = others.filter(
    ({ value }) => !isFlag(value) && (stage || (!isSlice(value) && !isElemMatch(value))),
  );
  const idFlag = entries.find(({ path, value }) => path === '_id' && isFlag(value));
  const keepId = idFlag === undefined || isTruthy(idFlag.value);
  const clash = dropped && [...kept, ...computed][0];
  if (clash) throw mixed(others.indexOf(dropped) < others.indexOf(clash), dropped.path, clash);
  const positional = entries.filter(({ path }) => path.endsWith('.$') || path === '$');
  if (positional.length > 1)
    throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
  const idComputed = entries.some(({ path, value }) => path === '_id' && !isFlag(value));
  const elemMatches = !stage && others.some(({ value }) => isElemMatch(value));
  const idAlone = others.length === 0 && idFlag !== undefined && keepId;
  const including =
    !dropped && (kept.length > 0 || computed.length > 0 || idComputed || elemMatches || idAlone);
  const tree: Tree = new Map();
  for (const { path, value } of entries) {
    if (path === '_id' && isFlag(value)) continue;
    if (path.endsWith('.$'))
      insert(tree, path.slice(0, -2), positionalLeaf(path.slice(0, -2), filter, evaluate));
    else insert(tree, path, leafOf(path, value, evaluate, stage));
  }
  if (!including) {
    if (!keepId) tree.set('_id', true);
    return (doc) => exclude(doc, tree, doc) as Doc;
  }
  if (keepId && !tree.has('_id')) tree.set('_id', true);
  return (doc) => include(doc, tree, doc) as Doc;
}

/** The refusal of a projection that both keeps and drops; what came first decides what the other is told. */
function mixed(
  dropping: boolean,
  dropped: string,
  { path, value }: { path: string; value: unknown },
): CommandError {
  if (!dropping)
    return new CommandError(31254, `Cannot do exclusion on field ${dropped} in inclusion projection`);
  if (isFlag(value))
    return new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
  return new CommandError(31252, 'Cannot use an expression other than $meta in exclusion projection');
}

function flatten(spec: Doc, prefix: string): { path: string; value: unknown }[] {
  return Object.entries(spec).flatMap(([key, value]) => {
    if (key === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
    if (key.startsWith('$') && prefix === '')
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    if (key.endsWith('.') || key.startsWith('.') || key.includes('..'))
      throw new CommandError(key.endsWith('.') ? 40353 : 15998, "FieldPath must not end with a '.'.");
    const nested =
      isDoc(value) &&
      bsonName(value) === undefined &&
      !Object.keys(value).some((inner) => inner.startsWith('$'));
    if (nested) {
      if (Object.keys(value).length === 0)
        throw new CommandError(
          51270,
          `An empty sub-projection is not a valid value. Found empty object at path`,
        );
      return flatten(value, `${prefix}${key}.`);
    }
    return [{ path: prefix + key, value }];
  });
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || asNumber(value) !== undefined;
}

function isElemMatch(value: unknown): boolean {
  return isDoc(value) && '$elemMatch' in value;
}

/** `$slice` as find has it: a number or a pair of numbers, not an expression. */
function isSlice(value: unknown): boolean {
  if (!isDoc(value) || !('$slice' in value)) return false;
  return !Array.isArray(value.$slice) || value.$slice.every((part) => asNumber(part) !== undefined);
}

function insert(tree: Tree, path: string, leaf: Leaf): void {
  const parts = path.split('.');
  let level = tree;
  for (const [at, part] of parts.entries()) {
    const found = level.get(part);
    if (at === parts.length - 1) {
      if (found !== undefined) throw new CommandError(31250, `Path collision at ${path}`);
      level.set(part, leaf);
    } else if (found instanceof Map) {
      level = found;
    } else {
      if (found !== undefined)
        throw new CommandError(
          31249,
          `Path collision at ${path} remaining portion ${parts.slice(at + 1).join('.')}`,
        );
      const next: Tree = new Map();
      level.set(part, next);
      level = next;
    }
  }
}

function leafOf(path: string, value: unknown, evaluate: Evaluate, stage: boolean): Leaf {
  if (isFlag(value)) return true;
  if (!stage && isSlice(value)) {
    const range = sliceRange((value as Doc).$slice);
    return (found) => (found === undefined ? NOTHING : Array.isArray(found) ? range(found) : found);
  }
  if (!stage && isElemMatch(value)) {
    const operand = (value as Doc).$elemMatch;
    if (!isDoc(operand)) throw new CommandError(31274, 'elemMatch: Invalid argument, object required');
    if (path.includes('.'))
      throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field.');
    const test = elementTest(operand, evaluate);
    return (found) => {
      const first = Array.isArray(found) ? found.findIndex(test) : -1;
      return first < 0 ? NOTHING : [(found as unknown[])[first]];
    };
  }
  const compute = known(() => evaluate(value));
  return (_, doc) => {
    const result = compute(doc);
    return result === undefined ? NOTHING : result;
  };
}

/** An unknown operator has a code of its own in projections. */
function known<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof CommandError && error.code === 168)
      throw new CommandError(31325, `Invalid $project :: caused by :: ${error.message}`);
    throw error;
  }
}

function positionalLeaf(path: string, filter: Doc, evaluate: Evaluate): Leaf {
  return (found, doc) => {
    if (!Array.isArray(found)) return found === undefined ? NOTHING : found;
    const at = positionOf(doc, path, filter, evaluate);
    if (at === undefined)
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    return at < found.length ? [found[at]] : [];
  };
}

function sliceRange(operand: unknown): (found: unknown[]) => unknown[] {
  if (Array.isArray(operand)) {
    const [skip, count] = operand.map((item) => asNumber(item));
    if (operand.length !== 2 || skip === undefined || count === undefined)
      throw new CommandError(28724, 'First argument to $slice must be an array');
    if (count <= 0) throw new CommandError(28724, `Third argument to $slice must be positive: ${count}`);
    return (found) => {
      const start = skip < 0 ? Math.max(found.length + skip, 0) : skip;
      return found.slice(start, start + count);
    };
  }
  const count = asNumber(operand);
  if (count === undefined)
    throw new CommandError(
      28667,
      'Invalid $slice syntax. The given syntax did not match the find() $slice syntax',
    );
  return (found) => (count < 0 ? found.slice(count) : found.slice(0, count));
}
