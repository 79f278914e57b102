/**
 * Tết Nguyên đán: the first day of the lunar year in Vietnam's own calendar (UTC+7), which is not China's in every
 * year (2027). Source: Hồ Ngọc Đức, "Thuật toán tính âm lịch"; compared in the tests with the
 * Chinese calendar of ICU.
 */
import { addDays, type Day } from '../../models/day.js';

const FIRST_DAYS = [
  '2020-01-25',
  '2021-02-12',
  '2022-02-01',
  '2023-01-22',
  '2024-02-10',
  '2025-01-29',
  '2026-02-17',
  '2027-02-06',
  '2028-01-26',
  '2029-02-13',
  '2030-02-02',
  '2031-01-23',
  '2032-02-11',
  '2033-01-31',
  '2034-02-19',
  '2035-02-08',
  '2036-01-28',
  '2037-02-15',
  '2038-02-04',
  '2039-01-24',
  '2040-02-12',
  '2041-02-01',
  '2042-01-22',
  '2043-02-10',
  '2044-01-30',
  '2045-02-17',
  '2046-02-06',
  '2047-01-26',
  '2048-02-14',
  '2049-02-02',
  '2050-01-23',
] as readonly string[] as readonly Day[];

/** Schools are empty for about a week before and after. */
const DAYS_AROUND = 7;

/** The first day of Tết where a day lies within a week of it; null elsewhere, and outside 2020–2050. */
export function tetAround(day: Day): Day | null {
  return (
    FIRST_DAYS.find((first) => addDays(first, -DAYS_AROUND) <= day && day <= addDays(first, DAYS_AROUND)) ??
    null
  );
}
