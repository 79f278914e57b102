/** $convert and the operators that stand for it: from any BSON type to another, or error 241. */
import { Decimal128, Double, Long, ObjectId, type Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { inDecimal } from '../update/arithmetic.js';
import { asNumber, bsonName, type Doc, isTruthy, typeByName, typeCode, typeName } from '../values.js';
import { dateOfText } from './dateText.js';
import { evaluated, isNil, type Operator, ofOne, operator } from './operands.js';

function impossible(value: unknown, to: string): CommandError {
  const message = `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value`;
  return new CommandError(241, message);
}

/** The number that a value stands for. @throws CommandError 241. */
function numberFrom(value: unknown, to: string, text: RegExp): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date && to !== 'int') return value.getTime();
  if (typeof value === 'string') {
    if (text.test(value)) return Number(value);
    throw new CommandError(241, `Failed to parse number '${value}' in $convert with no onError value`);
  }
  const number = asNumber(value);
  if (number === undefined) throw impossible(value, to);
  return number;
}

const REAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(NaN|Infinity)$/i;
const WHOLE = /^[+-]?\d+$/;

/** A whole number within so many bits. @throws CommandError 241. */
function wholeFrom(value: unknown, to: string, bits: number): bigint {
  const number = numberFrom(value, to, WHOLE);
  if (Number.isFinite(number)) {
    const exact =
      bsonName(value) === 'Long' || typeof value === 'string'
        ? BigInt(String(value))
        : BigInt(Math.trunc(number));
    if (exact === BigInt.asIntN(bits, exact)) return exact;
  }
  throw new CommandError(241, `Conversion would overflow target type in $convert with no onError value`);
}

/** The moment that a value stands for. @throws CommandError 241. */
function dateFrom(value: unknown): Date {
  if (typeof value === 'string') return dateOfText(value);
  const date = momentOf(value);
  if (date) return date;
  const number = typeCode(value) === 16 ? undefined : asNumber(value);
  if (number === undefined) throw impossible(value, 'date');
  return new Date(Math.trunc(number));
}

/** The moment of a date, an ObjectId or a timestamp; undefined for any other value. */
export function momentOf(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  if (bsonName(value) === 'ObjectId') return (value as ObjectId).getTimestamp();
  return bsonName(value) === 'Timestamp' ? new Date((value as Timestamp).t * 1000) : undefined;
}

function textFrom(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (!['string', 'boolean'].includes(typeof value) && !['ObjectId'].includes(bsonName(value) ?? ''))
    if (asNumber(value) === undefined) throw impossible(value, 'string');
  return String(value);
}

function idFrom(value: unknown): ObjectId {
  if (bsonName(value) === 'ObjectId') return value as ObjectId;
  if (typeof value !== 'string') throw impossible(value, 'objectId');
  if (/^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw new CommandError(241, `Failed to parse objectId '${value}' in $convert with no onError value`);
}

function decimalFrom(value: unknown): Decimal128 {
  if (bsonName(value) === 'Decimal128') return value as Decimal128;
  if (bsonName(value) === 'Double') return Decimal128.fromString(inDecimal(value as Double));
  if (typeof value === 'string' && REAL.test(value)) return Decimal128.fromStringWithRounding(value);
  return Decimal128.fromString(
    String(bsonName(value) === 'Long' ? value : numberFrom(value, 'decimal', REAL)),
  );
}

const BY_TYPE: Record<number, (value: unknown) => unknown> = {
  1: (value) => new Double(numberFrom(value, 'double', REAL)),
  2: textFrom,
  7: idFrom,
  8: (value) => isTruthy(value),
  9: dateFrom,
  16: (value) => Number(wholeFrom(value, 'int', 32)),
  18: (value) => Long.fromBigInt(wholeFrom(value, 'long', 64)),
  19: decimalFrom,
};

const convert = operator((obj, expr, options) => {
  const { input, to, onError, onNull } = evaluated(obj, expr, options) as Doc;
  if (isNil(input)) return onNull ?? null;
  if (isNil(to)) return null;
  const run = BY_TYPE[typeof to === 'string' ? (typeByName(to) ?? 0) : (asNumber(to) ?? 0)];
  if (!run) throw new CommandError(2, `Unknown type name: ${String(to)}`);
  try {
    return run(input);
  } catch (error) {
    if ('onError' in (expr as Doc)) return onError;
    throw error;
  }
});

const to = (type: number) => ofOne((value) => (isNil(value) ? null : BY_TYPE[type]?.(value)));

export const CONVERSIONS: Record<string, Operator> = {
  $convert: convert,
  $toDouble: to(1),
  $toString: to(2),
  $toObjectId: to(7),
  $toBool: to(8),
  $toDate: to(9),
  $toInt: to(16),
  $toLong: to(18),
  $toDecimal: to(19),
};
