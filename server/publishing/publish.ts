/**
 * Publishing a closed round, and corrections of what was published (models/rounds.ts tells the states).
 *
 * How it is one thing that happens or does not. An attempt has a random name, which is written into the round first.
 * Then everything is counted from the raw answers and the parts are stored under that name; nobody sees them. Last, one
 * write makes the round published and names the attempt – if the round is closed as it was and names this attempt
 * still. Whoever reopens it, hands paper forms over or publishes it too has changed one of these, and of two who publish
 * at once one succeeds. A server that dies leaves parts that nobody names; the next publication removes them.
 */
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { audited } from '../../models/auditEntries.js';
import { batchesOfRound } from '../../models/paperBatches.js';
import { countOfRound } from '../../models/responses.js';
import {
  allRounds,
  beginSealing,
  keepPublished,
  moveRound,
  type Publication,
  publishRound,
  type Round,
  type RoundEvent,
} from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { removeLostParts, storeSealedPart } from '../../models/sealedParts.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { RoundCounts, WHOLE } from '../results/counts.js';
import { strataOf } from '../results/resultsOf.js';
import type { RoundTallies } from '../results/tallies.js';
import { isSuppressed } from '../statistics/suppression.js';
import type { Earlier } from './figureParts.js';
import { METHOD } from './method.js';
import type { RoundFacts } from './parts.js';
import { recount } from './recount.js';
import { AnswersLost, difference } from './revisions.js';
import {
  canonicalBytes,
  type Manifest,
  manifestFor,
  type PartBytes,
  type Sealable,
  sealedBytes,
  sha256,
} from './seal.js';
import { earlierRevisions, MANIFEST, manifestOf, sealedFigures } from './sealedReading.js';

const pack = promisify(gzip);

/** Earlier rounds that a round is compared with. */
const MOST_COMPARED = 4;

/** What would be published: made anew from the raw answers. */
export interface Prepared {
  readonly parts: readonly PartBytes[];
  readonly sealable: Sealable;
  readonly key: string;
}

/**
 * Publishes a closed round: its first revision, or the next one.
 * @param reason why there is another revision, for the public; empty for the first
 * @throws {Problem} 409 `round-state`, `publishing-moved`, `publishing-paper-moving`, or what `prepared` throws
 */
export async function publish(
  context: Context,
  round: Round,
  by: { readonly account: string; readonly reason: string },
): Promise<Publication> {
  const revision = round.publications.length + 1;
  const attempt = randomBytes(12).toString('base64url');
  if (!(await beginSealing(round._id, attempt))) throw new Problem(409, 'round-state');
  if (await isPaperMoving(round._id)) throw new Problem(409, 'publishing-paper-moving');
  const { parts, sealable, key } = await prepared(context, round);
  const day = context.today();
  const { account, reason } = by;
  const manifest = manifestFor(sealable, parts, key, {
    revision,
    day,
    reason,
    replaces: round.publications.at(-1)?.seal ?? null,
  });
  const bytes = canonicalBytes(manifest);
  const responses = sealable.counted.responses;
  const publication: Publication = {
    revision,
    attempt,
    seal: sha256(bytes),
    day,
    reason,
    account,
    responses,
  };
  const entry = {
    account,
    ...(revision === 1 ? { action: 'results-published' } : { action: 'results-corrected' }),
    subject: round._id,
    details: { revision, seal: publication.seal, responses, reason },
  };
  await audited(entry, async () => {
    for (const part of [...parts, { name: MANIFEST, isPublic: true, bytes }])
      await storeSealedPart({
        round: round._id,
        revision,
        attempt,
        name: part.name,
        content: await pack(part.bytes),
      });
    // What came in beside all states while it was counted: an answer that was on its way when the round closed.
    const isComplete = (await countOfRound(round._id)) === responses;
    const event: RoundEvent = { day, what: 'published', closes: round.closes, reason, account };
    if (!isComplete || !(await publishRound(round._id, publication, event)))
      throw new Problem(409, 'publishing-moved');
  });
  const named = [...round.publications, publication].map((each) => each.attempt);
  await removeLostParts(round._id, revision, named);
  return publication;
}

/**
 * Everything that would be published of a round, from its raw answers as they are now.
 * @throws {Problem} 409 `publishing-no-answers`, `publishing-too-few-added`, `publishing-answers-lost`
 */
