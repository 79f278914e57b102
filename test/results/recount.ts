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
export function quotient(a: bigint, b: bigint, decimals: number): string {
  if (b === 0n) return '';
  const scale = 10n ** BigInt(decimals);
  const rounded = (2n * a * scale + b) / (2n * b);
  return `${rounded / scale},${String(rounded % scale).padStart(decimals, '0')}`;
}

const Z = 1.959963984540054;

/**
 * The interval of a rate, 0 to 1. n is the number of answers over the design effect – the variance of Σy/Σx over
 * people (Cochran §3.12) over that of as many independent answers, no less than 1 – times the squared quotient of
 * Student's quantiles (Korn & Graubard 1998); where all answers agree it is the number of people, and no interval
 * reaches less far than that of as many people who all agree.
 */
export function scoreEnds(persons: Counts['persons']): [number, number] {
  const answered = persons.reduce((sum, [x]) => sum + x, 0);
  const p = persons.reduce((sum, [, y]) => sum + y, 0) / answered;
  const squares = persons.reduce((sum, [x, y]) => sum + (y - p * x) ** 2, 0);
  const overPeople = ((persons.length / (persons.length - 1)) * squares) / answered ** 2;
  const independent = (p * (1 - p)) / (answered - 1);
  const design = Math.max(1, overPeople / independent);
  const agreeing = p === 0 || p === 1 || persons.length === 1;
  const n = agreeing
    ? persons.length
    : (answered / design) * (student(answered - 1) / student(persons.length - 1)) ** 2;
  const [low, high] = wilson(p, n);
  return agreeing
    ? [low, high]
    : [Math.min(low, wilson(1, persons.length)[0]), Math.max(high, wilson(0, persons.length)[1])];
}

/** The same as people read it; empty where nobody answered. */
function scoreInterval(persons: Counts['persons']): [string, string] {
  if (persons.length === 0) return ['', ''];
  return scoreEnds(persons).map((end) => (100 * end).toFixed(1).replace('-0.0', '0.0').replace('.', ',')) as [
    string,
    string,
  ];
}

/** Wilson's interval in its textbook form, (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n). */
function wilson(p: number, n: number): [number, number] {
  const half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const centre = p + (Z * Z) / (2 * n);
  return [(centre - half) / (1 + (Z * Z) / n), (centre + half) / (1 + (Z * Z) / n)];
}

/** Student's quantile of 0.975, from its density: with t = √ν tan θ it is that of cos^(ν−1) θ. */
function student(freedom: number): number {
  if (freedom > 1000) return Z + (Z ** 3 + Z) / (4 * freedom);
  const area = (end: number): number => {
    const steps = 2000;
    let sum = 1 + Math.cos(end) ** (freedom - 1);
    for (let step = 1; step < steps; step += 1)
      sum += (step % 2 === 1 ? 4 : 2) * Math.cos((end * step) / steps) ** (freedom - 1);
    return (sum * end) / (3 * steps);
  };
  const wanted = 0.95 * area(Math.PI / 2);
  let [from, to] = [0, Math.PI / 2];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (from + to) / 2;
    if (area(middle) < wanted) from = middle;
    else to = middle;
  }
  return Math.sqrt(freedom) * Math.tan(from);
}
