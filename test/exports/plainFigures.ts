/** Figures counted again from the responses as they are stored, in plain code: nothing of the product but its questionnaires. */
import type { Survey } from '../../surveys/schema.js';
import { quotient, scoreEnds } from '../results/recount.js';

/** A response as it is stored. */
export interface Stored {
  readonly unit: string;
  readonly survey: string;
  readonly service: string;
  readonly channel: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Figures as they stand in a file with decimal points. */
export interface PlainFigure {
  readonly answered: string;
  readonly rate: string;
  readonly low: string;
  readonly high: string;
  readonly mean: string;
  /** Answers at 1 to 5, then "không có ý kiến", then blanks. */
  readonly counts: readonly number[];
  readonly people: number;
  /** Before rounding; null where nobody answered. */
  readonly exact: { readonly rate: number; readonly low: number; readonly high: number } | null;
}

/** The codes of the Likert items of the factors, or of one factor. */
export function factorItems(survey: Survey, factor?: string): string[] {
  return survey.sections
    .filter(({ role, code }) => role === 'factor' && (factor === undefined || code === factor))
    .flatMap(({ items }) => items.map(({ code }) => code));
}

/** The code of the separate question of a kind. */
export function overallItem(survey: Survey, kind: 'likert' | 'percentage'): string {
  const overall = survey.sections.find(({ role }) => role === 'overall')?.items ?? [];
  return overall.find((item) => item.kind === kind)?.code ?? '';
}

/** One figure over responses, each with the items of its own survey that count. */
export function plainFigure(
  responses: readonly Stored[],
  itemsOf: (survey: string) => readonly string[],
): PlainFigure {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  const persons: [number, number][] = [];
  for (const { survey, answers } of responses) {
    const person: [number, number] = [0, 0];
    for (const code of itemsOf(survey)) {
      const answer = answers[code];
      const place = answer === undefined ? 6 : answer === 0 ? 5 : Number(answer) - 1;
      counts[place] = (counts[place] ?? 0) + 1;
      if (place < 5) person[0] += 1;
      if (place === 3 || place === 4) person[1] += 1;
    }
    if (person[0] > 0) persons.push(person);
  }
  const levels = counts.slice(0, 5);
  const answered = levels.reduce((sum, count) => sum + count, 0);
  const satisfied = (levels[3] ?? 0) + (levels[4] ?? 0);
  const sum = levels.reduce((all, count, at) => all + count * (at + 1), 0);
  const ends = persons.length > 0 ? scoreEnds(persons) : null;
  return {
    answered: String(answered),
    rate: share(satisfied, answered),
    low: ends ? percent(ends[0]) : '',
    high: ends ? percent(ends[1]) : '',
    mean: share(sum, 100 * answered, 2),
    counts,
    people: persons.length,
    exact: ends ? { rate: satisfied / answered, low: ends[0], high: ends[1] } : null,
  };
}

/** Mean of what people said of an item with percentages. */
export function plainExpectation(responses: readonly Stored[], itemOf: (survey: string) => string): string {
  const given = responses.flatMap(({ survey, answers }) => answers[itemOf(survey)] ?? []).map(Number);
  return share(
    given.reduce((sum, each) => sum + each, 0),
    100 * given.length,
  );
}

/** Shares of people: all of whose answers are 4–5, and whose mean is at least 4. */
export function plainPeople(
  responses: readonly Stored[],
  itemsOf: (survey: string) => readonly string[],
): { allFavourable: string; meanAtLeastFour: string } {
  const people = responses
    .map(({ survey, answers }) =>
      itemsOf(survey).flatMap((code) => (Number(answers[code] ?? 0) > 0 ? [Number(answers[code])] : [])),
    )
    .filter(({ length }) => length > 0);
  const sum = (levels: readonly number[]) => levels.reduce((all, level) => all + level, 0);
  return {
    allFavourable: share(
      people.filter((levels) => levels.every((level) => level >= 4)).length,
      people.length,
    ),
    meanAtLeastFour: share(people.filter((levels) => sum(levels) >= 4 * levels.length).length, people.length),
  };
}

/** 100 a / b as it stands in a file; empty where b is 0. */
export function share(a: number, b: number, decimals = 1): string {
  return quotient(BigInt(a) * 100n, BigInt(b), decimals).replace(',', '.');
}

function percent(end: number): string {
  return (100 * end).toFixed(1).replace('-0.0', '0.0');
}