export async function prepared(context: Context, round: Round): Promise<Prepared> {
  const units = await unitsOfRound(round._id);
  const [counted, surveys, before, earlier] = await Promise.all([
    recount(round, units),
    Promise.all(round.surveys.map(pinnedSurvey)),
    earlierRevisions(round.publications),
    earlierPublished(round),
  ]);
  const minimum = context.config.minimumRespondents;
  if (counted.responses === 0) throw new Problem(409, 'publishing-no-answers');
  try {
    const last = before.at(-1);
    if (last && isTooLittle(round, difference(counted.tallies, last.tallies), minimum))
      throw new Problem(409, 'publishing-too-few-added', { minimum });
    const facts = factsOf(context, round, units.length, counted.responses);
    const key = randomBytes(32).toString('hex');
    const strata = await strataOf(round, counted.tallies);
    const sealable: Sealable = { facts, surveys, strata, counted, before, earlier };
    return { sealable, key, parts: await sealedBytes(sealable, key) };
  } catch (error) {
    throw error instanceof AnswersLost ? new Problem(409, 'publishing-answers-lost') : error;
  }
}

/** Whether paper forms are becoming responses at this moment. */
async function isPaperMoving(round: string): Promise<boolean> {
  return (await batchesOfRound(round)).some(({ state }) => state === 'checking' || state === 'handing-over');
}

/**
 * Begins a correction of a published round: from here on it is closed, and what was published stays up.
 * @throws {Problem} 409 `round-state`
 */
export async function beginCorrection(
  context: Context,
  { _id, closes }: Round,
  by: { readonly account: string; readonly reason: string },
): Promise<void> {
  const { account, reason } = by;
  const event: RoundEvent = { day: context.today(), what: 'correcting', closes, reason, account };
  const entry = { account, action: 'correction-begun', subject: _id, details: { reason } };
  await audited(entry, async () => {
    if (!(await moveRound(_id, 'published', 'closed', {}, event))) throw new Problem(409, 'round-state');
  });
}

/**
 * Drops a correction that brought no answer: the round is published as it was.
 * @throws {Problem} 409 `round-state`, `correction-has-answers`
 */
export async function dropCorrection(context: Context, round: Round, account: string): Promise<void> {
  const last = round.publications.at(-1);
  const attempt = randomBytes(12).toString('base64url');
  if (!last || !(await beginSealing(round._id, attempt))) throw new Problem(409, 'round-state');
  if (await isPaperMoving(round._id)) throw new Problem(409, 'publishing-paper-moving');
  if ((await countOfRound(round._id)) !== last.responses) throw new Problem(409, 'correction-has-answers');
  const { closes } = round;
  const event: RoundEvent = { day: context.today(), what: 'kept', closes, reason: '', account };
  await audited({ account, action: 'correction-dropped', subject: round._id, details: {} }, async () => {
    if (!(await keepPublished(round._id, attempt, event))) throw new Problem(409, 'round-state');
  });
}

/** Whether so few people came since the revision before that the two together would tell about them. */
export function isTooLittle(
  round: Pick<Round, 'services' | 'surveys'>,
  added: RoundTallies,
  minimum: number,
): boolean {
  const { people } = new RoundCounts(round, added.units).pooled(WHOLE);
  return people > 0 && isSuppressed(people, minimum);
}

function factsOf(context: Context, round: Round, units: number, responses: number): RoundFacts {
  const { _id, label, subject, numbering, opens, closes, closedOn, continuous } = round;
  const { surveys, services, targets, lead, source, coordinating } = round;
  return {
    code: _id,
    ...{ label, subject, numbering, opens, closes, closedOn, continuous },
    ...{ surveys, services, targets, lead, source, coordinating },
    department: context.config.departmentName,
    minimum: context.config.minimumRespondents,
    method: METHOD,
    units,
    responses,
  };
}

/** The latest published rounds before it on the same subject, counted by the same method. */
async function earlierPublished(round: Round): Promise<Earlier[]> {
  const before = (await allRounds()).filter(
    ({ _id, subject, opens, publications }) =>
      _id !== round._id && subject === round.subject && opens < round.opens && publications.length > 0,
  );
  const found: Earlier[] = [];
  for (const other of before) {
    if (found.length === MOST_COMPARED) break;
    const last = other.publications.at(-1);
    if (!last || !(await isSameMethod(last))) continue;
    const { _id: code, label, opens } = other;
    const { revision, seal } = last;
    found.push({
      round: { code, label, opens, revision, seal },
      figures: await sealedFigures(other, revision),
    });
  }
  return found;
}

async function isSameMethod(publication: Publication): Promise<boolean> {
  const { method }: Manifest = await manifestOf(publication);
  return method === METHOD;
}
