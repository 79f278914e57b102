/** Responses that tallies have not counted yet: found, and marked once they are (server/results/counting.ts). */
import { type Response, responses } from './responses.js';

/** What figures are made of. */
export type CountedPart = Pick<
  Response,
  '_id' | 'unit' | 'survey' | 'service' | 'channel' | 'answers' | 'day'
> &
  Partial<Pick<Response, 'flags'>>;

/**
 * Responses of a round, or of one unit of it, that a generation of tallies has not counted: each once, in the order of
 * the units where none of them is counted meanwhile. Every one stored before the call, and not marked before it
 * returns, is among them, unless there are more than `limit`.
 */
export async function uncountedResponses(
  round: string,
  generation: number,
  limit: number,
  unit?: string,
): Promise<CountedPart[]> {
  const found = new Map<string, CountedPart>();
  // The unmarked first: a mark of an earlier generation may still be set meanwhile, and is then met in the second read.
  for (const counted of [null, { $lt: generation }]) {
    if (found.size >= limit) break;
    const filter = unit === undefined ? { round, counted } : { round, counted, unit };
    for (const one of await countedParts(filter, limit - found.size)) found.set(one._id, one);
  }
  return [...found.values()];
}

/** The responses of these ids; ids that have none are left out. */
export function responsesByIds(ids: readonly string[]): Promise<CountedPart[]> {
  return countedParts({ _id: { $in: [...ids] } }, ids.length);
}

async function countedParts(filter: object, limit: number): Promise<CountedPart[]> {
  // Past Mongoose, which would look at each answer of each response.
  const found = await responses.collection
    .find(filter, {
      projection: { unit: 1, survey: 1, service: 1, channel: 1, answers: 1, flags: 1, day: 1 },
      limit,
      batchSize: 10_000,
    })
    .toArray();
  return found as unknown as CountedPart[];
}

/** Marks responses as counted by a generation; a mark of a later one stays. */
export async function markCounted(ids: readonly string[], generation: number): Promise<void> {
  await responses.updateMany(
    { _id: { $in: [...ids] } },
    { $max: { counted: generation } },
    { writeConcern: { w: 'majority', j: true } },
  );
}

/** The latest generation that any response of a round is marked with; 0 where none is. */
export async function latestMark(round: string): Promise<number> {
  const [latest] = await responses
    .find({ round, counted: { $gt: 0 } }, { counted: 1 })
    .sort({ counted: -1 })
    .limit(1)
    .lean<{ counted: number }[]>();
  return latest?.counted ?? 0;
}
