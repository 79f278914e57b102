/** The demonstration's rounds: facts of real plans, moved to the days around today. */
import { addDays, type Day, daysBetween } from '../../models/day.js';
import { surveysOn } from '../../surveys/read.js';
import type { Context } from '../context.js';
import { proposedRounds } from '../plans/planFiles.js';
import { roundLabel } from '../plans/roundLabel.js';
import type { RoundDraft } from '../rounds/rounds.js';
import { demoPlanCode } from './plan.js';

type ProposedRound = ReturnType<typeof proposedRounds>[number] & { readonly department: string };

/** A round of the demonstration. */
export interface DemoRound {
  readonly draft: RoundDraft;
  readonly closed: boolean;
}

/**
 * A closed round and an open one for education services, and a continuous one for procedures. Đắk Lắk's plan has
 * two rounds a year, March–April and October–November; where today lies in neither, the open round is held in
 * this month and the next.
 */
export function demoRounds(context: Context): DemoRound[] {
  const today = context.today();
  const year = Number(today.slice(0, 4));
  const spring = Number(today.slice(5, 7)) <= 4;
  const open = planned(context, 'dak-lak-2021', spring ? 1 : 2, year);
  const closed = planned(context, 'dak-lak-2021', spring ? 2 : 1, spring ? year - 1 : year);
  const target = planned(context, 'ba-ria-vung-tau-2021-2025', null, year, 'education').targets;
  const desk = planned(context, 'ba-ria-vung-tau-2021-2025', null, year, 'procedure');
  const inSeason = open.opens !== null && open.closes !== null && open.opens <= today && today <= open.closes;
  const monthsAhead = { opens: firstOfMonth(today), closes: lastOfNextMonth(today) };
  const allYear = { opens: `${year}-01-01` as Day, closes: `${year}-12-31` as Day };
  const drafts = {
    closed: draftOf(context, closed, target, closed.ordinal, daysOf(closed)),
    open: draftOf(context, open, target, open.ordinal, inSeason ? daysOf(open) : monthsAhead),
    desk: draftOf(context, desk, desk.targets, null, allYear),
  };
  const plan = (measure: string, round: string) => ({
    id: demoPlanCode(year),
    measure,
    planned: `${round}@${year}`,
  });
  return [
    // A round of last year belongs to no plan that is shown.
    { draft: { ...drafts.closed, plan: spring ? null : plan('m1', 'r1') }, closed: true },
    { draft: { ...drafts.open, plan: plan('m1', spring ? 'r1' : 'r2') }, closed: false },
    { draft: { ...drafts.desk, plan: plan('m2', 'all') }, closed: false },
  ];
}

/** Last day to which an open round of the demonstration is extended once it is over. */
export function lastOfNextMonth(today: Day): Day {
  return addDays(firstOfMonth(addDays(firstOfMonth(addDays(firstOfMonth(today), 32)), 32)), -1);
}

/** A day within a round on which something could have happened by today. @param share 0 to 1 */
export function dayWithin({ opens, closes }: { opens: Day; closes: Day }, today: Day, share: number): Day {
  const last = closes < today ? closes : today;
  return addDays(opens, Math.floor(share * (Math.max(0, daysBetween(opens, last)) + 1)));
}

function draftOf(
  context: Context,
  round: ProposedRound,
  targets: ProposedRound['targets'],
  ordinal: number | null,
  days: { opens: Day; closes: Day },
): RoundDraft {
  const numbering = round.numbering ?? 'calendar-year';
  return {
    label: roundLabel(numbering, ordinal, days.opens),
    subject: round.subject,
    numbering,
    ...days,
    continuous: round.continuous,
    targets,
    lead: round.lead,
    source: `${round.department}: ${round.source}`,
    surveys: surveysOn(context.surveys, round.subject),
    units: round.subject === 'procedure' ? ['MC-QN'] : null,
  };
}

function planned(
  { plans }: Context,
  id: string,
  ordinal: number | null,
  year: number,
  subject?: ProposedRound['subject'],
): ProposedRound {
  const plan = plans.get(id);
  const round =
    plan &&
    proposedRounds(plan, year).find(
      (proposed) =>
        proposed.ordinal === ordinal &&
        (subject === undefined || proposed.subject === subject) &&
        proposed.numbering !== 'school-year',
    );
  if (!plan || !round) throw new Error(`plan ${id} has no round ${ordinal ?? ''} for ${year}`);
  return { ...round, department: plan.department };
}

function daysOf({ opens, closes }: ProposedRound): { opens: Day; closes: Day } {
  if (opens === null || closes === null) throw new Error('the plan gives no days');
  return { opens, closes };
}

function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01` as Day;
}
