/**
 * MongoDB's comparison order as bytes: two values compare as the byte strings written here. One definition serves
 * record and index keys, sorting, grouping and equality, so that none of them can disagree.
 *
 * Every value is written as a type tag and a self-delimiting body, so a key of several fields is their concatenation.
 */
import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  ObjectId,
  Timestamp,
} from 'bson';
import { bsonName, type Doc, typeCode } from '../values.js';
import { decimalParts, floorOf, type Parts } from './exactNumbers.js';

/** Type tags in MongoDB's order; 0 ends lists and documents, 0xff is above every tag. */
export const TAG = {
  minKey: 0x05,
  undefined: 0x08,
  null: 0x10,
  number: 0x20,
  string: 0x30,
  object: 0x38,
  array: 0x40,
  binary: 0x48,
  objectId: 0x50,
  boolean: 0x58,
  date: 0x60,
  timestamp: 0x68,
  regex: 0x70,
  code: 0x78,
  maxKey: 0xf0,
} as const;

let out = Buffer.allocUnsafe(4096);
let length = 0;

function reserve(more: number): void {
  if (length + more <= out.length) return;
  const larger = Buffer.allocUnsafe(Math.max(out.length * 2, length + more));
  out.copy(larger, 0, 0, length);
  out = larger;
}

function byte(value: number): void {
  reserve(1);
  out[length++] = value;
}

function text(value: string): void {
  reserve(value.length * 6 + 2);
  if (value.includes('\0')) {
    for (const part of Buffer.from(value)) {
      out[length++] = part;
      if (part === 0) out[length++] = 0xff;
    }
  } else {
    length += out.write(value, length);
  }
  out[length++] = 0;
  out[length++] = 0;
}

function name(value: string): void {
  reserve(value.length * 3 + 1);
  length += out.write(value, length);
  out[length++] = 0;
}

function double(value: number): void {
  reserve(8);
  if (Number.isNaN(value)) {
    out.fill(0, length, length + 8);
  } else {
    out.writeDoubleBE(value === 0 ? 0 : value, length);
    if (value < 0) for (let at = length; at < length + 8; at++) out[at] = ~(out[at] ?? 0) & 0xff;
    else out[length] = (out[length] ?? 0) | 0x80;
  }
  length += 8;
}

/** A number that no double equals: the double below it, then its decimal digits in an order-keeping form. */
function exact(parts: Parts): void {
  const { below, equal } = floorOf(parts);
  double(below);
  byte(equal ? 0 : 1);
  if (equal) return;
  const digits = parts.digits.toString().replace(/0+$/, '');
  const magnitude = parts.exponent + parts.digits.toString().length + 8192;
  const start = length;
  byte(magnitude >> 8);
  byte(magnitude & 0xff);
  name(digits);
  if (parts.negative) for (let at = start; at < length; at++) out[at] = ~(out[at] ?? 0) & 0xff;
}

function whole(value: bigint): void {
  const number = Number(value);
  if (BigInt(number) === value) {
    double(number);
    byte(0);
  } else {
    exact({ negative: value < 0n, digits: value < 0n ? -value : value, exponent: 0 });
  }
}

function bytes(value: Uint8Array): void {
  reserve(value.length);
  out.set(value, length);
  length += value.length;
}

function date(value: Date): void {
  byte(TAG.date);
  reserve(8);
  out.writeBigInt64BE(BigInt(Number.isNaN(value.getTime()) ? 0 : value.getTime()), length);
  out[length] = (out[length] ?? 0) ^ 0x80;
  length += 8;
}

function write(value: unknown): void {
  switch (typeof value) {
    case 'string':
      byte(TAG.string);
      text(value);
      return;
    case 'number':
      byte(TAG.number);
      double(value);
      byte(0);
      return;
    case 'boolean':
      byte(TAG.boolean);
      byte(value ? 1 : 0);
      return;
    case 'bigint':
      byte(TAG.number);
      whole(value);
      return;
    case 'object':
      break;
    default:
      byte(TAG.undefined);
      return;
  }
  if (value === null) byte(TAG.null);
  else if (Array.isArray(value)) {
    byte(TAG.array);
    for (const item of value) write(item);
    byte(0);
  } else if (value instanceof Date) date(value);
  else if (value instanceof RegExp) {
    byte(TAG.regex);
    name(value.source);
    name(value.flags);
  } else writeBson(value);
}

