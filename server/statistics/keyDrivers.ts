/** Where effort goes furthest: items that go with overall satisfaction and score low. */
import type { CrossTable } from './crossTable.js';
import { kendallTauB, type RankCorrelation } from './rankCorrelation.js';

/** An item with its satisfaction rate and its cross table with overall satisfaction. */
export interface DriverItem {
  readonly code: string;
  /** 0 to 1; null where nobody answered. */
  readonly rate: number | null;
  readonly pairs: CrossTable;
}

/**
 * Place of an item: `improve` scores low and matters, `keep` scores high and matters, `later` scores low and matters
 * less, `enough` scores high and matters less; `unmeasured` where the rate or the correlation is not known.
 */
type Priority = 'improve' | 'keep' | 'later' | 'enough' | 'unmeasured';

export interface Driver {
  readonly code: string;
  readonly rate: number | null;
  readonly correlation: RankCorrelation | null;
  readonly priority: Priority;
}

/**
 * Key drivers: each item's rank correlation with overall satisfaction against its rate. The four places are those of
 * the importance–performance grid of J. A. Martilla & J. C. James (1977), Importance-performance analysis, Journal of
 * Marketing 41(1):77–79; importance is derived from the correlation instead of being asked. The lines of the grid are
 * the medians of the items, as they advise: an item at the median of importance matters, one at the median of rates
 * does not score low. An item whose interval holds 0, or is not known, is not said to matter.
 *
 * Going together is not causing: an item may matter because it follows from another.
 * @returns what to improve first, by correlation, then the others, by correlation; unmeasured ones last, in order
 */
export function keyDrivers(items: readonly DriverItem[]): Driver[] {
  const drivers = items.map(({ code, rate, pairs }) => ({ code, rate, correlation: kendallTauB(pairs) }));
  const measured = drivers.filter(({ rate, correlation }) => rate !== null && correlation !== null);
  const usualRate = median(measured.map(({ rate }) => rate ?? 0));
  const usualCorrelation = median(measured.map(({ correlation }) => correlation?.value ?? 0));
  const place = ({ rate, correlation }: Omit<Driver, 'priority'>): Priority => {
    if (rate === null || !correlation || usualRate === null || usualCorrelation === null) return 'unmeasured';
    const matters = correlation.value >= usualCorrelation && (correlation.interval?.low ?? 0) > 0;
    if (rate < usualRate) return matters ? 'improve' : 'later';
    return matters ? 'keep' : 'enough';
  };
  return drivers.map((driver) => ({ ...driver, priority: place(driver) })).sort((a, b) => rank(b) - rank(a));
}

/** Sorts by priority and correlation: 3 to 5 for what to improve, −1 to 1 for others, less for the unmeasured. */
function rank({ priority, correlation }: Driver): number {
  if (priority === 'unmeasured') return -2;
  return (correlation?.value ?? 0) + (priority === 'improve' ? 4 : 0);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
