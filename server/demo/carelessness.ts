/**
 * How carefully the demonstration's people answer: nearly all read, a few rush or give everything the same level,
 * and at every twelfth unit many do, as where forms are filled in for others.
 */
import type { Answer } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { BURST } from '../statistics/quality.js';

/** How one person answered. */
interface Manner {
  /** What the form's stopwatch said. */
  readonly seconds: number;
  /** The level given to every item; null where each got its own. */
  readonly level: 4 | 5 | null;
  readonly burst: boolean;
}

/**
 * @param unitIndex place of the unit in its round
 * @param before how many at the unit have answered
 */
export function madeUpManner(unitIndex: number, before: number, random: () => number): Manner {
  const doubtful = unitIndex % 12 === 7;
  const rushed = random() < (doubtful ? 0.25 : 0.003);
  const straight = random() < (rushed ? 0.7 : 0.003);
  return {
    seconds: rushed ? 5 + Math.floor(20 * random()) : 90 + Math.floor(300 * random()),
    level: straight ? (random() < 0.7 ? 5 : 4) : null,
    burst: doubtful && before >= BURST.sends,
  };
}

/** Answers with one level for every Likert item that has an answer. */
export function straightLine(
  survey: Survey,
  answers: Readonly<Record<string, Answer>>,
  level: number,
): Record<string, Answer> {
  const items = itemsOf(survey).filter(({ code, kind }) => kind === 'likert' && code in answers);
  return { ...answers, ...Object.fromEntries(items.map(({ code }) => [code, level])) };
}
