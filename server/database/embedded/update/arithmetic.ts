/** Sums, products and bit operations on BSON numbers with MongoDB's result types (int grows to long, never wraps). */
import { Decimal128, Double, Int32, Long } from 'bson';
import { decimalParts, type Parts } from '../query/exactNumbers.js';
import { asNumber, bsonName, typeCode } from '../values.js';

type Operation = '+' | '-' | '*';

/** The sum, difference or product of two BSON numbers, or undefined if it does not fit 64 bits. */
export function calculate(operation: Operation, left: unknown, right: unknown): unknown {
  const types = [typeCode(left), typeCode(right)];
  if (types.includes(19)) return decimal(operation, left, right);
  const a = asNumber(left) ?? 0;
  const b = asNumber(right) ?? 0;
  const near = operation === '+' ? a + b : operation === '-' ? a - b : a * b;
  if (types.includes(1)) return new Double(near);
  // the usual case, without the cost of exact numbers
  if (Math.abs(near) < 2 ** 31 && types.every((type) => type === 16)) return new Int32(near);
  const [x, y] = [whole(left), whole(right)];
  const exact = operation === '+' ? x + y : operation === '-' ? x - y : x * y;
  if (!types.includes(18) && exact === BigInt.asIntN(32, exact)) return new Int32(Number(exact));
  return exact === BigInt.asIntN(64, exact) ? Long.fromBigInt(exact) : undefined;
}

function whole(value: unknown): bigint {
  return bsonName(value) === 'Long' ? (value as Long).toBigInt() : BigInt(asNumber(value) ?? 0);
}

/** A double as a decimal: with the fifteen digits that MongoDB takes of it. */
export function inDecimal(value: Double): string {
  return value.valueOf().toPrecision(15);
}

/** The quotient of two numbers of which one is a decimal, with the 34 digits that a decimal has. */
export function quotient(left: unknown, right: unknown): Decimal128 {
  const [a, b] = [left, right].map(partsOf);
  if (!a || !b || typeof a === 'number' || typeof b === 'number')
    return Decimal128.fromString(String((asNumber(left) ?? 0) / (asNumber(right) ?? 0)));
  const most = a.exponent - b.exponent;
  let digits = (a.digits * 10n ** 40n) / b.digits;
  let exponent = most - 40;
  for (; exponent < most && digits % 10n === 0n; exponent++) digits /= 10n;
  return Decimal128.fromStringWithRounding(`${a.negative === b.negative ? '' : '-'}${digits}E${exponent}`);
}

function partsOf(value: unknown): Parts | number {
  return decimalParts(bsonName(value) === 'Double' ? inDecimal(value as Double) : String(value));
}

function decimal(operation: Operation, left: unknown, right: unknown): Decimal128 {
  if (operation === '-') return decimal('+', left, decimal('*', right, new Int32(-1)));
  const [a, b] = [left, right].map(partsOf);
  if (a === undefined || b === undefined || typeof a === 'number' || typeof b === 'number') {
    const numbers = [asNumber(left) ?? 0, asNumber(right) ?? 0] as const;
    if (operation === '+' && numbers[0] === 0) return Decimal128.fromString(String(right));
    if (operation === '+' && numbers[1] === 0) return Decimal128.fromString(String(left));
    return Decimal128.fromString(
      String(operation === '+' ? numbers[0] + numbers[1] : numbers[0] * numbers[1]),
    );
  }
  const signed = (parts: typeof a) => (parts.negative ? -parts.digits : parts.digits);
  if (operation === '*')
    return Decimal128.fromStringWithRounding(`${signed(a) * signed(b)}E${a.exponent + b.exponent}`);
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = (parts: typeof a) => signed(parts) * 10n ** BigInt(parts.exponent - exponent);
  return Decimal128.fromStringWithRounding(`${aligned(a) + aligned(b)}E${exponent}`);
}

/** `and`, `or` or `xor` of two whole BSON numbers: int if both are, else long. */
export function bitwise(operation: string, left: unknown, right: unknown): Int32 | Long {
  const [a, b] = [whole(left), whole(right)];
  const bits = operation === 'and' ? a & b : operation === 'or' ? a | b : a ^ b;
  const long = [left, right].some((value) => bsonName(value) === 'Long');
  return long ? Long.fromBigInt(BigInt.asIntN(64, bits)) : new Int32(Number(BigInt.asIntN(32, bits)));
}
