/**
 * BSON values as the engine holds them: Int32, Double and Long kept apart, so that what is written back is what came
 * in. Only mingo is given plain JavaScript values.
 */
import { BSON, type BSONRegExp, type Decimal128, type Double, type Int32, Long } from 'bson';
import { CommandError } from './errors.js';

export type Doc = Record<string, unknown>;

const TYPED = { promoteValues: false, bsonRegExp: true } as const;

/** Decodes BSON bytes keeping every number's type. @throws BSONError for malformed bytes. */
export function decode(bytes: Uint8Array): Doc {
  return BSON.deserialize(bytes, TYPED) as Doc;
}

/** BSON bytes of a document. */
export function encode(doc: Doc): Uint8Array {
  return BSON.serialize(doc, { ignoreUndefined: false });
}

/** The name bson gives to the class of a value (`Int32`, `ObjectId` …), or undefined for plain JavaScript. */
export function bsonName(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null
    ? (value as { _bsontype?: string })._bsontype
    : undefined;
}

/** Whether the value is an embedded document (not an array, date or BSON scalar). */
export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof Date || value instanceof RegExp || value instanceof Uint8Array) return false;
  const name = (value as { _bsontype?: unknown })._bsontype;
  return name === undefined || name === 'DBRef';
}

/** The JavaScript number of any BSON number but Decimal128, or undefined. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const name = bsonName(value);
  if (name === 'Int32' || name === 'Double') return (value as Int32 | Double).valueOf();
  if (name === 'Long') return (value as Long).toNumber();
  if (name === 'Decimal128') return Number((value as Decimal128).toString());
  return undefined;
}

/** Whether the value counts as true where MongoDB takes a flag: numbers but 0, everything but null and missing. */
export function isTruthy(value: unknown): boolean {
  const number = asNumber(value);
  return number === undefined ? value !== false && value !== null && value !== undefined : number !== 0;
}

/** The same value with numbers as JavaScript numbers (Longs beyond 2^53 stay), as mingo takes them. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  const name = bsonName(value);
  if (name === 'Int32' || name === 'Double') return (value as Int32 | Double).valueOf();
  if (name === 'Long') {
    const number = (value as Long).toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  if (!isDoc(value) || name !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]));
}

const TYPE_CODES: Record<string, number> = {
  Double: 1,
  DBRef: 3,
  Binary: 5,
  ObjectId: 7,
  BSONRegExp: 11,
  Code: 13,
  BSONSymbol: 14,
  Int32: 16,
  Timestamp: 17,
  Long: 18,
  Decimal128: 19,
  MinKey: -1,
  MaxKey: 127,
};

/** BSON's type number of a value. */
export function typeCode(value: unknown): number {
  if (value === undefined) return 6;
  if (value === null) return 10;
  if (typeof value === 'string') return 2;
  if (typeof value === 'boolean') return 8;
  if (typeof value === 'bigint') return 18;
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0) ? 16 : 1;
  }
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  if (value instanceof RegExp) return 11;
  return TYPE_CODES[bsonName(value) ?? 'DBRef'] ?? 3;
}

const TYPE_NAMES: Record<string, number> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

/** The BSON type number that MongoDB's alias stands for (`string` → 2), or undefined for an unknown alias. */
export function typeByName(name: string): number | undefined {
  return TYPE_NAMES[name];
}

/** MongoDB's alias of a value's type, as its error messages use it (`string`, `int` …). */
export function typeName(value: unknown): string {
  const code = typeCode(value);
  return Object.entries(TYPE_NAMES).find(([, number]) => number === code)?.[0] ?? 'object';
}

/** Whether the value is a BSON or JavaScript regular expression. */
export function isRegExp(value: unknown): boolean {
  return value instanceof RegExp || bsonName(value) === 'BSONRegExp';
}

/**
 * The JavaScript pattern of a BSON regular expression; `x` (free spacing) is carried out by removing the space.
 * @throws CommandError 51091 for one that cannot be compiled
 */
export function toRegExp(pattern: string, flags: string): RegExp {
  let source = pattern;
  if (flags.includes('x')) source = source.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, keepEscapes);
  const inline = /^\(\?([ims]+)\)/.exec(source);
  if (inline) source = source.slice(inline[0].length);
  const wanted = [...new Set(`${flags}${inline?.[1] ?? ''}`)].filter((flag) => 'ims'.includes(flag));
  try {
    return new RegExp(source, wanted.join(''));
  } catch (error) {
    throw new CommandError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

function keepEscapes(part: string): string {
  return part.startsWith('\\') || part.startsWith('[') ? part : '';
}

/** A BSON or JavaScript regular expression as a RegExp, or undefined for any other value. */
export function asRegExp(value: unknown): RegExp | undefined {
  if (value instanceof RegExp) return value;
  if (bsonName(value) !== 'BSONRegExp') return undefined;
  const { pattern, options } = value as BSONRegExp;
  return toRegExp(pattern, options);
}

/** Whether two numbers held in the engine are both whole and fit the given Long arithmetic. */
export function asLong(value: unknown): Long | undefined {
  if (bsonName(value) === 'Long') return value as Long;
  const number = asNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? Long.fromNumber(number) : undefined;
}
