/** Tests of single values that a filter's operators make: equality, order, membership, patterns, types, remainders. */
import type { Long } from 'bson';
import { CommandError } from '../errors.js';
import { asNumber, asRegExp, bsonName, isRegExp, toRegExp, typeByName, typeCode } from '../values.js';
import { compare, keyText, TAG, tagOf } from './keys.js';
import { isOperators } from './operators.js';
import { MISSING } from './paths.js';

export type ValueTest = (value: unknown) => boolean;

/** A test for equality with a value; null also equals a missing field. */
export function equals(operand: unknown): ValueTest {
  if (operand === null || operand === undefined)
    return (value) => value === null || value === undefined || value === MISSING;
  if (typeof operand === 'string')
    return (value) =>
      value === operand || (bsonName(value) === 'BSONSymbol' && compare(value, operand) === 0);
  const number = asNumber(operand);
  if (number !== undefined && Number.isSafeInteger(number) && bsonName(operand) !== 'Decimal128') {
    return (value) => sameTag(value, TAG.number) && compare(value, number) === 0;
  }
  const tag = tagOf(operand);
  const wanted = keyText(operand);
  return (value) => sameTag(value, tag) && keyText(value) === wanted;
}

function sameTag(value: unknown, tag: number): boolean {
  return value !== MISSING && tagOf(value) === tag;
}

/** A test for $gt, $gte, $lt or $lte: only values of the same kind are compared. */
export function ordered(operator: string, operand: unknown): ValueTest {
  const withEqual = operator.endsWith('e');
  if (operand === null || operand === undefined) return withEqual ? equals(null) : () => false;
  const tag = tagOf(operand);
  const fits = (order: number) => (order === 0 ? withEqual : order > 0 === operator.startsWith('$g'));
  if (tag === TAG.minKey || tag === TAG.maxKey) {
    return (value) => value !== MISSING && fits(compare(value, operand));
  }
  if (tag === TAG.number && Number.isNaN(asNumber(operand))) {
    return (value) => withEqual && value !== MISSING && Number.isNaN(asNumber(value));
  }
  const plain = bsonName(operand) === 'Int32' || bsonName(operand) === 'Double' ? asNumber(operand) : operand;
  return (value) =>
    sameTag(value, tag) &&
    !(tag === TAG.number && Number.isNaN(asNumber(value))) &&
    fits(compare(value, plain));
}

/** A test for $in: one of the values, or matching one of the patterns. */
export function oneOf(operator: string, operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  const patterns = operand.filter(isRegExp).map((item) => regexTest(item));
  const values = operand.filter((item) => !isRegExp(item));
  if (values.some(isOperators)) throw new CommandError(2, `cannot nest $ under ${operator}`);
  const withNull = values.some((item) => item === null || item === undefined);
  const keys = new Set(values.map(keyText));
  return (value) => {
    if (value === MISSING || value === null || value === undefined) return withNull;
    return keys.has(keyText(value)) || patterns.some((test) => test(value));
  };
}

/** A test for a pattern. @throws CommandError 51091, 51108 for one that cannot be compiled. */
export function regexTest(operand: unknown, options?: unknown): ValueTest {
  const pattern = compileRegex(operand, options);
  const same = isRegExp(operand) ? keyText(operand) : undefined;
  return (value) => {
    if (typeof value === 'string') return pattern.test(value);
    if (bsonName(value) === 'BSONSymbol') return pattern.test(String(value));
    return same !== undefined && isRegExp(value) && keyText(value) === same;
  };
}

function compileRegex(operand: unknown, options: unknown): RegExp {
  if (options !== undefined && typeof options !== 'string')
    throw new CommandError(2, '$options has to be a string');
  const given = asRegExp(operand);
  const source = given ? given.source : operand;
  if (typeof source !== 'string') throw new CommandError(2, '$regex has to be a string');
  const flags = options ?? given?.flags ?? '';
  if (/[^imsxu]/.test(flags))
    throw new CommandError(51108, `invalid flag in regex options: ${flags.replace(/[imsxu]/g, '')[0]}`);
  return toRegExp(source, flags);
}

/** A test for $type. */
export function typeTest(operand: unknown): ValueTest {
  const wanted = new Set<number>();
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new CommandError(9, '_t must match at least one type');
  for (const item of list) {
    if (item === 'number') for (const code of [1, 16, 18, 19]) wanted.add(code);
    else if (typeof item === 'string') {
      const code = typeByName(item);
      if (code === undefined) throw new CommandError(2, `Unknown type name alias: ${item}`);
      wanted.add(code);
    } else {
      const code = asNumber(item);
      if (code === undefined) throw new CommandError(14, 'type must be represented as a number or a string');
      if (!KNOWN_TYPES.has(code)) throw new CommandError(2, `Invalid numerical type code: ${code}`);
      wanted.add(code);
    }
  }
  return (value) => value !== MISSING && wanted.has(typeCode(value));
}

const KNOWN_TYPES = new Set([-1, 127, ...Array.from({ length: 19 }, (_, at) => at + 1)]);

/** A test for $mod. */
export function modTest(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new CommandError(2, 'malformed mod, needs to be an array');
  if (operand.length !== 2) {
    throw new CommandError(2, `malformed mod, ${operand.length < 2 ? 'not enough' : 'too many'} elements`);
  }
  const [divisor, remainder] = operand.map(wholeOf);
  if (divisor === undefined) throw new CommandError(2, 'malformed mod, divisor not a number');
  if (remainder === undefined) throw new CommandError(2, 'malformed mod, remainder not a number');
  if (divisor === 0n) throw new CommandError(2, 'divisor cannot be 0');
  return (value) => {
    const number = value === MISSING ? undefined : wholeOf(value);
    return number !== undefined && number % divisor === remainder;
  };
}

function wholeOf(value: unknown): bigint | undefined {
  if (bsonName(value) === 'Long') return (value as Long).toBigInt();
  const number = asNumber(value);
  return number !== undefined && Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}
