/** Days in the cells of lists. */
import { type Day, parseDay } from '../../models/day.js';

/** A day as 2025-07-01 or 01/07/2025; null where the cell is empty, undefined where it is no day. */
export function dayIn(cell: string): Day | null | undefined {
  if (cell === '') return null;
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(cell) ?? [];
  const written = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : cell;
  return parseDay(written) ?? undefined;
}
