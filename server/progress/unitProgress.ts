/** How far one unit of a round has come: its answers against its quota, by survey and by day. */
import { addDays, type Day } from '../../models/day.js';
import { lastDay, type Round } from '../../models/rounds.js';
import { unitOfRound } from '../../models/roundUnits.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import { type ResponseRates, responseRates } from '../statistics/responseRate.js';
import { countedDays } from './countedDays.js';

/** For the partial views/progress/unit.ejs. */
export interface UnitProgress extends ResponseRates {
  readonly quota: number | null;
  /** Forms or invitations to hand out; null where no plan says. */
  readonly forms: number | null;
  /** One for each survey the unit is asked, in the round's order; `audience` by language. */
  readonly surveys: readonly {
    readonly id: string;
    readonly audience: Readonly<Record<string, string>>;
    readonly responses: number;
  }[];
  /** Every day from the round's first to today or its last, also those without an answer; in order. */
  readonly days: readonly { readonly day: Day; readonly responses: number }[];
  /** When the figures were exact; of a large round up to a minute ago. */
  readonly at: Date;
}

/**
 * The progress of one unit. These are numbers of answers, and say nothing about what was answered: they are shown
 * however small they are, also to the unit itself and before the round is published.
 * @returns null where the unit does not take part
 */
export async function unitProgress(
  context: Pick<Context, 'today'>,
  round: Round,
  unit: string,
): Promise<UnitProgress | null> {
  const member = await unitOfRound(round._id, unit);
  if (!member) return null;
  const today = context.today();
  const counted = await countedDays(round._id, today);
  const asked = round.surveys.filter(({ id }) => member.offers.some(({ survey }) => survey === id));
  const surveys = await Promise.all(
    asked.map(async (pinned) => ({
      id: pinned.id,
      audience: (await pinnedSurvey(pinned)).audience,
      responses: counted.days.reduce((sum, { counts }) => sum + (counts.get(pinned.id)?.get(unit) ?? 0), 0),
    })),
  );
  const byDay = new Map<Day, number>();
  for (const { day, counts } of counted.days) {
    let responses = 0;
    for (const units of counts.values()) responses += units.get(unit) ?? 0;
    if (responses > 0) byDay.set(day, responses);
  }
  return {
    ...responseRates(
      surveys.reduce((sum, { responses }) => sum + responses, 0),
      member.quota,
      member.enrolment,
    ),
    quota: member.quota,
    forms: member.forms,
    surveys,
    days: daysOf(round, today, byDay),
    at: counted.at,
  };
}

/** The round's days up to now, and any others on which somebody answered. */
function daysOf(round: Round, today: Day, byDay: ReadonlyMap<Day, number>): UnitProgress['days'] {
  const days = new Set(byDay.keys());
  const end = lastDay(round) < today ? lastDay(round) : today;
  for (let day = round.opens; day <= end; day = addDays(day, 1)) days.add(day);
  return [...days].sort().map((day) => ({ day, responses: byDay.get(day) ?? 0 }));
}
