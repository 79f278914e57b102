/** The parts of a date by their operators' names, from the UTC fields of a moment. */
const DAY_MS = 86_400_000;

function dayOfYear(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start.getTime()) / DAY_MS) + 1;
}

export type DateParts = Record<
  | ('$year' | '$month' | '$dayOfMonth' | '$hour' | '$minute' | '$second' | '$millisecond')
  | ('$dayOfWeek' | '$dayOfYear' | '$week' | '$isoWeek' | '$isoWeekYear' | '$isoDayOfWeek'),
  number
>;

/** All parts of a moment; weeks are counted from Sunday, and as ISO 8601 does. */
export function partsOf(date: Date): DateParts {
  const weekday = date.getUTCDay();
  const day = dayOfYear(date);
  const thursday = new Date(date.getTime() + (4 - (weekday || 7)) * DAY_MS);
  return {
    $year: date.getUTCFullYear(),
    $month: date.getUTCMonth() + 1,
    $dayOfMonth: date.getUTCDate(),
    $hour: date.getUTCHours(),
    $minute: date.getUTCMinutes(),
    $second: date.getUTCSeconds(),
    $millisecond: date.getUTCMilliseconds(),
    $dayOfWeek: weekday + 1,
    $dayOfYear: day,
    $week: Math.floor((day + 6 - weekday) / 7),
    $isoWeek: Math.floor((dayOfYear(thursday) - 1) / 7) + 1,
    $isoWeekYear: thursday.getUTCFullYear(),
    $isoDayOfWeek: weekday || 7,
  };
}
