/** Days as people in Vietnam count them. Rounds open and close on days; nothing finer is stored about answers. */

declare const dayBrand: unique symbol;

/** A day in Asia/Ho_Chi_Minh as YYYY-MM-DD. Strings of this form sort as the days do. */
export type Day = string & { readonly [dayBrand]: true };

/** Vietnam has kept UTC+7 without summer time since 1975. */
const OFFSET_MS = 7 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The day it is in Vietnam at an instant. */
export function dayInVietnam(instant: Date): Day {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10) as Day;
}

/** The time of day in Vietnam at an instant, as HH:MM:SS. */
export function timeInVietnam(instant: Date): string {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(11, 19);
}

/** The instant at which a day begins in Vietnam. */
export function beginningOf(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - OFFSET_MS);
}

/** A day from text, or null where the text is not a day of the calendar in the form YYYY-MM-DD. */
export function parseDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : (text as Day);
}

/** The day `count` days later (earlier where negative). */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10) as Day;
}

/** Whole days from one day to another; negative where `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}
