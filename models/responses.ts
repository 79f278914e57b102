/**
 * Responses: one person's answers, append-only. The document holds nothing that tells who answered: no name, no
 * address, no device, no time finer than the day, and its id is random.
 */
import { isDeepStrictEqual } from 'node:util';
import mongoose from 'mongoose';
import { type AnswerPart, answerPartReader } from './answerParts.js';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';

/** A Likert level or a percentage, an option code, several option codes, or free text. */
export type Answer = number | string | string[];

/**
 * What makes a response worth a second look: answered faster than anybody reads, every item at the same level, one of
 * a burst of sends for one unit from one network. In order of the alphabet, as they are stored.
 */
export const FLAGS = ['burst', 'fast', 'same'] as const;
export type Flag = (typeof FLAGS)[number];

/** How people come to the form. */
const CHANNELS = ['link', 'qr', 'invitation', 'paper', 'kiosk'] as const;

export interface Response {
  /** Made from the submission key (idempotency key): a repeated send is the same document. */
  _id: string;
  round: string;
  unit: string;
  survey: string;
  version: number;
  service: string;
  channel: (typeof CHANNELS)[number];
  /** By item code; an item left blank has no entry, "không có ý kiến" is 0. */
  answers: Record<string, Answer>;
  language: string;
  day: Day;
  /**
   * Quality flags, in order, mostly none. Only these outlast a send: the seconds and the network they are judged by
   * are never stored. A flag removes nothing; the office sees its share per unit. Responses stored before there were
   * flags have none.
   */
  flags: Flag[];
  /**
   * The generation of tallies that has counted it (server/results/counting.ts); none yet where there is none. The same
   * for all that are counted, so that it tells nothing about when this one was sent.
   */
  counted?: number;
}

/** The collection, for the files of its queries in this folder alone. */
export const responses = mongoose.model(
  'Response',
  new mongoose.Schema<Response>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      survey: { type: String, required: true },
      version: { type: Number, required: true },
      service: { type: String, required: true },
      channel: { type: String, enum: CHANNELS, required: true },
      answers: { type: mongoose.Schema.Types.Mixed, required: true },
      language: { type: String, required: true },
      day: { type: String, required: true },
      flags: { type: [{ type: String, enum: FLAGS }], required: true },
      counted: { type: Number },
    },
    {
      collection: 'responses',
      versionKey: false,
      minimize: false,
      // "Đã nhận phiếu" may be said only once the answer is on disk.
      writeConcern: { w: 'majority', j: true },
    },
  )
    .index({ round: 1, day: 1, unit: 1, survey: 1 })
    .index({ round: 1, counted: 1, unit: 1 })
    .index({ round: 1, survey: 1, _id: 1 }),
);

/** What became of a submission. */
export type Submission = 'stored' | 'repeated' | 'conflict';

/**
 * Stores a response durably, once: one write, whose key tells a repeat from a new response.
 * @returns `repeated` where the same content is already stored under the key, `conflict` where other content is
 */
export async function submitResponse(response: Response): Promise<Submission> {
  try {
    await responses.create(response);
    return 'stored';
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const stored = await responseById(response._id);
    return stored && isSameSubmission(stored, response) ? 'repeated' : 'conflict';
  }
}

/**
 * Whether two sends are one: everything must be equal but the day, the language of the page and the flags, which a
 * retry changes, and whether the stored one is counted yet.
 */
export function isSameSubmission(one: Response, other: Response): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other));
}

function contentOf({
  day: _day,
  language: _language,
  flags: _flags,
  counted: _counted,
  ...content
}: Response) {
  return content;
}

/** The stored response of an id; null where there is none. */
export function responseById(id: string): Promise<Response | null> {
  return responses.findById(id).lean<Response>().exec();
}

/** How many responses a round has. */
export function countOfRound(round: string): Promise<number> {
  return responses.countDocuments({ round }).exec();
}

/** How many responses a round has of one day. */
export function countOfDay(round: string, day: Day): Promise<number> {
  return responses.countDocuments({ round, day }).exec();
}

/** The days on which a round has responses, in order. One look into the index for each, however many there are. */
export async function daysWithResponses(round: string): Promise<Day[]> {
  const days: Day[] = [];
  for (;;) {
    const [next] = await responses
      .find({ round, day: { $gt: days.at(-1) ?? ('' as Day) } }, { _id: 0, day: 1 })
      .sort({ day: 1 })
      .limit(1)
      .lean<{ day: Day }[]>();
    if (!next) return days;
    days.push(next.day);
  }
}

/** Responses of one day by unit and survey; answered from an index alone. */
export async function countsOfDay(
  round: string,
  day: Day,
): Promise<{ unit: string; survey: string; responses: number }[]> {
  const groups = await responses
    .aggregate<{ _id: { unit: string; survey: string }; responses: number }>([
      { $match: { round, day } },
      { $group: { _id: { unit: '$unit', survey: '$survey' }, responses: { $sum: 1 } } },
    ])
    .exec();
  return groups.map(({ _id, responses }) => ({ ..._id, responses }));
}

/**
 * Every response of a round to one survey, in batches, as far as it answers these items, in the order of the ids. Those
 * are random or keyed digests, so their order tells nothing of when or where a response was sent; any other order that
 * an index has would.
 */
export async function* eachAnswerPart(
  round: string,
  survey: string,
  items: readonly string[],
): AsyncGenerator<AnswerPart[]> {
  const read = answerPartReader(items);
  const cursor = responses.collection.find(
    { round, survey },
    { sort: { _id: 1 }, batchSize: 250, raw: true },
  );
  const next = async () => ((await cursor.hasNext()) ? cursor.readBufferedDocuments() : null);
  try {
    // The database is asked for the next batch while this one is worked on.
    for (let batch = await next(); batch !== null; ) {
      const following = next();
      // Where nobody reads on, its failure is nobody's either.
      following.catch(() => {});
      yield batch.map((bytes) => read(bytes as unknown as Buffer));
      batch = await following;
    }
  } finally {
    await cursor.close();
  }
}

/** Adds many responses at once, durably; keys already stored are left as they are. */
export async function addResponses(batch: readonly Response[]): Promise<void> {
  await responses.bulkWrite(
    batch.map(({ _id, ...content }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: content }, upsert: true },
    })),
    { ordered: false, writeConcern: { w: 'majority', j: true } },
  );
}

/** Every response of a round as it is stored, one by one, in no order that means anything. */
export async function* everyResponse(round: string): AsyncGenerator<Response> {
  // Past Mongoose, which would look at each answer of each response; in batches after which others have their turn.
  const cursor = responses.collection.find({ round }, { batchSize: 500 });
  for await (const response of cursor) yield response as unknown as Response;
}
