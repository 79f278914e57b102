/** The update operators on single fields: each takes the field's value (or MISSING) and gives the new one. */
import { Double, Int32, Long, Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { compare } from '../query/keys.js';
import { MISSING } from '../query/paths.js';
import { asNumber, bsonName, type Doc, isDoc, typeCode, typeName } from '../values.js';
import { bitwise, calculate } from './arithmetic.js';
import { addToSet, pop, pull, pullAll, push } from './arrayOperators.js';

export type Change = (value: unknown, context: { doc: Doc; now: Date }) => unknown;
/** Makes the change for one path; throws for an operand that MongoDB refuses. */
type Operator = (operand: unknown, path: string) => Change;

function inc(operand: unknown, path: string): Change {
  if (asNumber(operand) === undefined) {
    throw new CommandError(14, `Cannot increment with non-numeric argument: {${path}: ${shown(operand)}}`);
  }
  return (value, { doc }) => {
    if (value === MISSING) return operand;
    requireNumber('$inc', value, path, doc);
    return calculate('+', value, operand) ?? overflow('$inc', value);
  };
}

function mul(operand: unknown, path: string): Change {
  if (asNumber(operand) === undefined) {
    throw new CommandError(14, `Cannot multiply with non-numeric argument: {${path}: ${shown(operand)}}`);
  }
  return (value, { doc }) => {
    if (value === MISSING) return zeroLike(operand);
    requireNumber('$mul', value, path, doc);
    return calculate('*', value, operand) ?? overflow('$mul', value);
  };
}

function overflow(operator: string, value: unknown): never {
  throw new CommandError(2, `Failed to apply ${operator} operations to current value (${shown(value)})`);
}

function requireNumber(operator: string, value: unknown, path: string, doc: Doc): void {
  if (asNumber(value) !== undefined) return;
  throw new CommandError(
    14,
    `Cannot apply ${operator} to a value of non-numeric type. {_id: ${shown(doc._id)}} has the field '${path.split('.').at(-1)}' of non-numeric type ${typeName(value)}`,
  );
}

function zeroLike(operand: unknown): unknown {
  const code = typeCode(operand);
  if (code === 19) return calculate('*', operand, new Int32(0));
  return code === 1 ? new Double(0) : code === 18 ? Long.ZERO : new Int32(0);
}

function currentDate(operand: unknown): Change {
  const type = isDoc(operand) ? operand.$type : 'date';
  const flag =
    typeof operand === 'boolean' || (isDoc(operand) && Object.keys(operand).every((key) => key === '$type'));
  if (!flag || (type !== 'date' && type !== 'timestamp')) {
    const message = isDoc(operand)
      ? "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}"
      : `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`;
    throw new CommandError(2, message);
  }
  return (_, { now }) =>
    type === 'timestamp' ? new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }) : now;
}

function bit(operand: unknown): Change {
  if (!isDoc(operand) || Object.keys(operand).length === 0) {
    throw new CommandError(
      2,
      'The $bit modifier is not compatible with the given operand. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}',
    );
  }
  const steps = Object.entries(operand);
  for (const [name, mask] of steps) {
    if (!['and', 'or', 'xor'].includes(name))
      throw new CommandError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${shown(mask)}}`,
      );
    if (![16, 18].includes(typeCode(mask)))
      throw new CommandError(
        2,
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not supported here: {${name}: ${shown(mask)}}`,
      );
  }
  return (value, { doc }) => {
    if (value !== MISSING && ![16, 18].includes(typeCode(value))) {
      throw new CommandError(
        2,
        `Cannot apply $bit to a value of non-integral type._id: ${shown(doc._id)} has the field of non-integer type ${typeName(value)}`,
      );
    }
    return steps.reduce<unknown>(
      (found, [name, mask]) => bitwise(name, found, mask),
      value === MISSING ? new Int32(0) : value,
    );
  };
}

function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : bsonName(value) === undefined && typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

/** All operators but $unset, $rename and $setOnInsert, which are about the field rather than its value. */
export const OPERATORS: Record<string, Operator> = {
  $set: (operand) => () => operand,
  $inc: inc,
  $mul: mul,
  $min: (operand) => (value) => (value === MISSING || compare(operand, value) < 0 ? operand : value),
  $max: (operand) => (value) => (value === MISSING || compare(operand, value) > 0 ? operand : value),
  $currentDate: currentDate,
  $bit: bit,
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
