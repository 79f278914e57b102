/**
 * Counting: responses go into the tallies in batches, each exactly once, whatever fails and whoever else counts.
 *
 * What is stored. A response is `counted` with the generation of tallies that has it, or is not. A tally says how many
 * `people` it holds. One state per round (models/tallyStates.ts) is changed only by writes that take place if it is
 * still the state that was read:
 *
 *     idle ──open──► applying ──► marking ──close──► idle
 *
 * `open` writes down, in the same write, which responses the batch has and how many people each of its tallies counted
 * before. Then each tally is replaced, only if it still counts as many people as before; then the state says `marking`;
 * then the responses are marked; then the batch is closed and forgotten.
 *
 * Why each response is counted once. Whoever opens a batch has read the state first, then the uncounted responses and
 * the tallies, and opens only if the state has not changed since: no batch was opened in between. All responses of
 * closed batches were marked before those closed. So the batch has none that is in a tally already. Anybody who finds
 * the batch open, after a crash or beside the one who opened it, can finish it: responses never change, so everybody
 * puts the same counts in the same place. A tally's people only grow within a generation, and every change of a tally
 * raises them, so one that still counts as many as before does not have the batch, one that counts more has it, and a
 * replacement made for the former cannot meet the latter, however late it comes. A late mark is of no harm either: it
 * is on a response of a batch that was in every tally when marking began, and never lowers a mark.
 *
 * Why a reader is exact (tallies.ts). It reads the state, the tallies, the uncounted responses, and the state again,
 * until both states are the same. Then no response was marked between but those of the open batch while `marking`. Of
 * the responses that are not in the tallies none is missing: marks are set only after the tallies have them, before the
 * first read of the state. Of those that are in the tallies already only the open batch's can be met as uncounted; the
 * state names them, and by its people each tally tells whether it has them. So the sum is that of exactly the responses
 * stored at the moment when the uncounted were read: all acknowledged before the reader began, none twice.
 *
 * What is lost can be counted again. A new generation makes every mark and every tally of earlier ones void in one
 * write. It begins by rebuildTallies(), where the format changes, or where the state is gone (a restored backup has
 * none: a backup is no snapshot). Responses must never be removed or changed without rebuildTallies() after it.
 *
 * Why it tells nobody when a response was sent. All counted responses bear the same mark, the generation. Which were in
 * one batch is known only while it is open; a tally does not say when or with which others it changed last; the state
 * at rest holds a random word. There is therefore no smallest batch: everything uncounted is counted every half minute
 * (keepTallies.ts), so that also "not yet counted" does not outlast a server that runs.
 */

import type { Round } from '../../models/rounds.js';
import {
  type KeptTally,
  replaceTallies,
  type TallyPlace,
  talliesById,
  tallyId,
} from '../../models/tallies.js';
import {
  beginGeneration,
  beginMarking,
  closeBatch,
  insertTallyState,
  openBatch,
  type TallyState,
  tallyState,
} from '../../models/tallyStates.js';
import {
  type CountedPart,
  latestMark,
  markCounted,
  responsesByIds,
  uncountedResponses,
} from '../../models/uncountedResponses.js';
import { addIncrements, incrementsOf, mergeInto, Tally } from '../statistics/tally.js';
import { type AskedSurveys, surveyOf, surveysAsked } from './asked.js';
import { type Attribute, groupsOf } from './groups.js';
import { TALLY_FORMAT, tallyBytes, tallyFromBytes } from './tallyBytes.js';

/** So few that the state stays well below 1 MB, so many that the writes per batch do not matter. */
const BATCH = 5000;

/** Responses of one place, counted together. A response has several: its unit, and the groups of its person. */
interface Part {
  readonly place: TallyPlace;
  readonly tally: Tally;
}

/** What is being counted in this process, by round: whoever comes later waits for it. */
const underWay = new Map<string, Promise<void>>();

/** Waits while this process counts responses of the round. */
export async function countingEnds(round: Round): Promise<void> {
  await underWay.get(round._id)?.catch(() => {});
}

/** Brings every response into the tallies that was stored before the call. @param batch most responses at a time */
export async function countResponses(round: Round, batch = BATCH): Promise<void> {
  // What is under way may have read the responses already: it may miss the latest.
  await countingEnds(round);
  const mine = underWay.get(round._id) ?? countAll(round, batch);
  underWay.set(round._id, mine);
  try {
    await mine;
  } finally {
    if (underWay.get(round._id) === mine) underWay.delete(round._id);
  }
}

