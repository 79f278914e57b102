/**
 * Tallies of a round as they are now: what is kept, and what is not counted yet added to it. Why they are exact is told
 * in counting.ts.
 */
import { LRUCache } from 'lru-cache';
import { type CountedPart, uncountedResponses } from '../../models/responses.js';
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitOfRound, unitsOfRound } from '../../models/roundUnits.js';
import { talliesOfRound, tallyId } from '../../models/tallies.js';
import { isStillAt, type TallyState } from '../../models/tallyStates.js';
import type { Survey } from '../../surveys/schema.js';
import { addResponse, emptyTally, type Measure, mergeInto, type Tally } from '../statistics/tally.js';
import { type AskedSurveys, surveyOf, surveysAsked } from './asked.js';
import { countingEnds, countResponses, stateOf } from './counting.js';
import { tallyFromBytes } from './tallyBytes.js';

/** One survey on one service at one unit, with its counts. */
export interface TallyCell {
  readonly unit: RoundUnit;
  readonly service: string;
  readonly survey: Survey;
  readonly measure: Measure;
  /** Shared with later readers: add to a copy, never to this. */
  readonly tally: Tally;
}

/** So many uncounted responses are added while reading, in about 0.3 s; where there are more they are counted first. */
const ADDED_WHILE_READING = 10_000;

/** A cell for everything the round offers, also where nobody has answered yet; in the order of the units. */
export async function talliesOf(round: Round): Promise<TallyCell[]> {
  return cellsOf(round, await unitsOfRound(round._id));
}

/** The same for one unit of the round; none where it does not take part. */
export async function talliesOfUnit(round: Round, unit: string): Promise<TallyCell[]> {
  const snapshot = await unitOfRound(round._id, unit);
  return snapshot ? cellsOf(round, [snapshot], unit) : [];
}

/** @throws {Error} where a response belongs to nothing that was offered */
async function cellsOf(round: Round, units: readonly RoundUnit[], unit?: string): Promise<TallyCell[]> {
  const surveys = await surveysAsked(round);
  const tallies = await talliesNow(round, surveys, unit);
  let met = 0;
  const cells = units.flatMap((one) =>
    one.offers.flatMap(({ survey, service }) => {
      const asked = surveys.get(survey);
      if (!asked) return [];
      const tally = tallies.get(tallyId({ round: round._id, survey, service, unit: one.unit }));
      if (tally) met += 1;
      return [{ unit: one, service, ...asked, tally: tally ?? emptyTally(asked.measure) }];
    }),
  );
  if (met < tallies.size)
    throw new Error(`a response of round ${round._id} belongs to nothing the round offered`);
  return cells;
}

/** By tally id; one for each place where somebody has answered. */
async function talliesNow(
  round: Round,
  surveys: AskedSurveys,
  unit?: string,
): Promise<ReadonlyMap<string, Tally>> {
  for (;;) {
    const state = await stateOf(round._id);
    const kept = await keptTallies(state, surveys, unit);
    const uncounted = await uncountedResponses(
      round._id,
      state.generation,
      ADDED_WHILE_READING + state.ids.length + 1,
      unit,
    );
    if (uncounted.length > ADDED_WHILE_READING + state.ids.length) await countResponses(round);
    else if (await isStillAt(state)) {
      if (unit === undefined && state.phase !== 'applying')
        remembered.set(round._id, { batch: state.batch, tallies: kept });
      return withUncounted(round._id, surveys, state, kept, uncounted);
    } else await countingEnds(round);
  }
}

function withUncounted(
  round: string,
  surveys: AskedSurveys,
  state: TallyState,
  kept: ReadonlyMap<string, Tally>,
  uncounted: readonly CountedPart[],
): ReadonlyMap<string, Tally> {
  const batch = new Set(state.ids);
  const before = new Map(state.before.map(({ tally, people }) => [tally, people]));
  const tallies = new Map(kept);
  for (const { _id, unit, survey, service, answers, flags } of uncounted) {
    const id = tallyId({ round, survey, service, unit });
    const old = kept.get(id);
    if (batch.has(_id) && (old?.responses ?? 0) > (before.get(id) ?? 0)) continue;
    const { measure } = surveyOf(surveys, { round, survey });
    let tally = tallies.get(id);
    if (!tally || tally === old) {
      tally = emptyTally(measure);
      if (old) mergeInto(tally, old);
      tallies.set(id, tally);
    }
    addResponse(tally, measure, answers, flags);
  }
  return tallies;
}

interface Remembered {
  readonly batch: string;
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** The kept tallies of the rounds looked at last. From `marking` to the next batch no tally changes. */
const remembered = new LRUCache<string, Remembered>({ max: 8 });

async function keptTallies(
  { _id: round, generation, batch, phase }: TallyState,
  surveys: AskedSurveys,
  unit?: string,
): Promise<ReadonlyMap<string, Tally>> {
  const known = remembered.get(round);
  if (unit === undefined && known?.batch === batch && phase !== 'applying') return known.tallies;
  const tallies = new Map<string, Tally>();
  for (const { _id, survey, counts } of await talliesOfRound(round, generation, unit)) {
    const asked = surveys.get(survey);
    if (asked) tallies.set(_id, tallyFromBytes(counts, asked.measure));
  }
  return tallies;
}
