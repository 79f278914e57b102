/**
 * Long texts that are kept for a while: the list that a job was given, the sheets that it drew. Compressed, in pieces
 * that stay far below the 16 MB that a document may have and are read one by one, so that none needs much memory. The
 * database removes each on its day, whatever became of who kept it.
 */
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import mongoose from 'mongoose';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** How a text that is kept is found again. */
export interface KeptText {
  /** Random. */
  readonly text: string;
  readonly pieces: number;
}

interface Piece {
  /** `text/place`, places from 0. */
  _id: string;
  text: string;
  /** Bytes of UTF-8, gzip. */
  content: Buffer;
  expires: Date;
}

/** Bytes of a piece before it is compressed. */
const PIECE_BYTES = 512 * 1024;

const keptTexts = mongoose.model(
  'KeptText',
  new mongoose.Schema<Piece>(
    {
      _id: { type: String, required: true },
      text: { type: String, required: true },
      content: { type: Buffer, required: true },
      expires: { type: Date, required: true },
    },
    { collection: 'keptTexts', versionKey: false, writeConcern: { w: 'majority', j: true } },
  )
    .index({ text: 1 })
    .index({ expires: 1 }, { expireAfterSeconds: 0 }),
);

/**
 * Keeps a text that comes bit by bit.
 * @param expires when it may be removed
 * @throws what the bits throw; nothing of the text is left behind then
 */
export async function keepText(
  bits: AsyncIterable<string> | Iterable<string>,
  expires: Date,
): Promise<KeptText> {
  const text = randomBytes(12).toString('base64url');
  let pieces = 0;
  try {
    for await (const bytes of piecesOf(bits)) {
      await keptTexts.create({ _id: pieceId(text, pieces), text, content: await pack(bytes), expires });
      pieces += 1;
    }
  } catch (error) {
    await forgetText(text).catch(() => {});
    throw error;
  }
  return { text, pieces };
}

/** A text that is kept, piece by piece, as bytes of UTF-8. @throws {RangeError} where a piece of it is gone */
export async function* keptText({ text, pieces }: KeptText): AsyncGenerator<Buffer> {
  for (let place = 0; place < pieces; place += 1) {
    // Past Mongoose: bytes are read as they are.
    const found = await keptTexts.collection.findOne(
      { _id: pieceId(text, place) as never },
      { promoteBuffers: true },
    );
    if (!found) throw new RangeError(`piece ${place} of a kept text is gone`);
    yield await unpack((found as unknown as Piece).content);
  }
}

/** Removes a text before its day. */
export async function forgetText(text: string): Promise<void> {
  await keptTexts.deleteMany({ text });
}

async function* piecesOf(bits: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const bit of bits) {
    const bytes = Buffer.from(bit);
    waiting.push(bytes);
    size += bytes.length;
    if (size < PIECE_BYTES) continue;
    let rest = Buffer.concat(waiting);
    for (; rest.length >= PIECE_BYTES; rest = rest.subarray(PIECE_BYTES)) yield rest.subarray(0, PIECE_BYTES);
    waiting = [rest];
    size = rest.length;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

function pieceId(text: string, place: number): string {
  return `${text}/${place}`;
}
