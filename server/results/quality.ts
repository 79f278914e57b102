/** How many responses of each unit carry a quality flag. */
import { FLAGS, type Flag } from '../../models/responses.js';
import { roundedPercent } from '../statistics/rounding.js';
import { isSuppressed } from '../statistics/suppression.js';
import type { TallyCell } from './tallies.js';

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
export function qualityRows(cells: readonly TallyCell[], minimum: number): QualityRow[] {
  const units = new Map<string, TallyCell[]>();
  for (const cell of cells) {
    const group = units.get(cell.unit.unit);
    if (group) group.push(cell);
    else units.set(cell.unit.unit, [cell]);
  }
  const rows = [...units.values()].flatMap((group) => {
    const unit = group[0]?.unit;
    const responses = group.reduce((sum, { tally }) => sum + tally.responses, 0);
    const flagged = FLAGS.map((flag) =>
      group.reduce((sum, { tally }) => sum + (tally.flags.get(flag) ?? 0), 0),
    );
    const most = Math.max(...flagged);
    if (!unit || most === 0 || isSuppressed(responses, minimum)) return [];
    const flags = Object.fromEntries(
      FLAGS.map((flag, index) => [flag, shareOf(flagged[index] ?? 0, responses)]),
    ) as Record<Flag, FlagShare>;
    return [{ unit: { code: unit.unit, name: unit.name }, responses, flags, largest: most / responses }];
  });
  return rows.sort((a, b) => b.largest - a.largest).map(({ largest: _largest, ...row }) => row);
}

function shareOf(flagged: number, responses: number): FlagShare {
  return { responses: flagged, percent: roundedPercent(flagged / responses) };
}
