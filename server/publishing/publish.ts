/**
 * Publishing a closed round: its results, or the next revision of them (models/rounds.ts tells the states).
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
import { countOfRound } from '../../models/responses.js';
import { beginSealing, publishRound } from '../../models/roundChanges.js';
import type { Publication, Round, RoundEvent } from '../../models/rounds.js';
import { removeLostParts, removePartsOfAttempt, storeSealedPart } from '../../models/sealedParts.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { isPaperMoving } from './corrections.js';
import { prepared } from './prepared.js';
import { canonicalBytes, manifestFor, sha256 } from './seal.js';
import { MANIFEST } from './sealedReading.js';
import { NOBODY, type Watch } from './watch.js';

const pack = promisify(gzip);

/**
 * Publishes a closed round: its first revision, or the next one.
 * @param by whose doing it is, and why there is another revision, for the public; empty for the first. `name` begins the
 *   name of the attempt, so that whoever made it up knows the publication again (`publicationNamed`)
 * @param during `look` is asked for the number of responses that somebody has agreed to publish, once nothing can come
 *   between unnoticed; what it throws ends the attempt
 * @throws {Problem} 409 `round-state`, `publishing-moved`, `publishing-paper-moving`, or what `prepared` throws
 */
export async function publish(
  context: Context,
  round: Round,
  by: { readonly account: string; readonly reason: string; readonly name?: string },
  during: { readonly look?: () => Promise<number>; readonly watch?: Watch } = {},
): Promise<Publication> {
  const { look, watch = NOBODY } = during;
  const revision = round.publications.length + 1;
  const attempt = `${by.name === undefined ? '' : `${by.name}.`}${newName()}`;
  if (!(await beginSealing(round._id, attempt))) throw new Problem(409, 'round-state');
  if (await isPaperMoving(round._id)) throw new Problem(409, 'publishing-paper-moving');
  const agreed = await look?.();
  const { parts, sealable, key } = await prepared(context, round, watch);
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
  if (agreed !== undefined && agreed !== responses) throw new Problem(409, 'publishing-moved');
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
    const stored = [...parts, { name: MANIFEST, isPublic: true, bytes }];
    await watch.begin('publishing.step.store', stored.length);
    for (const [at, part] of stored.entries()) {
      await watch.reached(at);
      await storeSealedPart({
        round: round._id,
        revision,
        attempt,
        name: part.name,
        content: await pack(part.bytes),
      });
    }
    // What came in beside all states while it was counted: an answer that was on its way when the round closed.
    const isComplete = (await countOfRound(round._id)) === responses;
    const event: RoundEvent = { day, what: 'published', closes: round.closes, reason, account };
    if (isComplete && (await publishRound(round._id, publication, event))) return;
    // Whoever published meanwhile may have tidied up before these parts were there.
    await removePartsOfAttempt(round._id, attempt);
    throw new Problem(409, 'publishing-moved');
  });
  const named = [...round.publications, publication].map((each) => each.attempt);
  await removeLostParts(round._id, revision, named);
  return publication;
}

/** A new random name, of an attempt or of what makes attempts. */
export function newName(): string {
  return randomBytes(12).toString('base64url');
}

/** The publication that an attempt of a given name became; undefined where none did. */
export function publicationNamed({ publications }: Round, name: string): Publication | undefined {
  return publications.find(({ attempt }) => attempt.startsWith(`${name}.`));
}
