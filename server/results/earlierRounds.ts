/** The rounds that a round can be compared with. */
import { allRounds, type Round } from '../../models/rounds.js';

/** Earlier rounds of the same subject that take no more answers, the latest first. */
export async function earlierRounds(round: Round): Promise<Round[]> {
  return (await allRounds()).filter(
    (other) =>
      other._id !== round._id &&
      other.subject === round.subject &&
      other.state !== 'draft' &&
      other.state !== 'open' &&
      other.opens < round.opens,
  );
}

/** The one asked for; the latest where none is, or it is none of them. */
export function chosenRound(rounds: readonly Round[], code: string | undefined): Round | null {
  return rounds.find(({ _id }) => _id === code) ?? rounds[0] ?? null;
}
