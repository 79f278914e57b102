/** Expressions on strings, arrays, sets and BSON's own types that must see values as MongoDB does. */
import { type Binary, BSON, Long, type Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { keyText } from '../query/keys.js';
import { asNumber, bsonName, type Doc, isDoc, isTruthy, typeName } from '../values.js';
import { isNil, type Operator, ofList, ofOne, orNull } from './operands.js';

/** What string operators make of a value: of null nothing. @throws CommandError 16007. */
function textOf(value: unknown): string {
  if (isNil(value)) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || asNumber(value) !== undefined) return String(value);
  throw new CommandError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

/** A value that must be a string, a whole number or an array. */
function must<T>(value: unknown, fits: (value: unknown) => value is T, code: number, what: string): T {
  if (fits(value)) return value;
  throw new CommandError(code, `${what}, found: ${typeName(value)}`);
}
const isText = (value: unknown): value is string => typeof value === 'string';
const isArray = (value: unknown): value is unknown[] => Array.isArray(value);

function wholeIn(value: unknown, code: number, what: string): number {
  const number = asNumber(value);
  if (number === undefined || !Number.isInteger(number)) throw new CommandError(code, what);
  return number;
}

function substring(value: unknown, start: unknown, length: unknown): string {
  const bytes = Buffer.from(textOf(value));
  const from = wholeIn(start, 16034, '$substrBytes:  starting index must be a numeric type');
  const count = wholeIn(length, 16035, '$substrBytes:  length must be a numeric type');
  if (from < 0) throw new CommandError(50752, '$substrBytes:  starting index must be non-negative');
  const end = count < 0 ? bytes.length : from + count;
  const within = (at: number) => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (within(from))
    throw new CommandError(
      28656,
      '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.',
    );
  if (within(end))
    throw new CommandError(
      28657,
      '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.',
    );
  return bytes.toString('utf8', from, end);
}

function substringOfPoints(value: unknown, start: unknown, length: unknown): string {
  const [from, count] = [start, length].map((given, at) =>
    wholeIn(given, 34450 + 2 * at + (asNumber(given) === undefined ? 0 : 1), '$substrCP takes whole numbers'),
  ) as [number, number];
  if (count < 0) throw new CommandError(34454, '$substrCP: length must be a nonnegative integer.');
  if (from < 0) throw new CommandError(34455, '$substrCP: the starting index must be nonnegative integer.');
  return [...textOf(value)].slice(from, from + count).join('');
}

/** Where something begins in a list of parts, between two places; -1 where it does not. */
function indexIn(name: string, all: unknown[], wanted: unknown[], [start = 0, end]: unknown[]): number {
  const from = wholeIn(start, 40096, `${name} requires an integral starting index`);
  const to =
    end === undefined ? all.length : wholeIn(end, 40096, `${name} requires an integral ending index`);
  if (from < 0 || to < 0) throw new CommandError(40097, `${name} requires a nonnegative index`);
  for (let at = from; at + wanted.length <= Math.min(to, all.length); at++)
    if (wanted.every((part, offset) => all[at + offset] === part)) return at;
  return -1;
}

function indexOfText(name: string, parts: (text: string) => Iterable<unknown>): Operator {
  return ofList((text, found, ...range) => {
    if (isNil(text)) return null;
    const [whole, part] = [text, found].map((value) =>
      must(value, isText, 40091, `${name} requires a string`),
    );
    return indexIn(name, [...parts(whole ?? '')], [...parts(part ?? '')], range);
  });
}

const ASCII = {
  upper: (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  lower: (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
};

/** The elements of an array by what they equal. */
function setOf(name: string, value: unknown): Map<string, unknown> {
  const items = must(value, isArray, 17043, `All operands of ${name} must be arrays`);
  const found = new Map<string, unknown>();
  for (const item of items) if (!found.has(keyText(item))) found.set(keyText(item), item);
  return found;
}

type Combine = (first: Map<string, unknown>, ...others: Map<string, unknown>[]) => unknown;

function ofSets(name: string, combine: Combine): [string, Operator] {
  const run = (...values: unknown[]) => {
    const [first = new Map(), ...others] = values.map((value) => setOf(name, value));
    return combine(first, ...others);
  };
  return [name, ofList(name === '$setEquals' || name === '$setIsSubset' ? run : orNull(run))];
}

const isIn = (set: Map<string, unknown>, other: Map<string, unknown>) =>
  [...set.keys()].every((key) => other.has(key));

const SETS: Record<string, Combine> = {
  $setUnion: (...sets) => [...new Map(sets.flatMap((set) => [...set])).values()],
  $setIntersection: (first, ...others) =>
    [...first].filter(([key]) => others.every((set) => set.has(key))).map(([, value]) => value),
  $setDifference: (first, ...others) =>
    [...first].filter(([key]) => !others.some((set) => set.has(key))).map(([, value]) => value),
  $setEquals: (first, ...others) => others.every((set) => isIn(first, set) && isIn(set, first)),
  $setIsSubset: (first, ...others) => others.every((set) => isIn(first, set)),
};

function endOf(name: string, at: number): Operator {
  return ofOne((value) =>
    isNil(value) ? null : must(value, isArray, 28689, `${name}'s argument must be an array`).at(at),
  );
}

/** `$slice`: so many from an end, or so many from a place on. */
function sliced(array: unknown, ...[first, second]: unknown[]): unknown[] {
  const items = must(array, isArray, 28724, 'First argument to $slice must be an array');
  const from = wholeIn(first, 28725, 'Second argument to $slice must be a numeric value');
  if (second === undefined) return from < 0 ? items.slice(from) : items.slice(0, from);
  const count = wholeIn(second, 28727, 'Third argument to $slice must be numeric');
  if (count <= 0) throw new CommandError(28729, `Third argument to $slice must be positive: ${count}`);
  const start = from < 0 ? Math.max(items.length + from, 0) : from;
  return items.slice(start, start + count);
}

function pairOf(item: unknown): [string, unknown] {
  const [key, value] = Array.isArray(item) ? item : isDoc(item) ? [item.k, item.v] : [];
  if (typeof key === 'string') return [key, value];
  throw new CommandError(40386, '$arrayToObject requires pairs of a string and a value');
}

export const VALUE_OPERATORS: Record<string, Operator> = {
  $toUpper: ofOne((value) => ASCII.upper(textOf(value))),
  $toLower: ofOne((value) => ASCII.lower(textOf(value))),
  $strcasecmp: ofList((left, right) =>
    Math.sign(
      Buffer.compare(
        ...([left, right].map((one) => Buffer.from(ASCII.upper(textOf(one)))) as [Buffer, Buffer]),
      ),
    ),
  ),
  $concat: ofList((...values) => {
    let made = '';
    for (const value of values) {
      if (isNil(value)) return null;
      made += must(value, isText, 16702, '$concat only supports strings');
    }
    return made;
  }),
  $strLenCP: ofOne((value) => [...must(value, isText, 34471, '$strLenCP requires a string argument')].length),
  $strLenBytes: ofOne((value) =>
    Buffer.byteLength(must(value, isText, 34473, '$strLenBytes requires a string argument')),
  ),
  $substr: ofList(substring),
  $substrBytes: ofList(substring),
  $substrCP: ofList(substringOfPoints),
  $indexOfCP: indexOfText('$indexOfCP', (text) => text),
  $indexOfBytes: indexOfText('$indexOfBytes', (text) => Buffer.from(text)),
  $indexOfArray: ofList((array, wanted, ...range) => {
    if (isNil(array)) return null;
    const all = must(array, isArray, 40090, '$indexOfArray requires an array as a first argument');
    return indexIn('$indexOfArray', all.map(keyText), [keyText(wanted)], range);
  }),
  $split: ofList(
    orNull((text, by) => {
      const whole = must(text, isText, 40085, '$split requires an expression that evaluates to a string');
      const separator = must(by, isText, 40086, '$split requires a string as a second argument');
      if (separator === '') throw new CommandError(40087, '$split requires a non-empty separator');
      return whole.split(separator);
    }),
  ),
  $slice: ofList(orNull(sliced)),
  $size: ofOne((value) => must(value, isArray, 17124, 'The argument to $size must be an array').length),
  $first: endOf('$first', 0),
  $last: endOf('$last', -1),
  $concatArrays: ofList((...values) => {
    const made: unknown[] = [];
    for (const value of values) {
      if (isNil(value)) return null;
      made.push(...must(value, isArray, 28664, '$concatArrays only supports arrays'));
    }
    return made;
  }),
  $in: ofList((wanted, array) => {
    const items = must(array, isArray, 40081, '$in requires an array as a second argument');
    return items.some((item) => keyText(item) === keyText(wanted));
  }),
  $arrayToObject: ofOne(
    orNull((array) =>
      Object.fromEntries(must(array, isArray, 40386, '$arrayToObject requires an array').map(pairOf)),
    ),
  ),
  $allElementsTrue: ofOne((set) =>
    must(set, isArray, 17040, '$allElementsTrue takes an array').every(isTruthy),
  ),
  $anyElementTrue: ofOne((set) => must(set, isArray, 17041, '$anyElementTrue takes an array').some(isTruthy)),
  ...Object.fromEntries(Object.entries(SETS).map(([name, combine]) => ofSets(name, combine))),
  $tsSecond: ofOne(orNull((value) => Long.fromNumber((value as Timestamp).t))),
  $tsIncrement: ofOne(orNull((value) => Long.fromNumber((value as Timestamp).i))),
  $binarySize: ofOne(
    orNull((value) => {
      if (typeof value === 'string') return Buffer.byteLength(value);
      if (bsonName(value) === 'Binary') return (value as Binary).position;
      throw new CommandError(
        51276,
        `$binarySize requires a string or BinData argument, found: ${typeName(value)}`,
      );
    }),
  ),
  $bsonSize: ofOne(
    orNull((value) => {
      if (isDoc(value)) return BSON.calculateObjectSize(value as Doc);
      throw new CommandError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
    }),
  ),
};
