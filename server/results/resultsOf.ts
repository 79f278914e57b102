/** The figures of a round as they are now. */
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { RoundFigures } from './roundFigures.js';
import { talliesOf } from './tallies.js';

/** Every figure of a round; what too few people stand behind is hidden. */
export async function resultsOf({ config }: Pick<Context, 'config'>, round: Round): Promise<RoundFigures> {
  return new RoundFigures(round, await talliesOf(round), config.minimumRespondents);
}
