/** Tallies of a round, counted from its responses one by one in constant memory. */

import { responsesOfRound } from '../../models/responses.js';
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import { addResponse, emptyTally, type Measure, type Tally } from '../statistics/tally.js';
import { measureOf } from './measure.js';

/** One survey on one service at one unit, with its counts. */
export interface TallyCell {
  readonly unit: RoundUnit;
  readonly service: string;
  readonly survey: Survey;
  readonly measure: Measure;
  readonly tally: Tally;
}

/** A cell for everything the round offers, also where nobody has answered yet; in the order of the units. */
export async function talliesOf(round: Round): Promise<TallyCell[]> {
  const surveys = new Map(
    await Promise.all(
      round.surveys.map(async (pinned) => {
        const survey = await pinnedSurvey(pinned);
        return [pinned.id, { survey, measure: measureOf(survey) }] as const;
      }),
    ),
  );
  const cells = new Map<string, TallyCell>();
  for (const unit of await unitsOfRound(round._id))
    for (const offer of unit.offers) {
      const asked = surveys.get(offer.survey);
      if (!asked) continue;
      const { service } = offer;
      cells.set(key(unit.unit, offer.survey, service), {
        unit,
        service,
        ...asked,
        tally: emptyTally(asked.measure),
      });
    }
  for await (const response of responsesOfRound(round._id)) {
    const cell = cells.get(key(response.unit, response.survey, response.service));
    if (!cell) throw new Error(`a response of round ${round._id} belongs to nothing the round offered`);
    addResponse(cell.tally, cell.measure, response.answers, response.flags);
  }
  return [...cells.values()];
}

function key(unit: string, survey: string, service: string): string {
  return `${unit}\n${survey}\n${service}`;
}
