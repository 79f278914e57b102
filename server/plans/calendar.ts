/** The days of plans: periods of a year, days on which something is due, the same day in another year. */
import { addDays, type Day, parseDay } from '../../models/day.js';
import type { Every } from '../../models/plans.js';

/** A stretch of a year that is reported on. */
export interface Period {
  /** 2026-03, 2026-Q1, 2026-H1 or 2026. */
  readonly code: string;
  readonly every: Every;
  readonly year: number;
  /** Which of its kind in the year, from 1. */
  readonly number: number;
  readonly last: Day;
}

const MONTHS: Readonly<Record<Every, number>> = { month: 1, quarter: 3, 'half-year': 6, year: 12 };

/** The periods of a kind that end within a plan. */
export function periodsWithin(every: Every, from: Day, to: Day): Period[] {
  const periods: Period[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year += 1)
    for (let number = 1; number <= 12 / MONTHS[every]; number += 1) {
      const last = lastOfMonth(`${year}-${String(number * MONTHS[every]).padStart(2, '0')}`);
      if (from <= last && last <= to)
        periods.push({ code: codeOf(every, year, number), every, year, number, last });
    }
  return periods;
}

function codeOf(every: Every, year: number, number: number): string {
  switch (every) {
    case 'month':
      return `${year}-${String(number).padStart(2, '0')}`;
    case 'quarter':
      return `${year}-Q${number}`;
    case 'half-year':
      return `${year}-H${number}`;
    default:
      return String(year);
  }
}

const ROMAN = ['I', 'II', 'III', 'IV'];

/**
 * When something is due, from how people write it: 31/03/2026, 2026-03-31, Quý I/2026, Q1/2026, 2026-Q1.
 * @returns a day, or a quarter such as 2026-Q1; null where it is neither
 */
export function parseDue(written: string): string | null {
  const text = written.trim().toUpperCase();
  const [, day = '', month = '', year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](20\d{2})$/.exec(text) ?? [];
  if (year !== undefined) return parseDay(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  const [, which = '', of] = /^(?:QUÝ|QUY|Q)\s*([1-4]|I{1,3}|IV)\s*[/ -]\s*(20\d{2})$/.exec(text) ?? [];
  if (of !== undefined) return `${of}-Q${Number(which) || ROMAN.indexOf(which) + 1}`;
  return /^20\d{2}-Q[1-4]$/.test(text) ? text : parseDay(text);
}

/** A due time as people write it: 31/03/2026 or Quý I/2026. */
export function writtenDue(due: string): string {
  const [year, quarter] = due.split('-Q');
  return quarter === undefined
    ? due.split('-').reverse().join('/')
    : `Quý ${romanQuarter(Number(quarter))}/${year}`;
}

/** 1 as I. */
function romanQuarter(quarter: number): string {
  return ROMAN[quarter - 1] ?? '';
}

/** The last day on which something is in time. @param due a day, or a quarter such as 2026-Q1 */
export function dueDay(due: string): Day {
  const [year, quarter] = due.split('-Q');
  return quarter === undefined
    ? (due as Day)
    : lastOfMonth(`${year}-${String(Number(quarter) * 3).padStart(2, '0')}`);
}

/** The same time in another year. */
export function movedDue(due: string, years: number): string {
  const [year, quarter] = due.split('-Q');
  return quarter === undefined ? movedByYears(due as Day, years) : `${Number(year) + years}-Q${quarter}`;
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

/** The same day in another year; the last day of a month stays the last, in leap years too. */
export function movedByYears(from: Day, years: number): Day {
  const month = `${yearOf(from) + years}${from.slice(4, 7)}`;
  const sameDay = isLastOfMonth(from) ? null : parseDay(`${month}-${from.slice(8)}`);
  return sameDay ?? lastOfMonth(month);
}

function isLastOfMonth(candidate: Day): boolean {
  return addDays(candidate, 1).endsWith('-01');
}

/** The last day of a month given as YYYY-MM. */
function lastOfMonth(month: string): Day {
  const inNextMonth = addDays(`${month}-28` as Day, 4);
  return addDays(inNextMonth, -Number(inNextMonth.slice(8)));
}
