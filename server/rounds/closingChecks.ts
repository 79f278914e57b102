/** What is to be looked at before a round is closed: paper forms that are not handed over, and quotas not reached. */
import { batchesIn } from '../../models/paperBatches.js';
import { countsOfBatches } from '../../models/paperSheets.js';
import type { Round } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { countedDays } from '../progress/countedDays.js';
import { calendarOf, unitCounts } from '../progress/progress.js';

/** A unit with batches that are not handed over. */
interface UnitPaper {
  readonly unit: string;
  readonly name: string;
  readonly batches: number;
  /** Sheets typed so far, void ones among them. */
  readonly sheets: number;
}

/** A unit that has not reached its quota. */
interface UnitShort {
  readonly unit: string;
  readonly name: string;
  readonly received: number;
  /** Above `received`. */
  readonly quota: number;
}

/** Empty lists where there is nothing to look at. */
export interface ClosingChecks {
  /** Most sheets first. */
  readonly paper: readonly UnitPaper[];
  /** Furthest from its quota first. */
  readonly short: readonly UnitShort[];
}

/** What closing an open round now would leave behind. */
export async function closingChecks({ today }: Pick<Context, 'today'>, round: Round): Promise<ClosingChecks> {
  const [units, pending, days] = await Promise.all([
    unitsOfRound(round._id),
    batchesIn(['open', 'checking', 'handing-over']),
    countedDays(round._id, today()),
  ]);
  const batches = pending.filter((batch) => batch.round === round._id);
  const counts = await countsOfBatches(batches.map(({ _id }) => _id));
  const received = unitCounts(days, calendarOf(round, today()));
  const paper = units.flatMap(({ unit, name }): UnitPaper[] => {
    const own = batches.filter((batch) => batch.unit === unit);
    if (own.length === 0) return [];
    const sheets = own.reduce((sum, { _id }) => {
      const count = counts.get(_id);
      return sum + (count?.valid ?? 0) + (count?.void ?? 0);
    }, 0);
    return [{ unit, name, batches: own.length, sheets }];
  });
  const short = units.flatMap(({ unit, name, quota }): UnitShort[] => {
    const count = received.get(unit)?.received ?? 0;
    return quota !== null && count < quota ? [{ unit, name, received: count, quota }] : [];
  });
  return {
    paper: paper.toSorted((one, other) => other.sheets - one.sheets),
    short: short.toSorted((one, other) => other.quota - other.received - (one.quota - one.received)),
  };
}
