/**
 * Reads of a stored response what a file of single responses is made of, and nothing else: made into objects, the forty
 * answers of each of half a million responses would take most of the time, and most of the memory, that the file takes.
 */
import type { Answer } from './responses.js';

/** What of a response a file of single responses is made of. */
export interface AnswerPart {
  readonly unit: string;
  readonly service: string;
  /** The answers to the items that were asked for, in their order; null for a blank. */
  readonly answers: readonly (Answer | null)[];
}

/** Types of BSON elements that a response has. Source: bsonspec.org, version 1.1. */
const DOUBLE = 1;
const STRING = 2;
const DOCUMENT = 3;
const ARRAY = 4;
const INT = 16;

/** How many bytes the values of the types take that always take as many. */
const SIZES: Readonly<Record<number, number>> = {
  [DOUBLE]: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  [INT]: 4,
  17: 8,
  18: 8,
  19: 16,
};

type Visit = (name: number, type: number, offset: number) => void;

/**
 * A reader of responses as they are stored. @param items codes of the items asked for
 * @throws {RangeError} in reading what is no response
 */
export function answerPartReader(items: readonly string[]): (bytes: Buffer) => AnswerPart {
  const places = new Map(items.map((code, index) => [keyOf(code), index]));
  const [UNIT, SERVICE, ANSWERS] = [keyOf('unit'), keyOf('service'), keyOf('answers')];
  return (bytes) => {
    const answers: (Answer | null)[] = new Array(items.length).fill(null);
    let [unit, service] = ['', ''];
    const visitAnswer: Visit = (name, type, offset) => {
      const place = places.get(name);
      if (place !== undefined) answers[place] = answerAt(bytes, type, offset);
    };
    eachElement(bytes, 0, (name, type, offset) => {
      if (name === UNIT) unit = textAt(bytes, offset);
      else if (name === SERVICE) service = textAt(bytes, offset);
      else if (name === ANSWERS && type === DOCUMENT) eachElement(bytes, offset, visitAnswer);
    });
    return { unit, service, answers };
  };
}

/** Visits each element of a document; only those of nested documents are not visited. */
function eachElement(bytes: Buffer, start: number, visit: Visit): void {
  let at = start + 4;
  for (let type = bytes[at] ?? 0; type !== 0; type = bytes[at] ?? 0) {
    let name = 0;
    // Item codes have three letters at most; of longer names the last four and a half tell them apart.
    for (at += 1; bytes[at] !== 0; at += 1) {
      if (at >= bytes.length) throw new RangeError('not a document');
      name = (name << 7) | (bytes[at] ?? 0);
    }
    at += 1;
    visit(name, type, at);
    at += sizeAt(bytes, type, at);
  }
}

function sizeAt(bytes: Buffer, type: number, offset: number): number {
  const size = SIZES[type];
  if (size !== undefined) return size;
  const length = bytes.readInt32LE(offset);
  if (type === DOCUMENT || type === ARRAY) return length;
  if (type === STRING) return 4 + length;
  if (type === 5) return 5 + length;
  throw new RangeError(`a response has no element of type ${type}`);
}

function keyOf(name: string): number {
  let key = 0;
  for (const byte of Buffer.from(name)) key = (key << 7) | byte;
  return key;
}

function answerAt(bytes: Buffer, type: number, offset: number): Answer | null {
  if (type === INT) return bytes.readInt32LE(offset);
  if (type === DOUBLE) return bytes.readDoubleLE(offset);
  if (type === STRING) return textAt(bytes, offset);
  if (type !== ARRAY) return null;
  const options: string[] = [];
  eachElement(bytes, offset, (_name, kind, value) => {
    if (kind === STRING) options.push(textAt(bytes, value));
  });
  return options;
}

function textAt(bytes: Buffer, offset: number): string {
  return bytes.toString('utf8', offset + 4, offset + 3 + bytes.readInt32LE(offset));
}
