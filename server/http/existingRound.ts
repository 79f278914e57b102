/** The round that an address names. */
import { type Round, roundByCode } from '../../models/rounds.js';
import { Problem } from './problem.js';

/** The round of a code. @throws {Problem} 404 `no-such-round` */
export async function existingRound(code: string): Promise<Round> {
  const round = await roundByCode(code);
  if (!round) throw new Problem(404, 'no-such-round');
  return round;
}
