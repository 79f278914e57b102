/**
 * Tallies of a round as they are now: what is kept, and what is not counted yet added to it. Why they are exact is told
 * in counting.ts.
 */
import { LRUCache } from 'lru-cache';
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitOfRound, unitsOfRound } from '../../models/roundUnits.js';
import { type TallyPlace, talliesOfRound, tallyId } from '../../models/tallies.js';
import { isStillAt, type TallyState } from '../../models/tallyStates.js';
import { type CountedPart, uncountedResponses } from '../../models/uncountedResponses.js';
import type { Survey } from '../../surveys/schema.js';
import { addIncrements, incrementsOf, type Measure, mergeInto, Tally } from '../statistics/tally.js';
import { type AskedSurveys, surveyOf, surveysAsked } from './asked.js';
import { countingEnds, countResponses, placesOf, stateOf } from './counting.js';
import { tallyFromBytes } from './tallyBytes.js';

/** One survey on one service at one unit, with its counts. */
export interface TallyCell {
  readonly unit: RoundUnit;
  readonly service: string;
  readonly survey: Survey;
  /** Shared with later readers: add to a copy, never to this. */
  readonly tally: Tally;
}

/** One group of people who answered one survey on one service, over all units. */
export interface GroupCell {
  readonly service: string;
  readonly survey: Survey;
  /** Its key, such as `channel=qr` (groups.ts). */
  readonly group: string;
  /** Shared with later readers. */
  readonly tally: Tally;
}

/** All tallies of a round, of the same moment. */
export interface RoundTallies {
  /** A cell for everything the round offers, also where nobody has answered yet; in the order of the units. */
  readonly units: readonly TallyCell[];
  /** Groups somebody belongs to; their people together are those of the units. */
  readonly groups: readonly GroupCell[];
  /** The same object as long as nothing has been counted since: what is made of the tallies may be kept by it. */
  readonly counted: object;
}

/** So many uncounted responses are added while reading, in about 0.3 s; where there are more they are counted first. */
const ADDED_WHILE_READING = 10_000;

/**
 * @param known units of the round as they were read before; read now where not given
 * @throws {Error} where a response belongs to nothing that was offered
 */
export async function talliesOf(round: Round, known?: readonly RoundUnit[]): Promise<RoundTallies> {
  const surveys = await surveysAsked(round);
  const units = known ?? (await unitsOfRound(round._id));
  return roundTallies(round, surveys, units, await talliesNow(round, surveys));
}

/**
 * The tallies of a round put together: a cell for everything it offers, and its groups.
 * @param counted by tally id
 * @throws {Error} where a response belongs to nothing that was offered
 */
export function roundTallies(
  round: Pick<Round, '_id'>,
  surveys: AskedSurveys,
  units: readonly RoundUnit[],
  counted: ReadonlyMap<string, Placed>,
): RoundTallies {
  const groups = [...counted.values()].flatMap(({ place, tally }): GroupCell[] => {
    const { survey } = surveyOf(surveys, place);
    return place.group === '' ? [] : [{ service: place.service, survey, group: place.group, tally }];
  });
  return { units: cellsOf(round, surveys, units, counted), groups: groups.sort(byGroup), counted };
}

/** The cells of one unit of the round; none where it does not take part. */
export async function talliesOfUnit(round: Round, unit: string): Promise<TallyCell[]> {
  const snapshot = await unitOfRound(round._id, unit);
  if (!snapshot) return [];
  const surveys = await surveysAsked(round);
  return cellsOf(round, surveys, [snapshot], await talliesNow(round, surveys, unit));
}