/** Counts every response of a round anew, from nothing. Figures read meanwhile are right, and slow. */
export async function rebuildTallies(round: Round): Promise<void> {
  while (!(await beginGeneration(await stateOf(round._id), TALLY_FORMAT)));
  await countResponses(round);
}

/**
 * The state of a round, begun where there is none, begun anew where it is in an older format.
 * @throws {Error} where a later version of the product keeps the tallies
 */
export async function stateOf(round: string): Promise<TallyState> {
  for (;;) {
    const state = await tallyState(round);
    if (state?.format === TALLY_FORMAT) return state;
    if (state && state.format > TALLY_FORMAT)
      throw new Error(`the tallies of round ${round} are kept by a later version of this product`);
    if (state) await beginGeneration(state, TALLY_FORMAT);
    else await insertTallyState(round, TALLY_FORMAT, (await latestMark(round)) + 1);
  }
}

async function countAll(round: Round, limit: number): Promise<void> {
  const surveys = await surveysAsked(round);
  for (;;) {
    const state = await stateOf(round._id);
    if (state.phase !== 'idle') {
      await finish(round, surveys, state);
      continue;
    }
    const responses = await uncountedResponses(round._id, state.generation, limit);
    if (responses.length === 0) return;
    const parts = partsOf(round, surveys, responses);
    const kept = new Map((await talliesById([...parts.keys()])).map((tally) => [tally._id, tally]));
    const before = [...parts.keys()].map((tally) => ({
      tally,
      people: peopleIn(kept.get(tally), state.generation),
    }));
    const opened = await openBatch(
      state,
      responses.map(({ _id }) => _id),
      before,
    );
    if (!opened) continue;
    await finish(round, surveys, opened, parts);
    if (responses.length < limit) return;
  }
}

/** Brings an open batch to its end, as far as nobody else has. */
async function finish(
  round: Round,
  surveys: AskedSurveys,
  state: TallyState,
  parts?: Map<string, Part>,
): Promise<void> {
  let marking: TallyState | null = state;
  if (state.phase === 'applying') {
    await apply(surveys, state, parts ?? partsOf(round, surveys, await responsesByIds(state.ids)));
    marking = await beginMarking(state);
  }
  if (!marking) return;
  await markCounted(marking.ids, marking.generation);
  await closeBatch(marking);
}

/** Until every tally of the batch counts more people than before; a later generation is left alone. */
async function apply(surveys: AskedSurveys, state: TallyState, parts: Map<string, Part>): Promise<void> {
  const { generation } = state;
  for (let wanting = state.before; wanting.length > 0; ) {
    const kept = new Map((await talliesById(wanting.map(({ tally }) => tally))).map((one) => [one._id, one]));
    wanting = wanting.filter(({ tally, people }) => {
      const found = kept.get(tally);
      return !(found && found.generation > generation) && peopleIn(found, generation) === people;
    });
    await replaceTallies(
      wanting.flatMap(({ tally: id }) => {
        const part = parts.get(id);
        if (!part) throw new Error(`the open batch has no response for ${id}`);
        const from = kept.get(id);
        const { measure } = surveyOf(surveys, part.place);
        const tally =
          from?.generation === generation ? tallyFromBytes(from.counts, measure) : new Tally(measure);
        mergeInto(tally, part.tally);
        const to = {
          ...part.place,
          _id: id,
          generation,
          people: tally.responses,
          counts: tallyBytes(tally),
        };
        return [{ from, to }];
      }),
    );
  }
}

function peopleIn(kept: KeptTally | undefined, generation: number): number {
  return kept?.generation === generation ? kept.people : 0;
}

function partsOf(
  round: Pick<Round, '_id' | 'continuous'>,
  surveys: AskedSurveys,
  responses: readonly CountedPart[],
): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const response of responses) {
    const { measure, attributes } = surveyOf(surveys, { round: round._id, survey: response.survey });
    const increments = incrementsOf(measure, response.answers, response.flags);
    for (const place of placesOf(round, attributes, response)) {
      const id = tallyId(place);
      const part = parts.get(id) ?? { place, tally: new Tally(measure) };
      parts.set(id, part);
      addIncrements(part.tally, increments);
    }
  }
  return parts;
}

/** Where a response is counted: at its unit first, then in each group of its person. */
export function placesOf(
  round: Pick<Round, '_id' | 'continuous'>,
  attributes: readonly Attribute[],
  response: CountedPart,
): TallyPlace[] {
  const { unit, survey, service } = response;
  const place = { round: round._id, survey, service };
  return [
    { ...place, unit, group: '' },
    ...groupsOf(round, attributes, response).map((group) => ({ ...place, unit: '', group })),
  ];
}
