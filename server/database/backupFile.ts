/**
 * The backup file: a gzip stream of frames, each one byte of kind, four bytes of length (little endian) and a payload.
 *
 *     H  BSON {magic, version, database}             first
 *     C  BSON {name, options, indexes}               opens a collection
 *     D  the BSON bytes of one document, as stored   any number
 *     E  BSON {name, count, sha256}                  closes it: how many D, and the hash of their bytes
 *     T  BSON {collections, sha256}                  last: the hash of all frames before it
 *
 * Whoever has read the T and found every count and hash right has read the whole file as it was written.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;

const MAGIC = 'citizen-survey-backup';
const VERSION = 1;
const LARGEST_FRAME = 17 * 1024 * 1024;

type Kind = 'H' | 'C' | 'D' | 'E' | 'T';
type Fields = Record<string, unknown>;

/** What a backup knows of a collection beside its documents. */
export interface CollectionInfo {
  name: string;
  options: Fields;
  indexes: Fields[];
}

/** What a reader is told, in the order of the file. */
export type BackupEvent =
  | { kind: 'collection'; info: CollectionInfo }
  | { kind: 'document'; bytes: Buffer }
  | { kind: 'end'; name: string; count: number };

/** Why a file is not restored: cut short, altered, or not a backup at all. */
class BackupFileError extends Error {}

/** Turns a database's content into the frames of a file, hashing on the way. */
export class BackupFrames {
  readonly #whole = createHash('sha256');
  #collection = createHash('sha256');
  #count = 0;
  #collections = 0;

  header(database: string): Buffer {
    return this.#frame('H', BSON.serialize({ magic: MAGIC, version: VERSION, database }));
  }

  collection(info: CollectionInfo): Buffer {
    this.#collection = createHash('sha256');
    this.#count = 0;
    this.#collections++;
    return this.#frame('C', BSON.serialize(info));
  }

  document(bytes: Uint8Array): Buffer {
    this.#collection.update(bytes);
    this.#count++;
    return this.#frame('D', bytes);
  }

  end(name: string): Buffer {
    return this.#frame(
      'E',
      BSON.serialize({ name, count: this.#count, sha256: this.#collection.digest('hex') }),
    );
  }

  trailer(): Buffer {
    return this.#frame(
      'T',
      BSON.serialize({ collections: this.#collections, sha256: this.#whole.copy().digest('hex') }),
    );
  }

  #frame(kind: Kind, payload: Uint8Array): Buffer {
    const frame = Buffer.allocUnsafe(5 + payload.length);
    frame.write(kind, 0, 'latin1');
    frame.writeUInt32LE(payload.length, 1);
    frame.set(payload, 5);
    this.#whole.update(frame);
    return frame;
  }
}

/**
 * Reads a backup file from beginning to end.
 * @throws BackupFileError as soon as something is wrong; until the end has been reached nothing is proven
 */
export async function* readBackup(file: string): AsyncGenerator<BackupEvent> {
  const whole = createHash('sha256');
  let collection = createHash('sha256');
  let count = 0;
  let collections = 0;
  let open: string | undefined;
  let state: 'start' | 'body' | 'finished' = 'start';
  for await (const { kind, payload, frame } of frames(file)) {
    if (state === 'finished') throw new BackupFileError('The file goes on after its end.');
    if (kind === 'T') {
      const { sha256, collections: expected } = decode(payload);
      if (sha256 !== whole.digest('hex') || expected !== collections || open !== undefined) throw altered();
      state = 'finished';
      continue;
    }
    whole.update(frame);
    if (state === 'start') {
      checkHeader(kind, payload);
      state = 'body';
    } else if (kind === 'C' && open === undefined) {
      const info = decode(payload) as unknown as CollectionInfo;
      open = info.name;
      collection = createHash('sha256');
      count = 0;
      collections++;
      yield { kind: 'collection', info };
    } else if (kind === 'D' && open !== undefined) {
      collection.update(payload);
      count++;
      yield { kind: 'document', bytes: payload };
    } else if (kind === 'E' && open !== undefined) {
      const end = decode(payload);
      if (end.name !== open || end.count !== count || end.sha256 !== collection.digest('hex'))
        throw altered();
      yield { kind: 'end', name: open, count };
      open = undefined;
    } else throw altered();
  }
  if (state !== 'finished') throw new BackupFileError('The file is cut short: its end is missing.');
}

function altered(): BackupFileError {
  return new BackupFileError(
    'The file has been altered: its counts or hashes do not agree with its content.',
  );
}

function foreign(): BackupFileError {
  return new BackupFileError('The file is not a backup of this program.');
}

function checkHeader(kind: string, payload: Buffer): void {
  const header = kind === 'H' ? decode(payload) : {};
  if (header.magic !== MAGIC) throw foreign();
  if (header.version !== VERSION)
    throw new BackupFileError(
      `The file is of version ${String(header.version)}; this program reads version ${VERSION}.`,
    );
}

function decode(payload: Buffer): Fields {
  try {
    return BSON.deserialize(payload, { promoteValues: true }) as Fields;
  } catch {
    throw altered();
  }
}

async function* frames(file: string): AsyncGenerator<{ kind: string; payload: Buffer; frame: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  try {
    for await (const chunk of unzipped(file)) {
      rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      let at = 0;
      while (rest.length - at >= 5) {
        const kind = rest.toString('latin1', at, at + 1);
        const size = rest.readUInt32LE(at + 1);
        if (!'HCDET'.includes(kind) || size > LARGEST_FRAME) throw first ? foreign() : altered();
        if (rest.length - at < 5 + size) break;
        const frame = rest.subarray(at, at + 5 + size);
        yield { kind, payload: frame.subarray(5), frame };
        first = false;
        at += frame.length;
      }
      rest = rest.subarray(at);
    }
  } catch (error) {
    throw fileError(error, first);
  }
  if (rest.length > 0)
    throw first ? foreign() : new BackupFileError('The file is cut short: its end is missing.');
}

function unzipped(file: string): Readable {
  const gunzip = createGunzip();
  pipeline(createReadStream(file), gunzip, () => {});
  return gunzip;
}

function fileError(error: unknown, first: boolean): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('Z_')) return error;
  if (code === 'Z_BUF_ERROR') return new BackupFileError('The file is cut short: its end is missing.');
  return first ? foreign() : altered();
}