/** The same order whichever was counted first. */
function byGroup(one: GroupCell, other: GroupCell): number {
  return (
    compare(one.group, other.group) ||
    compare(one.survey.id, other.survey.id) ||
    compare(one.service, other.service)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

interface Placed {
  readonly place: TallyPlace;
  readonly tally: Tally;
}

function cellsOf(
  round: Pick<Round, '_id'>,
  surveys: AskedSurveys,
  units: readonly RoundUnit[],
  tallies: ReadonlyMap<string, Placed>,
): TallyCell[] {
  let met = 0;
  const cells = units.flatMap((unit) =>
    unit.offers.flatMap(({ survey: id, service }) => {
      const asked = surveys.get(id);
      if (!asked) return [];
      const place = { round: round._id, survey: id, service, unit: unit.unit, group: '' };
      const found = tallies.get(tallyId(place));
      if (found) met += 1;
      return [{ unit, service, survey: asked.survey, tally: found?.tally ?? emptyTally(asked.measure) }];
    }),
  );
  const ofUnits = [...tallies.values()].filter(({ place }) => place.group === '').length;
  if (met < ofUnits) throw new Error(`a response of round ${round._id} belongs to nothing the round offered`);
  return cells;
}

const empty = new WeakMap<Measure, Tally>();

/** A tally of nobody, shared by all cells where nobody has answered. */
function emptyTally(measure: Measure): Tally {
  const tally = empty.get(measure) ?? new Tally(measure);
  empty.set(measure, tally);
  return tally;
}

/** By tally id; one for each place where somebody has answered. */
async function talliesNow(
  round: Round,
  surveys: AskedSurveys,
  unit?: string,
): Promise<ReadonlyMap<string, Placed>> {
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
        if (remembered.get(round._id)?.tallies !== kept)
          remembered.set(round._id, { batch: state.batch, tallies: kept });
      return unit === undefined
        ? asBefore(round._id, kept, uncounted, () => withUncounted(round, surveys, state, kept, uncounted))
        : withUncounted(round, surveys, state, kept, uncounted, unit);
    } else await countingEnds(round);
  }
}

function withUncounted(
  round: Round,
  surveys: AskedSurveys,
  state: TallyState,
  kept: ReadonlyMap<string, Placed>,
  uncounted: readonly CountedPart[],
  unit?: string,
): ReadonlyMap<string, Placed> {
  if (uncounted.length === 0) return kept;
  const batch = new Set(state.ids);
  const before = new Map(state.before.map(({ tally, people }) => [tally, people]));
  const tallies = new Map(kept);
  for (const response of uncounted) {
    const { measure, attributes } = surveyOf(surveys, { round: round._id, survey: response.survey });
    const increments = incrementsOf(measure, response.answers, response.flags);
    const places = placesOf(round, attributes, response);
    for (const place of unit === undefined ? places : places.slice(0, 1)) {
      const id = tallyId(place);
      const old = kept.get(id)?.tally;
      if (batch.has(response._id) && (old?.responses ?? 0) > (before.get(id) ?? 0)) continue;
      let tally = tallies.get(id)?.tally;
      if (!tally || tally === old) {
        tally = new Tally(measure);
        if (old) mergeInto(tally, old);
        tallies.set(id, { place, tally });
      }
      addIncrements(tally, increments);
    }
  }
  return tallies;
}

/** The same object as the last time where nothing has come since, so that figures made of it need not be made again. */
function asBefore(
  round: string,
  kept: ReadonlyMap<string, Placed>,
  uncounted: readonly CountedPart[],
  added: () => ReadonlyMap<string, Placed>,
): ReadonlyMap<string, Placed> {
  const known = remembered.get(round);
  if (known?.tallies !== kept) return added();
  const ids = uncounted.map(({ _id }) => _id);
  const last = known.last;
  if (last && last.ids.length === ids.length && last.ids.every((id, at) => id === ids[at]))
    return last.tallies;
  known.last = { ids, tallies: added() };
  return known.last.tallies;
}

interface Remembered {
  readonly batch: string;
  readonly tallies: ReadonlyMap<string, Placed>;
  /** With what was not counted when they were asked for last. */
  last?: { readonly ids: readonly string[]; readonly tallies: ReadonlyMap<string, Placed> };
}

/** The kept tallies of the rounds looked at last. From `marking` to the next batch no tally changes. */
const remembered = new LRUCache<string, Remembered>({
  // At about 8 kB each: two rounds of a whole province, or many small ones.
  maxSize: 12_000,
  sizeCalculation: ({ tallies }) => tallies.size + 1,
});

async function keptTallies(
  { _id: round, generation, batch, phase }: TallyState,
  surveys: AskedSurveys,
  unit?: string,
): Promise<ReadonlyMap<string, Placed>> {
  const known = remembered.get(round);
  if (unit === undefined && known?.batch === batch && phase !== 'applying') return known.tallies;
  const tallies = new Map<string, Placed>();
  for (const { _id, survey, service, unit: of, group = '', counts } of await talliesOfRound(
    round,
    generation,
    unit,
  )) {
    const asked = surveys.get(survey);
    const place = { round, survey, service, unit: of, group };
    if (asked) tallies.set(_id, { place, tally: tallyFromBytes(counts, asked.measure) });
  }
  return tallies;
}
