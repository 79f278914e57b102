/**
 * Giving people more time: an open round goes on until a later day, a closed one takes answers again. Both need a
 * reason, are recorded before they are done, keep what was before in the round's history, and change no figure: what
 * was answered stays counted.
 */
import type { NewAuditEntry } from '../../models/auditEntries.js';
import { addDays, type Day, parseDay } from '../../models/day.js';
import { moveClosingDay, moveRound } from '../../models/roundChanges.js';
import type { Round, RoundEvent } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { visible } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { Problem } from '../http/problem.js';
import { auditedChange, inTurn, type OpeningProblem } from './clashes.js';

/** A year typed wrongly must not keep a round open for a century. */
const MOST_DAYS_AHEAD = 800;

/** A day and a reason as they were typed. */
export interface EnteredEvent {
  readonly day: string;
  readonly reason: string;
}

/** What is wrong with an entered day or reason, by field. */
export interface EventMistake {
  readonly field: 'closes' | 'reason';
  readonly key: string;
}

/**
 * Checks the day until which a round is to take answers, and the reason for it.
 * @returns what is wrong; empty where nothing is
 */
export function eventMistakes(
  round: Pick<Round, 'state' | 'closes'>,
  entered: EnteredEvent,
  today: Day,
): EventMistake[] {
  const mistake = (field: EventMistake['field'], key: string): EventMistake => ({ field, key });
  const wrong: EventMistake[] = [];
  const closes = parseDay(entered.day);
  if (!closes) wrong.push(mistake('closes', 'rounds.prolong.problem.day'));
  else if (closes < today) wrong.push(mistake('closes', 'rounds.prolong.problem.past'));
  else if (closes > addDays(today, MOST_DAYS_AHEAD))
    wrong.push(mistake('closes', 'rounds.prolong.problem.far'));
  else if (round.state === 'open' && closes <= round.closes)
    wrong.push(mistake('closes', 'rounds.prolong.problem.not-later'));
  if (!/^.{5,300}$/su.test(reasonOf(entered))) wrong.push(mistake('reason', 'rounds.prolong.problem.reason'));
  return wrong;
}

/** A reason without what nobody sees, in composed letters. */
export function reasonOf({ reason }: Pick<EnteredEvent, 'reason'>): string {
  return visible(reason).normalize('NFC').replace(/\s+/g, ' ').trim();
}

/**
 * Lets an open round, or one past its last day, take answers until a later day.
 * @returns why it cannot; empty where it was done
 * @throws {Problem} 404 no such round · 409 `round-state` where it is not open, or was moved meanwhile
 */
export function extendRound(
  context: Context,
  code: string,
  by: Omit<RoundEvent, 'day' | 'what'>,
): Promise<OpeningProblem[]> {
  const event: RoundEvent = { day: context.today(), what: 'extended', ...by };
  return prolong(code, 'open', event, { action: 'round-extended' }, (round) =>
    moveClosingDay(code, round.closes, event),
  );
}

/**
 * Lets a closed round take answers again until a day.
 * @returns why it cannot; empty where it was done
 * @throws {Problem} 404 no such round · 409 `round-state` where it is not closed
 */
export function reopenRound(
  context: Context,
  code: string,
  by: Omit<RoundEvent, 'day' | 'what'>,
): Promise<OpeningProblem[]> {
  const event: RoundEvent = { day: context.today(), what: 'reopened', ...by };
  return prolong(code, 'closed', event, { action: 'round-reopened' }, () =>
    moveRound(code, 'closed', 'open', { closes: event.closes, closedOn: null }, event),
  );
}

function prolong(
  code: string,
  state: Round['state'],
  event: RoundEvent,
  done: Pick<NewAuditEntry, 'action'>,
  move: (round: Round) => Promise<boolean>,
): Promise<OpeningProblem[]> {
  return inTurn(async () => {
    const round = await existingRound(code);
    // Somebody else may have given even more time meanwhile: nobody is to take it away unawares.
    const isLate = state === 'open' && event.closes <= round.closes;
    if (round.state !== state || isLate) throw new Problem(409, 'round-state');
    const opened = { round: { ...round, closes: event.closes }, snapshot: await unitsOfRound(code) };
    const { account, closes: to, reason } = event;
    const entry = { account, ...done, subject: code, details: { from: round.closes, to, reason } };
    return auditedChange(entry, opened, round, event, () => move(round));
  });
}