function writeBson(value: object): void {
  switch (bsonName(value)) {
    case 'Int32':
    case 'Double':
      write((value as Int32 | Double).valueOf());
      return;
    case 'Long':
      byte(TAG.number);
      whole((value as Long).toBigInt());
      return;
    case 'Decimal128': {
      byte(TAG.number);
      const parts = decimalParts((value as Decimal128).toString());
      if (typeof parts === 'number') {
        double(parts);
        byte(0);
      } else exact(parts);
      return;
    }
    case 'ObjectId':
      byte(TAG.objectId);
      bytes((value as ObjectId).id);
      return;
    case 'Binary': {
      const { buffer, sub_type, position } = value as Binary;
      byte(TAG.binary);
      reserve(5);
      length = out.writeUInt32BE(position, length);
      byte(sub_type);
      bytes(buffer.subarray(0, position));
      return;
    }
    case 'Timestamp':
      byte(TAG.timestamp);
      reserve(8);
      length = out.writeBigUInt64BE((value as Timestamp).toBigInt() & 0xffffffffffffffffn, length);
      return;
    case 'BSONRegExp':
      byte(TAG.regex);
      name((value as BSONRegExp).pattern);
      name((value as BSONRegExp).options);
      return;
    case 'BSONSymbol':
      write((value as BSONSymbol).value);
      return;
    case 'Code':
      byte(TAG.code);
      name((value as Code).code);
      return;
    case 'MinKey':
      byte(TAG.minKey);
      return;
    case 'MaxKey':
      byte(TAG.maxKey);
      return;
    default:
      writeFields(value);
  }
}

function writeFields(value: object): void {
  const doc = bsonName(value) === 'DBRef' ? (value as { toJSON(): Doc }).toJSON() : (value as Doc);
  byte(TAG.object);
  for (const key of Object.keys(doc)) {
    byte(tagOf(doc[key]));
    name(key);
    write(doc[key]);
  }
  byte(0);
}

/** The order-keeping bytes of one value. */
export function keyOf(value: unknown): Buffer {
  length = 0;
  write(value);
  return Buffer.from(out.subarray(0, length));
}

/** The same as a string, for maps and sets. Equal strings mean equal values in MongoDB's sense. */
export function keyText(value: unknown): string {
  length = 0;
  write(value);
  return out.toString('latin1', 0, length);
}

const TAG_BY_TYPE: Record<number, number> = {
  1: TAG.number,
  2: TAG.string,
  3: TAG.object,
  4: TAG.array,
  5: TAG.binary,
  6: TAG.undefined,
  7: TAG.objectId,
  8: TAG.boolean,
  9: TAG.date,
  10: TAG.null,
  11: TAG.regex,
  13: TAG.code,
  14: TAG.string,
  16: TAG.number,
  17: TAG.timestamp,
  18: TAG.number,
  19: TAG.number,
  [-1]: TAG.minKey,
  127: TAG.maxKey,
};

/** The type tag under which a value is ordered: MongoDB's "type bracket". */
export function tagOf(value: unknown): number {
  return TAG_BY_TYPE[typeCode(value)] ?? TAG.object;
}

/** The value of an int or double. */
function doubleOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const name = bsonName(value);
  return name === 'Int32' || name === 'Double' ? (value as Int32 | Double).valueOf() : undefined;
}

/** Compares two values in MongoDB's order: negative, zero or positive. */
export function compare(a: unknown, b: unknown): number {
  const [x, y] = [doubleOf(a), doubleOf(b)];
  if (x === y && x !== undefined) return 0;
  if (x !== undefined && y !== undefined && !Number.isNaN(x) && !Number.isNaN(y)) return x < y ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string' && a === b) return 0;
  return Buffer.compare(keyOf(a), keyOf(b));
}
