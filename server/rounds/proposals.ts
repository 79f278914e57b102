/** What plans propose for a round, as the form would be filled in. */
import type { Day } from '../../models/day.js';
import { SATISFACTION_RATE } from '../../models/rounds.js';
import { surveysOn } from '../../surveys/read.js';
import type { Context } from '../context.js';
import { proposedRounds } from '../plans/planFiles.js';
import type { EnteredDraft } from './roundForm.js';
import { roundLabel } from './roundLabel.js';

/** A round that a plan describes, as the form would be filled in. */
export interface Proposal {
  readonly id: string;
  readonly department: string;
  readonly label: string;
  readonly entered: EnteredDraft;
}

/** What every plan proposes for this year. */
export function proposals({ plans, surveys, today }: Context): Proposal[] {
  const year = Number(today().slice(0, 4));
  return [...plans.values()].flatMap((plan) =>
    proposedRounds(plan, year).map((round, index): Proposal => {
      const numbering = round.numbering ?? 'calendar-year';
      const newYear = `${year}-01-01` as Day;
      const opens = round.opens ?? (round.continuous ? newYear : '');
      const label = roundLabel(numbering, round.continuous ? null : (round.ordinal ?? 1), opens || newYear);
      const target = round.targets.find(({ indicator }) => indicator === SATISFACTION_RATE);
      const wanted = target?.atLeast ?? target?.moreThan;
      return {
        id: `${plan.id}.${index + 1}`,
        department: plan.department,
        label,
        entered: {
          label,
          subject: round.subject,
          numbering,
          opens,
          closes: round.closes ?? (round.continuous ? `${year}-12-31` : ''),
          continuous: round.continuous ? 'yes' : '',
          bound: target?.moreThan === undefined ? 'at-least' : 'more-than',
          target: wanted === undefined ? '' : String(wanted),
          lead: round.lead,
          coordinating: round.coordinating.join('\n'),
          source: round.source,
          surveys: surveysOn(surveys, round.subject),
          desks: [],
        },
      };
    }),
  );
}
