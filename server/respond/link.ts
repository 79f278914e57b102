/** From a link code to what can be answered there today, or to a sentence that says why nothing can. */
import type { Day } from '../../models/day.js';
import { parseLinkCode } from '../../models/linkCode.js';
import { lastDay, type Round, roundsByCodes, takesAnswers } from '../../models/rounds.js';
import { type RoundUnit, snapshotsOfLink } from '../../models/roundUnits.js';
import { heirsOf, unitByLinkCode } from '../../models/units.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import { Problem } from '../http/problem.js';

/** A survey on one or more services that a unit asks about in a round that takes answers today. */
export interface Opening {
  readonly round: Round;
  readonly unit: RoundUnit;
  readonly survey: Survey;
  /** Codes of the services the survey is offered on; at least one. */
  readonly services: readonly string[];
  /** Where the link is that of a unit which has ended: what came out of it, this unit among them. */
  readonly heirs?: Heirs;
}

/** What a unit that has ended went into. */
interface Heirs {
  /** Its name. */
  readonly of: string;
  /** One, or several where it was split. */
  readonly units: readonly { readonly name: string; readonly linkCode: string }[];
}

/**
 * What can be answered at a link today; at least one opening. The link of a unit that has ended leads to what has come
 * out of it; where it was split, the person is still to say which of those is meant.
 * @param only the one round that an invitation is for
 * @throws {Problem} 404 `wrong-code` where no unit has the code; 409 `round-not-yet`, `round-over`,
 *   `round-between` or `round-none` where no round is open for the unit, with the dates
 */
export async function openingsAt(
  typed: string,
  today: Day,
  printedDay: (day: Day) => string,
  only?: string,
): Promise<Opening[]> {
  const code = parseLinkCode(typed);
  if (!code) throw new Problem(404, 'wrong-code', { typed });
  const { openings, refusal } = await openAt(code, today, printedDay, only);
  if (openings.length > 0) return openings;
  if (only !== undefined) throw await refusal();
  const ended = await unitByLinkCode(code);
  const heirs = ended ? await heirsOf(ended, today) : [];
  const theirs = await Promise.all(heirs.map(({ linkCode }) => openAt(linkCode, today, printedDay)));
  const open = theirs.flatMap((heir) => heir.openings);
  if (ended && open.length > 0)
    return open.map((opening) => ({ ...opening, heirs: { of: ended.name, units: heirs } }));
  const [heir] = theirs;
  throw theirs.length === 1 && heir ? await heir.refusal() : await refusal();
}

/** What a link itself has open today, and the reason where it has nothing. */
async function openAt(
  code: string,
  today: Day,
  printedDay: (day: Day) => string,
  only?: string,
): Promise<{ openings: Opening[]; refusal: () => Promise<Problem> }> {
  const snapshots = (await snapshotsOfLink(code)).filter(({ round }) => only === undefined || round === only);
  const rounds = await roundsByCodes(snapshots.map((snapshot) => snapshot.round));
  const openings = rounds
    .filter((round) => takesAnswers(round, today))
    .map((round) =>
      openingsOf(round, snapshots.find((snapshot) => snapshot.round === round._id) as RoundUnit),
    );
  return {
    openings: (await Promise.all(openings)).flat(),
    refusal: () => nothingOpen(code, snapshots, rounds, today, printedDay),
  };
}

/** What a unit that was split went into, where openings were found at its link; null elsewhere. */
export function heirsToChooseFrom([opening]: readonly Opening[]): Heirs | null {
  return opening?.heirs && opening.heirs.units.length > 1 ? opening.heirs : null;
}

async function openingsOf(round: Round, unit: RoundUnit): Promise<Opening[]> {
  const asked = round.surveys.filter(({ id }) => unit.offers.some((offer) => offer.survey === id));
  return Promise.all(
    asked.map(async (pinned) => ({
      round,
      unit,
      survey: await pinnedSurvey(pinned),
      services: unit.offers.filter(({ survey }) => survey === pinned.id).map(({ service }) => service),
    })),
  );
}

/** Why nothing is open, with the last day of the round before and the first day of the one after. */
async function nothingOpen(
  code: string,
  snapshots: readonly RoundUnit[],
  rounds: readonly Round[],
  today: Day,
  printedDay: (day: Day) => string,
): Promise<Problem> {
  const unit = snapshots.at(-1)?.name ?? (await unitByLinkCode(code))?.name;
  if (unit === undefined) return new Problem(404, 'wrong-code', { typed: code });
  const opens = rounds.find((round) => round.state === 'open' && round.opens > today)?.opens;
  const over = rounds.filter((round) => round.state !== 'draft' && round.opens <= today);
  const closed = over.map(lastDay).sort().at(-1);
  if (closed !== undefined && opens !== undefined)
    return new Problem(409, 'round-between', { unit, closed: printedDay(closed), opens: printedDay(opens) });
  if (opens !== undefined) return new Problem(409, 'round-not-yet', { unit, opens: printedDay(opens) });
  if (closed === undefined) return new Problem(409, 'round-none', { unit });
  return new Problem(409, 'round-over', { unit, closed: printedDay(closed) });
}
