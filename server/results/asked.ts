/** The surveys that a round asks, with what of each is counted. */
import type { Round } from '../../models/rounds.js';
import type { TallyPlace } from '../../models/tallies.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import type { Measure } from '../statistics/tally.js';
import { type Attribute, attributesOf } from './groups.js';
import { measureOf } from './measure.js';

/** A survey that a round asks. */
export interface AskedSurvey {
  readonly survey: Survey;
  readonly measure: Measure;
  /** Items with one option to choose, by which its answers are counted apart as well. */
  readonly attributes: readonly Attribute[];
}

/** By survey id. */
export type AskedSurveys = ReadonlyMap<string, AskedSurvey>;

/** @throws {Error} where the round pins a version that is not stored */
export async function surveysAsked(round: Pick<Round, 'surveys'>): Promise<AskedSurveys> {
  return new Map(
    await Promise.all(
      round.surveys.map(async (pinned) => {
        const survey = await pinnedSurvey(pinned);
        return [pinned.id, { survey, measure: measureOf(survey), attributes: attributesOf(survey) }] as const;
      }),
    ),
  );
}

/** The survey of a response's place. @throws {Error} where the round does not ask it */
export function surveyOf(
  surveys: AskedSurveys,
  { round, survey }: Pick<TallyPlace, 'round' | 'survey'>,
): AskedSurvey {
  const asked = surveys.get(survey);
  if (!asked) throw new Error(`a response of round ${round} belongs to nothing the round offered`);
  return asked;
}
