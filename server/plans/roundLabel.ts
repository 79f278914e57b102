/** The label of a round in the numbering its department uses. */
import type { Day } from '../../models/day.js';
import type { Numbering } from '../../models/rounds.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';

/** First month of a school year. */
const SEPTEMBER = 9;

/**
 * `Đợt 2 năm 2026`, `Đợt 1 năm học 2026-2027`, or for a continuous round `Khảo sát thường xuyên năm 2026`. Labels
 * are official names and so Vietnamese.
 * @param ordinal which round of the year; null for a continuous one
 */
export function roundLabel(numbering: Numbering, ordinal: number | null, opens: Day): string {
  const t = translator(DEFAULT_LANGUAGE);
  const year = Number(opens.slice(0, 4));
  if (ordinal === null) return t('rounds.label.continuous', { year });
  if (numbering === 'calendar-year') return t('rounds.label.calendar-year', { ordinal, year });
  const start = Number(opens.slice(5, 7)) >= SEPTEMBER ? year : year - 1;
  return t('rounds.label.school-year', { ordinal, start, end: start + 1 });
}
