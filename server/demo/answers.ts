/**
 * Made-up answers that look like real ones: rates between 60 and 98 %, facilities lowest, schools and people that
 * differ. The same seed gives the same answers.
 */
import type { Answer } from '../../models/responses.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { NO_OPINION } from '../statistics/tally.js';

/** A source of numbers 0 ≤ x < 1 that a seed fixes (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normally distributed number, mean 0, standard deviation 1 (Box–Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How content people are with each factor, in standard deviations above the step from 3 to 4. */
const CONTENTMENT: Readonly<Record<string, number>> = { A: 1.6, B: 1.0, C: 1.75, D: 1.65, E: 1.5 };

/** Levels 2, 3, 4 and 5 begin at these values. */
const STEPS = [-1.7, -0.9, 0, 1.3];

/**
 * One person's answers to a survey.
 * @param mood how content this person at this unit is, in standard deviations
 * @param comments what people write, where they write
 */
export function madeUpAnswers(
  survey: Survey,
  mood: number,
  random: () => number,
  comments: readonly string[],
): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const section of survey.sections)
    for (const item of section.items) {
      if (item.showIf && !item.showIf.in.includes(String(answers[item.showIf.item]))) continue;
      const answer = madeUpAnswer(item, section.code, mood, random, comments);
      if (answer !== null) answers[item.code] = answer;
    }
  return answers;
}

function madeUpAnswer(
  item: Item,
  section: string,
  mood: number,
  random: () => number,
  comments: readonly string[],
): Answer | null {
  const content = (CONTENTMENT[section] ?? 1.6) + mood;
  switch (item.kind) {
    case 'likert':
      if (item.noOpinion && random() < 0.03) return NO_OPINION;
      return 1 + STEPS.filter((step) => content + 0.8 * normal(random) + leaning(item.code) > step).length;
    case 'percentage':
      return Math.min(
        100,
        Math.max(0, Math.round((82 + 8 * mood + 8 * normal(random)) / item.step) * item.step),
      );
    case 'single':
      // The first options are the usual ones.
      return item.required || random() < 0.8 ? pick(item.options, random() ** 2.2).code : null;
    case 'multiple':
      return [pick(item.options, random() ** 1.5).code];
    case 'text':
      return random() < 0.06 ? pick(comments, random()) : null;
  }
}

/** Some items please a little more or less than their factor, the same in every school. */
function leaning(code: string): number {
  return (((code.charCodeAt(0) * 31 + Number(code.slice(1)) * 17) % 13) - 6) / 20;
}

function pick<T>(choices: readonly T[], share: number): T {
  const choice = choices[Math.floor(share * choices.length)];
  if (choice === undefined) throw new RangeError('nothing to choose from');
  return choice;
}
