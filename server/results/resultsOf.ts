/** The figures of a round as they are now. */
import { LRUCache } from 'lru-cache';
import type { Round } from '../../models/rounds.js';
import { sampleUnitsOf } from '../../models/sampleUnits.js';
import type { Context } from '../context.js';
import { type RoundStrata, strataOfRound } from '../sampling/design.js';
import { RoundFigures } from './roundFigures.js';
import { type RoundTallies, talliesOf } from './tallies.js';

interface Remembered {
  readonly tallies: RoundTallies;
  readonly figures: RoundFigures;
}

/** The figures of the rounds looked at last: nothing is computed again until something is counted. */
const remembered = new LRUCache<string, Remembered>({
  maxSize: 12_000,
  sizeCalculation: ({ tallies }) => tallies.units.length + 1,
});

/**
 * Every figure of a round; what too few people stand behind is hidden.
 * @param quotas whether response rates are asked for: quotas may have changed while the units have not
 */
export async function resultsOf(
  { config }: Pick<Context, 'config'>,
  round: Round,
  quotas: 'with quotas' | 'without quotas' = 'with quotas',
): Promise<RoundFigures> {
  const minimum = config.minimumRespondents;
  const key = `${round._id} ${round.state} ${minimum}`;
  const known = remembered.get(key);
  const units = quotas === 'without quotas' && known ? [...known.figures.counts.units.values()] : undefined;
  const tallies = await talliesOf(round, units);
  if (known && isSame(known.tallies, tallies)) return known.figures;
  // While answers come in, what is hidden stays so as long as it may. Once a round is closed it is chosen anew, from its
  // counts alone, so that every server shows the same.
  const before = round.state === 'open' ? known?.figures.hiding : undefined;
  // Neither the design nor the list that was drawn from changes once a round is open.
  const strata = known ? known.figures.strata : await strataOf(round, tallies);
  const figures = new RoundFigures(round, tallies, minimum, before, strata);
  remembered.set(key, { tallies, figures });
  return figures;
}

/** The strata of a round with these units; null where it has no design. */
export async function strataOf(
  round: Round,
  { units }: Pick<RoundTallies, 'units'>,
): Promise<RoundStrata | null> {
  const members = new Map(units.map(({ unit }) => [unit.unit, unit]));
  const isDrawn = round.design !== null && round.design.parameters.drawn !== null;
  return strataOfRound(round, [...members.values()], isDrawn ? await sampleUnitsOf(round._id) : []);
}

/** Whether nothing was counted in between, and the units are what they were: a quota may have changed. */
function isSame(known: RoundTallies, now: RoundTallies): boolean {
  return (
    known.counted === now.counted &&
    known.units.length === now.units.length &&
    known.units.every(({ unit }, at) => {
      const other = now.units[at]?.unit;
      return other && unit.unit === other.unit && unit.quota === other.quota;
    })
  );
}
