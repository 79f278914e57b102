/** How many responses there will be when the round closes, if they go on coming as in the last days. */

/** What is expected at the close, and the range that holds in about eight of ten cases; whole numbers. */
export interface Forecast {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Full days that make the pace. */
export const PACE_DAYS = 7;
/** With fewer full days than this nothing is known about how much days differ. */
const LEAST_DAYS = 3;

/** 90 % quantiles of Student's t for 2 to 6 degrees of freedom: two-sided 80 %. */
const T = [1.886, 1.638, 1.533, 1.476, 1.44] as const;

/** Responses a day over full days; null where there is none yet. */
export function paceOf(days: readonly number[]): number | null {
  return days.length === 0 ? null : days.reduce((sum, one) => sum + one, 0) / days.length;
}

/**
 * Prediction from the mean x̄ and the variance s² of w days for the sum of h more days:
 *
 *     h x̄ ± t √(s² h (1 + h / w))
 *
 * which is the interval for the mean of m future observations (W. Q. Meeker, G. J. Hahn & L. A. Escobar, Statistical
 * Intervals, 2nd ed., 2017, ch. 4) times m. Counts vary at least as a Poisson count does, so s² is not taken below x̄,
 * nor below 1 / w: a week without an answer does not prove that none will come. It supposes that the coming days are
 * like the last ones; a reminder or a holiday makes them other ones, and the page says so.
 * @param received so far, today's among them
 * @param today responses of today so far
 * @param days of each of the last full days, 7 at most
 * @param left full days left after today
 * @returns null where there are too few days to say
 */
export function forecast(
  received: number,
  today: number,
  days: readonly number[],
  left: number,
): Forecast | null {
  const pace = paceOf(days);
  const t = T[Math.min(days.length, PACE_DAYS) - LEAST_DAYS];
  if (pace === null || t === undefined) return null;
  const rest = pace > today ? 1 - today / pace : 0;
  const ahead = left + rest;
  const squares = days.reduce((sum, one) => sum + (one - pace) ** 2, 0);
  const variance = Math.max(squares / (days.length - 1), pace, 1 / days.length);
  const margin = t * Math.sqrt(variance * ahead * (1 + ahead / days.length));
  return {
    expected: Math.round(received + pace * ahead),
    low: Math.max(received, Math.floor(received + pace * ahead - margin)),
    high: Math.ceil(received + pace * ahead + margin),
  };
}
