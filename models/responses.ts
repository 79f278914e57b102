/**
 * Responses: one person's answers, append-only. The document holds nothing that tells who answered: no name, no
 * address, no device, no time finer than the day, and its id is random.
 */
import { isDeepStrictEqual } from 'node:util';
import mongoose from 'mongoose';
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

export interface Response {
  /** Made from the submission key (idempotency key): a repeated send is the same document. */
  _id: string;
  round: string;
  unit: string;
  survey: string;
  version: number;
  service: string;
  channel: 'link' | 'qr' | 'invitation' | 'paper' | 'kiosk';
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
}

const responses = mongoose.model(
  'Response',
  new mongoose.Schema<Response>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      survey: { type: String, required: true },
      version: { type: Number, required: true },
      service: { type: String, required: true },
      channel: { type: String, enum: ['link', 'qr', 'invitation', 'paper', 'kiosk'], required: true },
      answers: { type: mongoose.Schema.Types.Mixed, required: true },
      language: { type: String, required: true },
      day: { type: String, required: true },
      flags: { type: [{ type: String, enum: FLAGS }], required: true },
    },
    {
      collection: 'responses',
      versionKey: false,
      minimize: false,
      // "Đã nhận phiếu" may be said only once the answer is on disk.
      writeConcern: { w: 'majority', j: true },
    },
  ).index({ round: 1, survey: 1, service: 1, unit: 1 }),
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
 * retry changes.
 */
export function isSameSubmission(one: Response, other: Response): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other));
}

function contentOf({ day: _day, language: _language, flags: _flags, ...content }: Response) {
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

/** Every response of a round, one by one, with only what figures are made of. */
export function responsesOfRound(
  round: string,
): AsyncIterable<
  Pick<Response, 'unit' | 'survey' | 'service' | 'answers'> & Partial<Pick<Response, 'flags'>>
> {
  return responses
    .find({ round }, { _id: 0, unit: 1, survey: 1, service: 1, answers: 1, flags: 1 })
    .sort({ round: 1, survey: 1, service: 1, unit: 1 })
    .lean<Response[]>()
    .cursor({ batchSize: 1000 });
}

/** Adds many responses at once, for imports; keys already stored are left as they are. */
export async function addResponses(batch: readonly Response[]): Promise<void> {
  await responses.bulkWrite(
    batch.map(({ _id, ...content }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: content }, upsert: true },
    })),
    { ordered: false },
  );
}
