/** The four bit tests of a filter ($bitsAllSet and its kin), on numbers and binary data. */
import type { Binary } from 'bson';
import { CommandError } from '../errors.js';
import { asNumber, bsonName } from '../values.js';

type HasBit = (position: number) => boolean;

/** A test of a value's bits against the mask, list of positions or binary data of the operator. */
export function bitTest(operator: string, operand: unknown): (value: unknown) => boolean {
  const positions = positionsOf(operand);
  const wanted = operator.endsWith('Set');
  const any = operator.startsWith('$bitsAny');
  return (value) => {
    const has = bitsOf(value);
    if (!has) return false;
    const fits = (position: number) => has(position) === wanted;
    return any ? positions.some(fits) : positions.every(fits);
  };
}

function positionsOf(operand: unknown): number[] {
  if (Array.isArray(operand)) {
    return operand.map((item) => {
      const position = asNumber(item);
      if (position === undefined || !Number.isInteger(position))
        throw new CommandError(2, 'bit positions must be an integer');
      if (position < 0) throw new CommandError(2, `bit positions must be >= 0 but got: ${position}`);
      return position;
    });
  }
  const number = asNumber(operand);
  if (number !== undefined && number < 0)
    throw new CommandError(9, `Expected a non-negative number, got ${number}`);
  const has = bitsOf(operand);
  if (!has) throw new CommandError(2, 'bit operators take an Array, a number, or a BinData');
  const width = bsonName(operand) === 'Binary' ? (operand as Binary).position * 8 : 64;
  return Array.from({ length: width }, (_, at) => at).filter(has);
}

function bitsOf(value: unknown): HasBit | undefined {
  if (bsonName(value) === 'Binary') {
    const { buffer, position: size } = value as Binary;
    return (position) => position < size * 8 && (((buffer[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  const number = typeof value === 'symbol' ? undefined : asNumber(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  const bits = BigInt(number);
  return (position) => ((bits >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}
