/**
 * Counting a round from its raw answers, past the kept tallies: what is sealed is made of this, and a seal is verified
 * by doing it again. Beside the counts it gives, for each cell, which responses it is made of and a digest of everything
 * that is stored of them, so that not only a changed count but any changed answer is noticed.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { everyResponse, type Response } from '../../models/responses.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { TallyPlace } from '../../models/tallies.js';
import { tallyId } from '../../models/tallies.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { surveyOf, surveysAsked } from '../results/asked.js';
import { placesOf } from '../results/counting.js';
import { type RoundTallies, roundTallies } from '../results/tallies.js';
import { addIncrements, incrementsOf, Tally } from '../statistics/tally.js';
import { NOBODY, type Watch } from './watch.js';

/** Responses after which it is said how many there were. */
const TOLD_EVERY = 250;

/** The responses of one survey on one service at one unit. */
export interface CellResponses {
  readonly unit: string;
  readonly survey: string;
  readonly service: string;
  /** Their ids, in order; random, so that the order tells nothing. */
  readonly ids: readonly string[];
  /** SHA-256 (hex) over everything stored of them but open text, in the order of the ids. */
  readonly answers: string;
  /** The same over their open text. */
  readonly texts: string;
}

export interface Recount {
  readonly tallies: RoundTallies;
  /** In the order of units and offers; only where somebody answered. */
  readonly cells: readonly CellResponses[];
  readonly responses: number;
  /** Ids that were met beside those that were asked for. */
  readonly others: number;
}

interface Counted {
  readonly place: TallyPlace;
  readonly tally: Tally;
  readonly leaves: { readonly id: string; readonly answers: string; readonly texts: string }[];
}

/**
 * Counts every response of a round.
 * @param only the ids to count; all where not given
 * @param watch is told how many responses are counted
 * @throws {Error} where a response belongs to nothing that was offered
 */
export async function recount(
  round: Pick<Round, '_id' | 'surveys' | 'continuous'>,
  units: readonly RoundUnit[],
  only?: ReadonlySet<string>,
  watch: Watch = NOBODY,
): Promise<Recount> {
  const surveys = await surveysAsked(round);
  const counted = new Map<string, Counted>();
  let [responses, others] = [0, 0];
  for await (const response of everyResponse(round._id)) {
    if (only && !only.has(response._id)) {
      others += 1;
      continue;
    }
    responses += 1;
    if (responses % TOLD_EVERY === 0) await watch.reached(responses);
    const { survey, measure, attributes } = surveyOf(surveys, { round: round._id, survey: response.survey });
    const increments = incrementsOf(measure, response.answers, response.flags ?? []);
    for (const place of placesOf(round, attributes, response)) {
      const id = tallyId(place);
      const found = counted.get(id) ?? { place, tally: new Tally(measure), leaves: [] };
      counted.set(id, found);
      addIncrements(found.tally, increments);
      if (place.group === '') found.leaves.push(leafOf(response, survey));
    }
  }
  const tallies = roundTallies(round, surveys, units, counted);
  const cells = tallies.units.flatMap(({ unit: { unit }, service, survey }) => {
    const found = counted.get(tallyId({ round: round._id, survey: survey.id, service, unit, group: '' }));
    return found ? [cellOf(found)] : [];
  });
  return { tallies, cells, responses, others };
}

function cellOf({ place: { unit, survey, service }, leaves }: Counted): CellResponses {
  leaves.sort((a, b) => compare(a.id, b.id));
  return {
    unit,
    survey,
    service,
    ids: leaves.map(({ id }) => id),
    answers: digest(leaves.map(({ answers }) => answers).join(''), 'hex'),
    texts: digest(leaves.map(({ texts }) => texts).join(''), 'hex'),
  };
}

const NO_TEXT = digest('{}');
const textItems = new WeakMap<Survey, ReadonlySet<string>>();

function leafOf(response: Response, survey: Survey): Counted['leaves'][number] {
  const { _id, counted: _counted, answers, ...rest } = response;
  let written = textItems.get(survey);
  if (!written) {
    written = new Set(
      itemsOf(survey)
        .filter(({ kind }) => kind === 'text')
        .map(({ code }) => code),
    );
    textItems.set(survey, written);
  }
  const entries = Object.entries(answers);
  const texts = entries.filter(([code]) => written.has(code));
  const given =
    texts.length === 0 ? answers : Object.fromEntries(entries.filter(([code]) => !written.has(code)));
  return {
    id: _id,
    answers: digest(canonicalize({ ...rest, _id, answers: given }) ?? ''),
    texts: texts.length === 0 ? NO_TEXT : digest(canonicalize(Object.fromEntries(texts)) ?? ''),
  };
}

function digest(text: string, as: 'hex' | 'base64url' = 'base64url'): string {
  return createHash('sha256').update(text).digest(as);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
