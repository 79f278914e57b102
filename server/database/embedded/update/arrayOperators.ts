/** The update operators on arrays: $push with its modifiers, $addToSet, $pop, $pull and $pullAll. */
import { CommandError } from '../errors.js';
import { compare, keyText } from '../query/keys.js';
import { compileFilter, elementTest } from '../query/matcher.js';
import { isOperators } from '../query/operators.js';
import { MISSING, valueAt } from '../query/paths.js';
import { asNumber, type Doc, isDoc, isRegExp, typeName } from '../values.js';
import type { Change } from './operators.js';

const MODIFIERS = new Set(['$each', '$slice', '$sort', '$position']);

function arrayOf(value: unknown, path: string, doc: Doc): unknown[] {
  if (value === MISSING) return [];
  if (Array.isArray(value)) return value;
  throw new CommandError(
    2,
    `The field '${path}' must be an array but is of type ${typeName(value)} in document {_id: ${String(doc._id)}}`,
  );
}

/** `$push`: one value, or `$each` with `$position`, `$sort` and `$slice`. */
export function push(operand: unknown, path: string): Change {
  if (!isDoc(operand) || !('$each' in operand)) {
    return (value, { doc }) => [...arrayOf(value, path, doc), operand];
  }
  const { $each: each, $slice, $position, $sort } = operand;
  if (!Array.isArray(each))
    throw new CommandError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`,
    );
  const unknown = Object.keys(operand).find((key) => !MODIFIERS.has(key));
  if (unknown) throw new CommandError(2, `Unrecognized clause in $push: ${unknown}`);
  const slice = wholeNumber('$slice', $slice);
  const position = wholeNumber('$position', $position);
  const order = sorter($sort);
  return (value, { doc }) => {
    const before = arrayOf(value, path, doc);
    const at =
      position === undefined
        ? before.length
        : position < 0
          ? Math.max(before.length + position, 0)
          : position;
    let made = [...before.slice(0, at), ...each, ...before.slice(at)];
    if (order) made = order(made);
    if (slice === undefined) return made;
    return slice < 0 ? made.slice(slice) : made.slice(0, slice);
  };
}

function wholeNumber(name: string, operand: unknown): number | undefined {
  if (operand === undefined) return undefined;
  const number = asNumber(operand);
  if (number === undefined || !Number.isInteger(number)) {
    throw new CommandError(
      2,
      `The value for ${name} must be an integer value but was given type: ${typeName(operand)}`,
    );
  }
  return number;
}

function sorter(spec: unknown): ((items: unknown[]) => unknown[]) | undefined {
  if (spec === undefined) return undefined;
  const wayOf = (way: unknown) => {
    const number = asNumber(way);
    if (number !== 1 && number !== -1)
      throw new CommandError(2, 'The $sort element value must be either 1 or -1');
    return number;
  };
  if (asNumber(spec) !== undefined) {
    const direction = wayOf(spec);
    return (items) => items.sort((a, b) => compare(a, b) * direction);
  }
  if (!isDoc(spec))
    throw new CommandError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  // arrays on the way or at the end are values here, not their elements
  const fields = Object.entries(spec).map(([path, way]) => ({
    path: path.split('.'),
    way: wayOf(way),
  }));
  const valueIn = (item: unknown, path: string[]) => {
    const found = isDoc(item) ? valueAt(item, path) : MISSING;
    return found === MISSING ? null : found;
  };
  const order = (a: unknown, b: unknown) => {
    for (const { path, way } of fields) {
      const found = compare(valueIn(a, path), valueIn(b, path));
      if (found !== 0) return found * way;
    }
    return 0;
  };
  return (items) => items.sort(order);
}

/** `$addToSet`: appends what is not there yet. */
export function addToSet(operand: unknown, path: string): Change {
  const several = isDoc(operand) && '$each' in operand;
  const items = several ? operand.$each : [operand];
  if (!Array.isArray(items)) {
    throw new CommandError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(items)}`,
    );
  }
  return (value, { doc }) => {
    if (value !== MISSING && !Array.isArray(value)) {
      throw new CommandError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${path.split('.').at(-1)}' has non-array type ${typeName(value)}`,
      );
    }
    const made = [...arrayOf(value, path, doc)];
    const keys = new Set(made.map(keyText));
    for (const item of items) {
      const key = keyText(item);
      if (!keys.has(key)) made.push(item);
      keys.add(key);
    }
    return made;
  };
}

/** `$pop`: 1 takes the last element, -1 the first. */
export function pop(operand: unknown, path: string): Change {
  const end = asNumber(operand);
  if (end === undefined) throw new CommandError(9, `Expected a number in: ${path}: ${String(operand)}`);
  if (Math.abs(end) !== 1) throw new CommandError(9, `$pop expects 1 or -1, found: ${String(operand)}`);
  return (value) => {
    if (value === MISSING) return MISSING;
    if (!Array.isArray(value))
      throw new CommandError(14, `Path '${path}' contains an element of non-array type '${typeName(value)}'`);
    return end > 0 ? value.slice(0, -1) : value.slice(1);
  };
}

/** `$pull`: removes the elements that equal a value or fulfil a condition. */
export function pull(operand: unknown): Change {
  const test = pullTest(operand);
  return (value) => {
    if (value === MISSING) return MISSING;
    if (!Array.isArray(value)) throw new CommandError(2, 'Cannot apply $pull to a non-array value');
    return value.filter((item) => !test(item));
  };
}

function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isOperators(operand)) return elementTest(operand);
  if (isRegExp(operand)) return (item) => compileFilter({ v: operand })({ v: item });
  if (isDoc(operand)) {
    const test = compileFilter(operand);
    return (item) => isDoc(item) && test(item);
  }
  const wanted = keyText(operand);
  return (item) => keyText(item) === wanted;
}

/** `$pullAll`: removes every element that equals one of the list. */
export function pullAll(operand: unknown): Change {
  if (!Array.isArray(operand))
    throw new CommandError(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
  const keys = new Set(operand.map(keyText));
  return (value) => {
    if (value === MISSING) return MISSING;
    if (!Array.isArray(value)) throw new CommandError(2, 'Cannot apply $pull to a non-array value');
    return value.filter((item) => !keys.has(keyText(item)));
  };
}
