/** Numbers and days as people read them: 96,2 % and 20/11/2026 in Vietnamese, 96.2% and 20/11/2026 in English. */
import type { Day } from '../../models/day.js';
import { roundedMean, roundedPercent } from '../statistics/rounding.js';

export interface Format {
  /** 1.234 */
  count(value: number): string;
  /** A share 0–1 as 96,2 %. */
  percent(share: number): string;
  /** A percentage 0–100 as 96,2 %. */
  percentage(value: number): string;
  /** A mean score as 4,52. */
  mean(value: number): string;
  /** 20/11/2026 */
  day(day: Day): string;
}

/** The number and day formats of a language. */
export function formatOf(language: string): Format {
  const vietnamese = language !== 'en';
  const locale = vietnamese ? 'vi-VN' : 'en-GB';
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const sign = vietnamese ? '\u00a0%' : '%';
  return {
    count: (value) => whole.format(value),
    percent: (share) => `${one.format(roundedPercent(share))}${sign}`,
    percentage: (value) => `${one.format(roundedPercent(value / 100))}${sign}`,
    mean: (value) => two.format(roundedMean(value)),
    day: (day) => day.split('-').reverse().join('/'),
  };
}
