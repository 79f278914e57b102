/**
 * MongoDB's wire messages: OP_MSG in and out, OP_QUERY for the first hello of older clients. Replies are built from
 * documents or from stored bytes, so that a found document is sent as it lies in the file.
 */
import { Long } from 'bson';
import { CommandError } from '../errors.js';
import { type Doc, decode, encode } from '../values.js';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
export const OP_MSG = 2013;
/** The largest message that is taken, as hello announces it. */
export const LARGEST_MESSAGE = 48_000_000;

const CHECKSUM = 1;
const MORE_TO_COME = 2;
const REQUIRED_BITS = 0xffff;

export interface Request {
  id: number;
  opcode: number;
  /** The command document, with the documents of a sequence under its own name. */
  command: Doc;
  /** The stored form of the documents in a sequence, by the name of their field. */
  sequences: Map<string, Uint8Array[]>;
  /** The client waits for no answer. */
  silent: boolean;
}

/** One message from the bytes of exactly one message. @throws CommandError for what cannot be read. */
export function readMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_MSG) return readMsg(id, message);
  if (opcode === OP_QUERY) return readQuery(id, message);
  throw new CommandError(opcode === OP_COMPRESSED ? 115 : 5739101, `Unsupported opcode ${opcode}`);
}

function readMsg(id: number, message: Buffer): Request {
  const flags = message.readUInt32LE(16);
  if ((flags & REQUIRED_BITS & ~(CHECKSUM | MORE_TO_COME)) !== 0)
    throw new CommandError(2, `unknown required OP_MSG flags ${flags}`);
  const end = message.length - (flags & CHECKSUM ? 4 : 0);
  const sequences = new Map<string, Uint8Array[]>();
  let command: Doc | undefined;
  let at = 20;
  while (at < end) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end)
      throw new CommandError(22, 'a section of the message is longer than the message');
    if (kind === 0) {
      command = decode(message.subarray(at, at + size));
    } else if (kind === 1) {
      const nameEnd = message.indexOf(0, at + 4);
      const name = message.toString('utf8', at + 4, nameEnd);
      sequences.set(name, readSequence(message.subarray(nameEnd + 1, at + size)));
    } else throw new CommandError(40431, `Unknown section kind ${kind}`);
    at += size;
  }
  if (!command) throw new CommandError(40587, 'OP_MSG messages must have a body');
  for (const [name, docs] of sequences) {
    if (name in command)
      throw new CommandError(40432, `Duplicate field between body and document sequence ${name}`);
    command[name] = docs.map(decode);
  }
  return { id, opcode: OP_MSG, command, sequences, silent: (flags & MORE_TO_COME) !== 0 };
}

function readSequence(bytes: Buffer): Uint8Array[] {
  const docs: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > bytes.length)
      throw new CommandError(22, 'a document of the sequence is longer than the sequence');
    docs.push(bytes.subarray(at, at + size));
    at += size;
  }
  return docs;
}

function readQuery(id: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, 20);
  const namespace = message.toString('utf8', 20, nameEnd);
  const command = decode(message.subarray(nameEnd + 9));
  const inner = command.$query;
  const body = (typeof inner === 'object' && inner !== null ? inner : command) as Doc;
  return {
    id,
    opcode: OP_QUERY,
    command: { ...body, $db: namespace.split('.')[0] },
    sequences: new Map(),
    silent: false,
  };
}

/** What goes before the body of an answer. */
export function replyHead(request: { id: number; opcode: number }, bodyLength: number): Buffer {
  const head = Buffer.alloc(request.opcode === OP_QUERY ? 36 : 21);
  head.writeInt32LE(head.length + bodyLength, 0);
  head.writeInt32LE(request.id, 8);
  head.writeInt32LE(request.opcode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  if (request.opcode === OP_QUERY) head.writeInt32LE(1, 32);
  return head;
}

export interface CursorReply {
  field: 'firstBatch' | 'nextBatch';
  batch: Uint8Array[];
  id: bigint;
  namespace: string;
}

/** `{cursor: {firstBatch: […], id, ns}, ok: 1}` with the documents' bytes put in as they are, copied once. */
export function cursorReply({ field, batch, id, namespace }: CursorReply): Uint8Array {
  const empty = Buffer.from(
    encode({ cursor: { [field]: [], id: Long.fromBigInt(id), ns: namespace }, ok: 1 }),
  );
  const items = batch.flatMap((doc, at) => [Buffer.from(`\x03${at}\0`, 'latin1'), doc]);
  const more = items.reduce((sum, { length }) => sum + length, 0);
  // the reply, the cursor in it and the list in that each begin with their length
  const list = CURSOR_AT + 4 + 1 + field.length + 1;
  for (const at of [0, CURSOR_AT, list]) empty.writeInt32LE(empty.readInt32LE(at) + more, at);
  return Buffer.concat(
    [empty.subarray(0, list + 4), ...items, empty.subarray(list + 4)],
    empty.length + more,
  );
}

/** Where the cursor's document begins: after the reply's length and its first field's type and name. */
const CURSOR_AT = 4 + 1 + 'cursor'.length + 1;
