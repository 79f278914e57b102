/** Stages on streams of chunks: those that count, order, group or pick from more than one chunk. */
import { CommandError } from '../errors.js';
import type { SortSpec } from '../query/scans.js';
import { Sorter } from '../query/sorter.js';
import { sortKeys } from '../query/sortKeys.js';
import { Turns } from '../query/turns.js';
import { asNumber, type Doc } from '../values.js';
import type { Grouping } from './group.js';
import type { Docs } from './pipeline.js';

/** Each chunk by itself. */
export async function* mapChunks(input: Docs, stage: (docs: Doc[]) => Doc[]): AsyncGenerator<Doc[]> {
  for await (const chunk of input) {
    const made = stage(chunk);
    if (made.length > 0) yield made;
  }
}

/** `$limit`: stops reading once it has enough. */
export async function* limited(input: Docs, limit: number): AsyncGenerator<Doc[]> {
  let left = limit;
  for await (const chunk of input) {
    yield chunk.slice(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** `$skip`. */
export async function* skipped(input: Docs, skip: number): AsyncGenerator<Doc[]> {
  let left = skip;
  for await (const chunk of input) {
    if (left < chunk.length) yield chunk.slice(left);
    left = Math.max(left - chunk.length, 0);
  }
}

/** `$sort`, in memory; where a $limit follows, only so many are kept. */
export async function* sorted(
  input: Docs,
  spec: SortSpec,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Doc[]> {
  const keyOf = sortKeys(spec);
  const sorter = new Sorter<Doc>(limit);
  for await (const chunk of input) for (const doc of chunk) sorter.add(keyOf(doc), doc);
  yield* withPauses(sorter.sorted());
}

/** Chunks that are ready, with turns for others in between. */
async function* withPauses(chunks: Iterable<Doc[]>): AsyncGenerator<Doc[]> {
  const turns = new Turns();
  for (const chunk of chunks) {
    if (chunk.length > 0) yield chunk;
    await turns.pause();
  }
}

/** A list as chunks. */
export function* inChunks(docs: Doc[]): Generator<Doc[]> {
  for (let at = 0; at < docs.length; at += 256) yield docs.slice(at, at + 256);
}

/** `$group`. */
export async function* grouped(input: Docs, grouping: Grouping): AsyncGenerator<Doc[]> {
  for await (const chunk of input) for (const doc of chunk) grouping.add(doc);
  yield* withPauses(grouping.results());
}

/** `$count`. @throws CommandError 40156 … for a field that cannot be. */
export async function* counted(input: Docs, name: unknown): AsyncGenerator<Doc[]> {
  if (typeof name !== 'string') throw new CommandError(40156, 'the count field must be a string');
  if (name === '') throw new CommandError(40157, 'the count field must be a non-empty string');
  if (name.startsWith('$')) throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (name.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  let count = 0;
  for await (const chunk of input) count += chunk.length;
  if (count > 0) yield [{ [name]: count }];
}

/** `$sample`: each document is as likely as another. @throws CommandError 28746, 28747. */
export async function* sampled(input: Docs, size: unknown): AsyncGenerator<Doc[]> {
  const wanted = asNumber(size);
  if (wanted === undefined) throw new CommandError(28746, 'size argument to $sample must be a number');
  if (wanted < 0) throw new CommandError(28747, 'size argument to $sample must not be negative');
  const kept: Doc[] = [];
  let seen = 0;
  for await (const chunk of input) {
    for (const doc of chunk) {
      seen++;
      if (kept.length < wanted) kept.push(doc);
      else {
        const at = Math.floor(Math.random() * seen);
        if (at < wanted) kept[at] = doc;
      }
    }
  }
  yield* inChunks(kept);
}

/** All documents at once. */
export async function all(input: Docs): Promise<Doc[]> {
  const docs: Doc[] = [];
  for await (const chunk of input) for (const doc of chunk) docs.push(doc);
  return docs;
}
