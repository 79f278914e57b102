/** Quality flags of a response. Pure: the same answers and seconds give the same flags. */
import type { Answer, Flag } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { FEWEST_EQUAL_LEVELS, FEWEST_SECONDS_PER_QUESTION } from '../statistics/quality.js';
import { NO_OPINION } from '../statistics/tally.js';

const MOST_SECONDS = 24 * 60 * 60;

/** Whole seconds as the form's stopwatch sends them, 0 to 86 400; null for anything else, which is no mistake. */
export function secondsFrom(sent: unknown): number | null {
  if (typeof sent !== 'string' || !/^\d{1,5}$/.test(sent)) return null;
  const seconds = Number(sent);
  return seconds <= MOST_SECONDS ? seconds : null;
}

/**
 * What the answers themselves tell.
 * @param seconds whole seconds from the first answer to the send; null where unknown, as without a script
 * @param burst whether it came in a burst of sends
 * @returns the flags in order of the alphabet
 */
export function flagsOf(
  survey: Survey,
  answers: Readonly<Record<string, Answer>>,
  seconds: number | null,
  burst: boolean,
): Flag[] {
  const flags: Flag[] = [];
  if (burst) flags.push('burst');
  if (seconds !== null && seconds < Object.keys(answers).length * FEWEST_SECONDS_PER_QUESTION)
    flags.push('fast');
  if (isStraightLine(survey, answers)) flags.push('same');
  return flags;
}

/** Whether many Likert items got a level, and all the same one; "không có ý kiến" and blanks are no levels. */
function isStraightLine(survey: Survey, answers: Readonly<Record<string, Answer>>): boolean {
  const levels = itemsOf(survey).flatMap(({ code, kind }) => {
    const answer = answers[code];
    return kind !== 'likert' || answer === undefined || answer === NO_OPINION ? [] : [answer];
  });
  return levels.length >= FEWEST_EQUAL_LEVELS && new Set(levels).size === 1;
}
