/** What publishing a round would publish: everything counted anew from the raw answers, and laid down in parts. */
import { randomBytes } from 'node:crypto';
import { countOfRound } from '../../models/responses.js';
import { allRounds, type Publication, type Round } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
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
import { type Manifest, type PartBytes, type Sealable, sealedBytes } from './seal.js';
import { earlierRevisions, manifestOf, sealedFigures } from './sealedReading.js';
import { NOBODY, type Watch } from './watch.js';

/** Earlier rounds that a round is compared with. */
const MOST_COMPARED = 4;

/** What would be published: made anew from the raw answers. */
export interface Prepared {
  readonly parts: readonly PartBytes[];
  readonly sealable: Sealable;
  readonly key: string;
}

/**
 * Everything that would be published of a round, from its raw answers as they are now.
 * @param watch is told how far it has come; what it throws ends it
 * @throws {Problem} 409 `publishing-no-answers`, `publishing-too-few-added`, `publishing-answers-lost`
 */
export async function prepared(context: Context, round: Round, watch: Watch = NOBODY): Promise<Prepared> {
  const units = await unitsOfRound(round._id);
  await watch.begin('publishing.step.count', await countOfRound(round._id));
  const [counted, surveys, before, earlier] = await Promise.all([
    recount(round, units, undefined, watch),
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
    return { sealable, key, parts: await sealedBytes(sealable, key, watch) };
  } catch (error) {
    throw error instanceof AnswersLost ? new Problem(409, 'publishing-answers-lost') : error;
  }
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
