/**
 * How far units and groups of units have come. A group's figures are sums over its units, never means of theirs.
 *
 * Numbers of responses are shown however small they are: they say that so many forms came, as the school that handed
 * them out knows anyway, and nothing about what was answered in any of them.
 */
import { addDays, type Day, daysBetween } from '../../models/day.js';
import { hasEnded, lastDay, type Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { responseRates } from '../statistics/responseRate.js';
import type { CountedDays } from './countedDays.js';
import { type Forecast, forecast, PACE_DAYS, paceOf } from './forecast.js';

/**
 * `reached`: the quota is there. `on-track`: it will be, at this pace. `behind`: it will not. `silent`: nothing has
 * come in three full days. `missed`: the round is over without it. `early`: too few days to say. `none`: no quota.
 */
export const STANDINGS = ['reached', 'on-track', 'behind', 'silent', 'missed', 'early', 'none'] as const;
type Standing = (typeof STANDINGS)[number];

/** Full days without a response after which a unit lags. */
export const SILENT_DAYS = 3;

export interface Progress {
  readonly received: number;
  readonly today: number;
  /** Quotas together; null where no unit has one. */
  readonly quota: number | null;
  /** Received by the units that have a quota, over their quotas. */
  readonly ofQuota: number | null;
  readonly missing: number | null;
  readonly forms: number | null;
  readonly enrolment: number | null;
  /** Received by the units whose enrolment is known, over their enrolment. */
  readonly ofEnrolment: number | null;
  /** Received by the units that have forms to hand out, over these. */
  readonly ofForms: number | null;
  /** Responses a day in the last full days; null before the first is over and once the round is. */
  readonly pace: number | null;
  /** Null in a continuous round, once it is over, and while there are too few days. */
  readonly forecast: Forecast | null;
  /** Last day with a response. */
  readonly latest: Day | null;
  readonly standing: Standing;
}

/** The days of a round around today. */
export interface Calendar {
  /** The last full days, 7 at most, in order; empty once the round is over. */
  readonly window: readonly Day[];
  /** Full days that the round has taken answers. */
  readonly fullDays: number;
  /** Days left after today; null in a continuous round. */
  readonly left: number | null;
  readonly over: boolean;
  readonly today: Day;
}

export function calendarOf(round: Round, today: Day): Calendar {
  const end = lastDay(round);
  const over = hasEnded(round) || today > end;
  const fullDays = Math.max(0, daysBetween(round.opens, over ? addDays(end, 1) : today));
  const length = over ? 0 : Math.min(PACE_DAYS, fullDays);
  return {
    window: Array.from({ length }, (_, at) => addDays(today, at - length)),
    fullDays,
    left: round.continuous ? null : over ? 0 : daysBetween(today, end),
    over,
    today,
  };
}

/** What is counted of one unit. */
export interface UnitCount {
  received: number;
  today: number;
  latest: Day | null;
  /** One for each day of the calendar's window. */
  readonly window: number[];
}

/** The counts of every unit that somebody answered for. */
export function unitCounts({ days }: CountedDays, calendar: Calendar): ReadonlyMap<string, UnitCount> {
  const { window, today } = calendar;
  const counted = new Map<string, UnitCount>();
  for (const { day, counts } of days) {
    const place = window.indexOf(day);
    for (const units of counts.values())
      for (const [unit, responses] of units) {
        let count = counted.get(unit);
        if (!count) {
          count = emptyCount(calendar);
          counted.set(unit, count);
        }
        count.received += responses;
        count.latest = day;
        if (day === today) count.today += responses;
        if (place >= 0) count.window[place] = (count.window[place] ?? 0) + responses;
      }
  }
  return counted;
}

/** The progress of some units of a round together. */
export function progressOf(
  units: readonly RoundUnit[],
  counted: ReadonlyMap<string, UnitCount>,
  calendar: Calendar,
): Progress {
  const all = emptyCount(calendar);
  /** Of the units that have a quota: what others collect does not help to reach it. */
  const wanted = emptyCount(calendar);
  const quota = new Share();
  const forms = new Share();
  const enrolment = new Share();
  for (const unit of units) {
    const count = counted.get(unit.unit);
    const received = count?.received ?? 0;
    if (count) addCount(all, count);
    if (count && unit.quota !== null) addCount(wanted, count);
    quota.add(received, unit.quota);
    forms.add(received, unit.forms);
    enrolment.add(received, unit.enrolment);
  }
  const { received, today, latest, window } = all;
  return {
    received,
    today,
    latest,
    quota: quota.whole,
    ofQuota: responseRates(quota.part, quota.whole, null).ofQuota,
    missing: quota.missing,
    forms: forms.whole,
    enrolment: enrolment.whole,
    ofEnrolment: responseRates(enrolment.part, null, enrolment.whole).ofEnrolment,
    ofForms: responseRates(forms.part, forms.whole, null).ofQuota,
    pace: paceOf(window),
    forecast: forecastOf(all, calendar),
    standing: standingOf(quota, received, forecastOf(wanted, calendar), calendar),
  };
}

function emptyCount({ window }: Calendar): UnitCount {
  return { received: 0, today: 0, latest: null, window: window.map(() => 0) };
}

function addCount(sum: UnitCount, { received, today, latest, window }: UnitCount): void {
  sum.received += received;
  sum.today += today;
  if (latest !== null && latest > (sum.latest ?? '')) sum.latest = latest;
  window.forEach((responses, at) => {
    sum.window[at] = (sum.window[at] ?? 0) + responses;
  });
}

function forecastOf({ received, today, window }: UnitCount, { left, over }: Calendar): Forecast | null {
  return left === null || over ? null : forecast(received, today, window, left);
}

/** Sums over the units of which a whole is known. */
class Share {
  part = 0;
  whole: number | null = null;
  /** Still wanted, unit by unit: what one has too many does not help another. */
  missing: number | null = null;

  add(part: number, whole: number | null): void {
    if (whole === null) return;
    this.part += part;
    this.whole = (this.whole ?? 0) + whole;
    this.missing = (this.missing ?? 0) + Math.max(0, whole - part);
  }
}

function standingOf(
  quota: Share,
  received: number,
  ahead: Forecast | null,
  { fullDays, over, left }: Calendar,
): Standing {
  const wanted = quota.whole ?? 0;
  if (wanted > 0 && quota.part >= wanted) return 'reached';
  if (over) return wanted > 0 ? 'missed' : 'none';
  if (received === 0 && fullDays >= SILENT_DAYS) return 'silent';
  if (wanted === 0 || left === null) return 'none';
  if (ahead === null) return 'early';
  return ahead.expected < wanted ? 'behind' : 'on-track';
}

/** Whether somebody has to be reminded. */
export function lags({ standing }: Pick<Progress, 'standing'>): boolean {
  return standing === 'behind' || standing === 'silent' || standing === 'missed';
}
