/**
 * How carefully the demonstration's people answer: nearly all read, a few rush or give everything the same level,
 * and at every twelfth unit many do, as where forms are filled in for others.
 */
import type { Answer } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';

/** How one person answered. */
interface Manner {
  /** What the form's stopwatch said. */
  readonly seconds: number;
  /** The level given to every item; null where each got its own. */
  readonly level: 4 | 5 | null;
  readonly burst: boolean;
}

/** @param unitIndex place of the unit in its round */
export function madeUpManner(unitIndex: number, random: () => number): Manner {
  const doubtful = unitIndex % 12 === 7;
  const rushed = random() < (doubtful ? 0.25 : 0.006);
  const straight = random() < (rushed ? 0.7 : 0.01);
  return {
    seconds: rushed ? 5 + Math.floor(20 * random()) : 90 + Math.floor(300 * random()),
    level: straight ? (random() < 0.7 ? 5 : 4) : null,
    burst: random() < (doubtful && unitIndex % 24 === 7 ? 0.3 : 0),
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
