import mongoose from 'mongoose';
import type { Context } from '../../server/context.js';

/** Figures as people read them in Vietnamese; empty where there is nothing to read. */
export interface Recount {
  readonly responses: number;
  /** People with an answer. */
  readonly people: number;
  readonly answered: number;
  readonly rate: string;
  readonly low: string;
  readonly high: string;
  readonly mean: string;
  readonly expectation: string;
}

interface Counts {
  readonly responses: number;
  /** For each person with an answer: how many answers, and how many of them satisfied. */
  readonly persons: readonly (readonly [answered: number, satisfied: number])[];
  readonly answered: bigint;
  readonly satisfied: bigint;
  readonly sum: bigint;
  readonly percentages: bigint;
  readonly expecting: bigint;
}

type Where = {
  readonly round: string;
  readonly unit?: string;
  readonly service?: string;
  readonly survey?: string;
};

/** Which sections of a survey are counted. */
type Sections = (role: string, code: string) => boolean;

/** Counts the stored responses again, by hand: whole numbers, nothing of the product but its questionnaires. */
export async function countByHand(
  { surveys }: Context,
  where: Where,
  sections: Sections = (role) => role === 'factor',
): Promise<Counts> {
  const stored = await mongoose.connection.collection('responses').find(where).toArray();
  const counts = { answered: 0n, satisfied: 0n, sum: 0n, percentages: 0n, expecting: 0n };
  const persons: [number, number][] = [];
  for (const { survey, answers } of stored) {
    const person: [number, number] = [0, 0];
    for (const { role, code: section, items } of surveys.get(survey)?.sections ?? [])
      for (const { code, kind } of items) {
        const answer = answers[code];
        if (kind === 'percentage' && typeof answer === 'number') {
          counts.percentages += BigInt(answer);
          counts.expecting += 1n;
        }
        if (kind !== 'likert' || !sections(role, section) || !(answer >= 1 && answer <= 5)) continue;
        counts.answered += 1n;
        counts.sum += BigInt(answer);
        if (answer >= 4) counts.satisfied += 1n;
        person[0] += 1;
        if (answer >= 4) person[1] += 1;
      }
    if (person[0] > 0) persons.push(person);
  }
  return { responses: stored.length, persons, ...counts };
}

/** The figures of what was counted by hand. */
export async function recount(context: Context, where: Where, sections?: Sections): Promise<Recount> {
  const counts = await countByHand(context, where, sections);
  const [low, high] = scoreInterval(counts.persons);
  return {
    responses: counts.responses,
    people: counts.persons.length,
    answered: Number(counts.answered),
    rate: quotient(counts.satisfied * 100n, counts.answered, 1),
    low,
    high,
    mean: quotient(counts.sum, counts.answered, 2),
    expectation: quotient(counts.percentages, counts.expecting, 1),
  };
}

/** a / b with decimals after a comma, half up. */
function quotient(a: bigint, b: bigint, decimals: number): string {
  if (b === 0n) return '';
  const scale = 10n ** BigInt(decimals);
  const rounded = (2n * a * scale + b) / (2n * b);
  return `${rounded / scale},${String(rounded % scale).padStart(decimals, '0')}`;
}

/**
 * Wilson's interval in its textbook form, (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n), in percent; n is the number
 * of answers over the design effect, the variance of Σy/Σx over people (Cochran §3.12) over that of as many independent
 * answers, no less than 1; where all answers agree it is the number of people.
 */
function scoreInterval(persons: Counts['persons']): [string, string] {
  if (persons.length === 0) return ['', ''];
  const z = 1.959963984540054;
  const answered = persons.reduce((sum, [x]) => sum + x, 0);
  const p = persons.reduce((sum, [, y]) => sum + y, 0) / answered;
  const squares = persons.reduce((sum, [x, y]) => sum + (y - p * x) ** 2, 0);
  const overPeople = ((persons.length / (persons.length - 1)) * squares) / answered ** 2;
  const independent = (p * (1 - p)) / (answered - 1);
  const design = Math.max(1, overPeople / independent);
  const n = p === 0 || p === 1 || persons.length === 1 ? persons.length : answered / design;
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const centre = p + (z * z) / (2 * n);
  const percent = (end: number) =>
    ((100 * end) / (1 + (z * z) / n)).toFixed(1).replace('-0.0', '0.0').replace('.', ',');
  return [percent(centre - half), percent(centre + half)];
}
