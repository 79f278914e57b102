/** Two entries of one sheet, question by question. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../../models/paperSheets.js';
import type { Answer } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { type Interval, wilsonInterval } from '../statistics/interval.js';

/** Stands for the service among the questions, where each sheet says its own. */
export const SERVICE_FIELD = 'dich-vu';

/** A question that was typed differently; undefined is a blank. */
interface Difference {
  /** Code of the item, or `dich-vu`. */
  readonly item: string;
  readonly first: Answer | undefined;
  readonly second: Answer | undefined;
}

interface Comparison {
  /** Questions with a number that at least one of the entries answers. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares two entries. Free text is typed once: two people never type a sentence alike, and its slips change no figure.
 * @param withService whether each sheet of the batch says its own service
 */
export function compareEntries(
  survey: Survey,
  first: Entry,
  second: Entry,
  withService: boolean,
): Comparison {
  const asked = itemsOf(survey)
    .filter(({ kind }) => kind !== 'text')
    .map(({ code }) => ({ item: code, first: first.answers[code], second: second.answers[code] }));
  const service = { item: SERVICE_FIELD, first: first.service, second: second.service };
  const answered = [...(withService ? [service] : []), ...asked].filter(
    (one) => one.first !== undefined || one.second !== undefined,
  );
  return {
    compared: answered.length,
    differences: answered.filter((one) => !isDeepStrictEqual(one.first, one.second)),
  };
}

/** Share of the compared questions that were typed differently, with its 95 % interval; null where none was compared. */
export function disagreementRate(counts: {
  compared: number;
  disagreed: number;
}): { rate: number; interval: Interval } | null {
  const { compared, disagreed } = counts;
  if (compared === 0) return null;
  return { rate: disagreed / compared, interval: wilsonInterval(disagreed, compared) };
}
