/**
 * A link must lead to one round: no two open rounds may ask the same survey about the same unit at the same time.
 * Whatever lets a round take answers – opening, extending, reopening – goes through here.
 */
import { audited, type NewAuditEntry } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { undoEvent } from '../../models/roundChanges.js';
import { allRounds, type Round, type RoundEvent } from '../../models/rounds.js';
import { type RoundUnit, snapshotsOfUnits } from '../../models/roundUnits.js';
import { Problem } from '../http/problem.js';

/** A reason why a round cannot take answers; `key` names the text. */
export interface OpeningProblem {
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Changes under way in this process: one after the other, so that of two that clash the first one is made. */
let turns: Promise<unknown> = Promise.resolve();

/** Does something once everything begun before it is done. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = turns.then(work);
  turns = turn.catch(() => {});
  return turn;
}

/** What a round is to become: its days, its units and what each is asked. */
interface Opened {
  readonly round: Pick<Round, '_id' | 'opens'> & { readonly closes: Day };
  readonly snapshot: readonly Pick<RoundUnit, 'unit' | 'offers'>[];
}

/**
 * Makes a change that lets a round take answers, unless that clashes with another round. Another process may make a
 * clashing change meanwhile: of two, at most one stays.
 * @param entry what the audit log says of it; nothing where the clash is seen before
 * @param before the round as it was read
 * @param move makes the change in one write; false where the round is not as it was read any more
 * @returns the clashes; empty where the change was made
 * @throws {Problem} 409 `round-state` where `move` said no
 */
export async function auditedChange(
  entry: NewAuditEntry,
  opened: Opened,
  before: Round,
  event: RoundEvent,
  move: () => Promise<boolean>,
): Promise<OpeningProblem[]> {
  const first = await clashesOf(opened);
  if (first.length > 0) return first;
  const change = async () => {
    if (!(await move())) throw new Problem(409, 'round-state');
    const clashes = await clashesOf(opened);
    if (clashes.length > 0) await undoEvent(before._id, event, before);
    return clashes;
  };
  return audited(entry, change, (clashes) => clashes.length === 0);
}

/** The open rounds that ask the same of the same units at the same time. */
export async function clashesOf({ round, snapshot }: Opened): Promise<OpeningProblem[]> {
  const others = (await allRounds()).filter(
    ({ _id, state, opens, closes }) =>
      _id !== round._id && state === 'open' && opens <= round.closes && round.opens <= closes,
  );
  if (others.length === 0) return [];
  const theirs = await snapshotsOfUnits(
    others.map(({ _id }) => _id),
    snapshot.map(({ unit }) => unit),
  );
  const ours = new Set(
    snapshot.flatMap(({ unit, offers }) =>
      offers.map(({ survey, service }) => `${unit} ${survey} ${service}`),
    ),
  );
  const clashing = theirs.filter(({ unit, offers }) =>
    offers.some(({ survey, service }) => ours.has(`${unit} ${survey} ${service}`)),
  );
  return others
    .filter(({ _id }) => clashing.some((snapshot) => snapshot.round === _id))
    .map(({ label }) => ({ key: 'rounds.problem.clash', parameters: { label } }));
}
