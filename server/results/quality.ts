/** How many responses of each unit carry a quality flag. */
import { FLAGS, type Flag } from '../../models/responses.js';
import { roundedPercent } from '../statistics/rounding.js';
import { isSuppressed } from '../statistics/suppression.js';
import { ownRow, type RoundCounts } from './counts.js';

/** The flagged responses of a unit, over all services and surveys. */
export interface QualityRow {
  readonly unit: { readonly code: string; readonly name: string };
  /** People. */
  readonly responses: number;
  readonly flags: Readonly<Record<Flag, FlagShare>>;
}

interface FlagShare {
  readonly responses: number;
  /** Of all responses of the unit, percent, one decimal. */
  readonly percent: number;
}

/**
 * A row for each unit with a flagged response, the largest share of any flag first; among equals in the order of the
 * units. Units with fewer people than the minimum have no row: that there is one would tell that somebody of so few
 * is flagged.
 */
export function qualityRows(counts: RoundCounts, minimum: number): QualityRow[] {
  const rows = [...counts.units.values()].flatMap(({ unit, name }) => {
    const pooled = counts.pooled(ownRow(unit));
    const { responses } = pooled;
    const flagged = FLAGS.map((flag) => pooled.flagged(flag));
    const most = Math.max(...flagged);
    if (most === 0 || isSuppressed(responses, minimum)) return [];
    const flags = Object.fromEntries(
      FLAGS.map((flag, index) => [flag, shareOf(flagged[index] ?? 0, responses)]),
    ) as Record<Flag, FlagShare>;
    return [{ unit: { code: unit, name }, responses, flags, largest: most / responses }];
  });
  return rows.sort((a, b) => b.largest - a.largest).map(({ largest: _largest, ...row }) => row);
}

/**
 * Flagged responses of some rows together. Units without a row are not counted, or what they have could be had by
 * subtraction.
 */
export function flagTotals(rows: readonly QualityRow[]): Readonly<Record<Flag, number>> {
  return Object.fromEntries(
    FLAGS.map((flag) => [flag, rows.reduce((sum, { flags }) => sum + flags[flag].responses, 0)]),
  ) as Record<Flag, number>;
}

function shareOf(flagged: number, responses: number): FlagShare {
  return { responses: flagged, percent: roundedPercent(flagged / responses) };
}
