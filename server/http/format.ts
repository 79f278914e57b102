/** Numbers and days as people read them: 96,2 % and 20/11/2026 in Vietnamese, 96.2% and 20/11/2026 in English. */
import { type Day, dayInVietnam } from '../../models/day.js';
import { roundedMean, roundedPercent, roundedPoints } from '../statistics/rounding.js';

export interface Format {
  /** 1.234 */
  count(value: number): string;
  /** As it was given, 92,5 */
  number(value: number): string;
  /** A share 0–1 as 96,2 %. */
  percent(share: number): string;
  /** A percentage 0–100 as 96,2 %. */
  percentage(value: number): string;
  /** Percentage points as −1,2. */
  points(value: number): string;
  /** A mean score as 4,52. */
  mean(value: number): string;
  /** 20/11/2026 */
  day(day: Day): string;
  /** 20/11/2026 14:05, as clocks in Vietnam show it. */
  instant(instant: Date): string;
}

const VIETNAMESE = 'vi-VN';

/** The number and day formats of a language; those of Vietnamese where nobody has written its own down. */
export function formatOf(language: string): Format {
  const locale = localeOf(language);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const any = new Intl.NumberFormat(locale);
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const oneDecimal = new Intl.NumberFormat(locale, one);
  const oneOfHundred = new Intl.NumberFormat(locale, { ...one, style: 'percent' });
  const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  // Intl leaves no space before the sign, official Vietnamese does.
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour: '2-digit',
    minute: '2-digit',
  });
  const printedDay = (day: Day) => day.split('-').reverse().join('/');
  const percentage = (rounded: number) =>
    locale === VIETNAMESE ? `${oneDecimal.format(rounded)}\u00a0%` : oneOfHundred.format(rounded / 100);
  return {
    count: (value) => whole.format(value),
    number: (value) => any.format(value),
    percent: (share) => percentage(roundedPercent(share)),
    percentage: (value) => percentage(roundedPercent(value / 100)),
    points: (value) => oneDecimal.format(roundedPoints(value)).replace('-', '\u2212'),
    mean: (value) => two.format(roundedMean(value)),
    day: printedDay,
    instant: (instant) => `${printedDay(dayInVietnam(instant))} ${time.format(instant)}`,
  };
}

function localeOf(language: string): string {
  if (language === 'en') return 'en-GB';
  const [known = 'vi'] = Intl.NumberFormat.supportedLocalesOf(language);
  return known === 'vi' ? VIETNAMESE : known;
}
