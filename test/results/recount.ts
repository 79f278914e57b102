import mongoose from 'mongoose';
import type { Context } from '../../server/context.js';

/** Figures as people read them in Vietnamese; empty where there is nothing to read. */
export interface Recount {
  readonly responses: number;
  readonly answered: number;
  readonly rate: string;
  readonly low: string;
  readonly high: string;
  readonly mean: string;
  readonly expectation: string;
}

interface Counts {
  readonly responses: number;
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
  for (const { survey, answers } of stored)
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
      }
  return { responses: stored.length, ...counts };
}

/** The figures of what was counted by hand. */
export async function recount(context: Context, where: Where, sections?: Sections): Promise<Recount> {
  const counts = await countByHand(context, where, sections);
  const [low, high] = scoreInterval(Number(counts.satisfied), Number(counts.answered));
  return {
    responses: counts.responses,
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

/** Wilson's interval in its textbook form, (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n), in percent. */
function scoreInterval(satisfied: number, n: number): [string, string] {
  if (n === 0) return ['', ''];
  const z = 1.959963984540054;
  const p = satisfied / n;
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const centre = p + (z * z) / (2 * n);
  const percent = (end: number) =>
    ((100 * end) / (1 + (z * z) / n)).toFixed(1).replace('-0.0', '0.0').replace('.', ',');
  return [percent(centre - half), percent(centre + half)];
}
