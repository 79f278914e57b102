/** Reads the values of an index key back, so that what an index holds need not be fetched from the documents. */
import { Double, Long, ObjectId } from 'bson';
import type { Index } from '../storage/catalog.js';
import { inverted } from '../storage/indexKeys.js';
import type { Doc } from '../values.js';

/** Lengths of the parts whose length is fixed, tag included, by BSON type number (0 is missing). */
const LENGTHS: Record<number, number> = { 0: 1, 10: 1, 16: 10, 1: 10, 18: 10, 7: 13, 8: 2, 9: 9 };

/**
 * A document with the indexed fields of a key.
 * @returns undefined where the key does not tell the value exactly; the document must be fetched then
 */
export function docOfKey(index: Index, key: Buffer, types: Uint8Array): Doc | undefined {
  const doc: Doc = {};
  let at = 0;
  for (const [position, { path, descending }] of index.fields.entries()) {
    const type = types[position] ?? 0;
    const rest = descending ? inverted(key.subarray(at)) : key.subarray(at);
    const length = type === 2 ? stringLength(rest) : LENGTHS[type];
    if (length === undefined) return undefined;
    const value = readValue(type, rest.subarray(0, length));
    if (value === UNKNOWN) return undefined;
    if (value !== undefined) put(doc, path, value);
    at += length;
  }
  return doc;
}

const UNKNOWN = Symbol('unknown');

function readValue(type: number, part: Buffer): unknown {
  switch (type) {
    case 0:
      return undefined;
    case 10:
      return null;
    case 2:
      return textOf(part.subarray(1, -2));
    case 7:
      return new ObjectId(Uint8Array.from(part.subarray(1)));
    case 8:
      return part[1] === 1;
    case 9:
      return new Date(Number(part.readBigUInt64BE(1) - 2n ** 63n));
    default:
      return part[9] === 0 ? numberOf(type, part.subarray(1, 9)) : UNKNOWN;
  }
}

function numberOf(type: number, bytes: Buffer): unknown {
  const negative = ((bytes[0] ?? 0) & 0x80) === 0;
  const copy = negative ? inverted(bytes) : Buffer.from(bytes);
  if (!negative) copy[0] = (copy[0] ?? 0) & 0x7f;
  const number = copy.readDoubleBE(0);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return UNKNOWN;
  return type === 1 ? new Double(number) : type === 18 ? Long.fromNumber(number) : number;
}

function stringLength(rest: Buffer): number | undefined {
  for (let at = rest.indexOf(0, 1); at >= 0; at = rest.indexOf(0, at + 2)) {
    if (rest[at + 1] === 0) return at + 2;
  }
  return undefined;
}

function textOf(bytes: Buffer): string {
  return bytes.includes(0) ? unescaped(bytes) : bytes.toString('utf8');
}

function unescaped(bytes: Buffer): string {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    kept.push(bytes[at] ?? 0);
    if (bytes[at] === 0) at++;
  }
  return Buffer.from(kept).toString('utf8');
}

function put(doc: Doc, path: string[], value: unknown): void {
  let level = doc;
  for (const part of path.slice(0, -1)) {
    level[part] ??= {};
    level = level[part] as Doc;
  }
  level[path.at(-1) ?? ''] = value;
}
