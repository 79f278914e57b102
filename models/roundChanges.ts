/**
 * Every way in which a stored round changes: decided, opened and closed, published. Each is one write that holds only
 * where the round still is as whoever decided it saw it; of two at once the second is told so.
 */
import type { Day } from './day.js';
import {
  type Publication,
  type Round,
  type RoundAccess,
  type RoundEvent,
  type RoundState,
  rounds,
  roundsChanged,
} from './rounds.js';
import type { SamplingDesign } from './samplingDesign.js';

/** Stores a new draft. @throws MongoServerError 11000 where the code is taken */
export async function insertRound(round: Round): Promise<void> {
  await rounds.create(round);
  roundsChanged();
}

/**
 * Moves a round from one state to another, in one write with what changes along with it.
 * @param event what its history says of it; null where it is only put back
 * @returns false where it was not in `from` any more: somebody else was quicker
 */
export async function moveRound(
  code: string,
  from: RoundState,
  to: RoundState,
  change: Partial<Pick<Round, 'units' | 'closes' | 'closedOn' | 'design'>> = {},
  event: RoundEvent | null = null,
): Promise<boolean> {
  const result = await rounds.updateOne(
    { _id: code, state: from },
    { $set: { ...change, state: to }, ...(event ? { $push: { history: event } } : {}) },
  );
  roundsChanged();
  return result.matchedCount === 1;
}

/**
 * Begins an attempt at publishing a closed round, or at saying that nothing has changed since it was published; an
 * earlier attempt can no longer succeed.
 * @returns false where it is not closed (any more)
 */
export async function beginSealing(code: string, attempt: string): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed' },
    { $set: { sealing: attempt } },
  );
  return matchedCount === 1;
}

/**
 * Before answers come into a round otherwise than by its links: whatever attempt at publishing it is under way fails.
 * @returns false where the round takes none: it is published already, or a draft
 */
export async function stopSealing(code: string): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: { $in: ['open', 'closed'] } },
    { $unset: { sealing: '' } },
  );
  return matchedCount === 1;
}

/**
 * Publishes a round: the one write by which a revision is there or not, however the server ends.
 * @returns false where anything has come between since the attempt was begun
 */
export async function publishRound(
  code: string,
  publication: Publication,
  event: RoundEvent,
): Promise<boolean> {
  const { attempt, revision } = publication;
  const before =
    revision === 1 ? { 'publications.0': { $exists: false } } : { publications: { $size: revision - 1 } };
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed', sealing: attempt, ...before },
    {
      $set: { state: 'published' },
      $unset: { sealing: '' },
      $push: { publications: publication, history: event },
    },
    { writeConcern: { w: 'majority', j: true } },
  );
  roundsChanged();
  return matchedCount === 1;
}

/** Drops a correction that brought nothing. @returns false where anything has come between */
export async function keepPublished(code: string, attempt: string, event: RoundEvent): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed', sealing: attempt, 'publications.revision': 1 },
    { $set: { state: 'published' }, $unset: { sealing: '' }, $push: { history: event } },
  );
  roundsChanged();
  return matchedCount === 1;
}

/**
 * Lets an open round take answers until another day.
 * @param from the last day that whoever decided it saw
 * @returns false where it is not open until that day any more: somebody else was quicker
 */
export async function moveClosingDay(code: string, from: Day, event: RoundEvent): Promise<boolean> {
  const result = await rounds.updateOne(
    { _id: code, state: 'open', closes: from },
    { $set: { closes: event.closes }, $push: { history: event } },
  );
  roundsChanged();
  return result.matchedCount === 1;
}

/**
 * Undoes an event that turned out to clash, where nothing has happened since.
 * @param before what the round was
 */
export async function undoEvent(
  code: string,
  event: RoundEvent,
  before: Pick<Round, 'state' | 'closes' | 'closedOn' | 'history' | 'units'>,
): Promise<void> {
  const { state, closes, closedOn, history, units } = before;
  await rounds.updateOne(
    { _id: code, history: { $size: history.length + 1 }, state: 'open', closes: event.closes },
    { $set: { state, closes, closedOn, history, units } },
  );
  roundsChanged();
}

/** What can still be decided anew while a round is a draft. */
export type RoundDraftFacts = Pick<
  Round,
  | 'label'
  | 'subject'
  | 'numbering'
  | 'opens'
  | 'closes'
  | 'continuous'
  | 'surveys'
  | 'services'
  | 'units'
  | 'everyUnit'
  | 'targets'
  | 'lead'
  | 'source'
  | 'coordinating'
  | 'plan'
>;

/** Decides a draft anew. @returns false where it is no draft (any more) */
export async function replaceDraft(code: string, facts: RoundDraftFacts): Promise<boolean> {
  const result = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: facts });
  roundsChanged();
  return result.matchedCount === 1;
}

/** Decides the sampling design of a draft. @returns false where it is no draft (any more) */
export async function setDesign(code: string, design: SamplingDesign | null): Promise<boolean> {
  const result = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: { design } });
  roundsChanged();
  return result.matchedCount === 1;
}

/** Decides who may answer. @returns false where it is no draft (any more) */
export async function setAccess(code: string, access: RoundAccess): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: { access } });
  roundsChanged();
  return matchedCount === 1;
}

/** Removes a draft. @returns false where it was no draft (any more) */
export async function removeDraft(code: string): Promise<boolean> {
  const { deletedCount } = await rounds.deleteOne({ _id: code, state: 'draft' });
  roundsChanged();
  return deletedCount === 1;
}

/** Sets a later (or earlier) last day. */
export async function setClosingDay(code: string, closes: Day): Promise<void> {
  await rounds.updateOne({ _id: code }, { $set: { closes } });
  roundsChanged();
}
