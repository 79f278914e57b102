/**
 * What a typist puts into a form, as answers: numbers instead of circles, a hyphen for what the sheet leaves blank.
 * Pure. What is typed becomes the fields an online form would send, and is then read by the same rules.
 */
import type { Answer } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import type { FormBody } from '../http/body.js';
import { type AnswerProblem, NO_OPINION_FIELD, type ReadAnswers, readAnswers } from '../respond/answers.js';
import { NO_OPINION } from '../statistics/tally.js';

/** Typed for a question that the sheet leaves blank, or marks twice. */
const BLANK = '-';

/** Typed for "Không có ý kiến". */
const NO_OPINION_KEY = '0';

/**
 * Everything that can be typed for one answer to an item, in the order it is offered; null for free text. Of a
 * question with several answers each number is one.
 */
export function acceptedTexts(item: Item): readonly string[] | null {
  switch (item.kind) {
    case 'likert':
      return [...(item.noOpinion ? [NO_OPINION_KEY] : []), '1', '2', '3', '4', '5'];
    case 'percentage':
      return Array.from({ length: 100 / item.step + 1 }, (_, index) => String(index * item.step));
    case 'text':
      return null;
    default:
      return item.options.map((_, index) => String(index + 1));
  }
}

/**
 * The answers of a sheet. A question that everybody is to answer online may be blank on paper, but the typist has to
 * say so by a hyphen, so that nothing is skipped by mistake; a sheet without a single answer is no response.
 * @param blanks `said` where a hyphen is wanted, `any` where an empty field is a blank as well, as in a list
 */
export function readTyped(survey: Survey, typed: FormBody, blanks: 'said' | 'any' = 'said'): ReadAnswers {
  const items = itemsOf(survey);
  const fields: Record<string, string | string[]> = {};
  const problems: AnswerProblem[] = [];
  for (const [name, value] of Object.entries(typed)) {
    const item = items.find(({ code }) => code === name);
    const field = item && typeof value === 'string' ? fieldOf(item, value.trim()) : value;
    if (field !== null) fields[name] = field;
    else if (item) problems.push(notAccepted(item));
  }
  const read = readAnswers(survey, fields);
  for (const problem of read.problems) {
    const said = String(typed[problem.item ?? ''] ?? '').trim() !== '' || blanks === 'any';
    if (!isMissing(problem)) problems.push(problem);
    else if (!said) problems.push({ ...problem, key: 'paper.problem.not-typed' });
  }
  if (problems.length === 0 && Object.keys(read.answers).length === 0)
    problems.push({ item: null, key: 'paper.problem.nothing-answered', parameters: {} });
  const place = (problem: AnswerProblem) => items.findIndex(({ code }) => code === problem.item);
  return { answers: read.answers, problems: problems.sort((one, other) => place(one) - place(other)) };
}

/** What was, or would be, typed for answers: the other way round. */
export function typedOf(survey: Survey, answers: Readonly<Record<string, Answer>>): Record<string, string> {
  return Object.fromEntries(itemsOf(survey).map((item) => [item.code, textOf(item, answers[item.code])]));
}

/** What is typed for one answer; a hyphen where the question is blank, nothing where blank free text is. */
export function textOf(item: Item, answer: Answer | undefined): string {
  if (answer === undefined) return item.kind === 'text' ? '' : BLANK;
  if (item.kind === 'likert') return answer === NO_OPINION ? NO_OPINION_KEY : String(answer);
  if (!('options' in item)) return String(answer);
  const places = [answer].flat().map((code) => item.options.findIndex((option) => option.code === code) + 1);
  return places.join(',');
}

/** The field of an online form for a typed text; null where it is nothing the item accepts. */
function fieldOf(item: Item, text: string): string | string[] | null {
  if (text === '' || /^[-–—.]$/.test(text)) return '';
  if (item.kind === 'text') return text;
  if (item.kind === 'multiple') return severalOf(item, text);
  const accepted = acceptedTexts(item) ?? [];
  const place = accepted.indexOf(item.kind === 'percentage' ? text.replace(/\s*%$/, '') : text);
  if (place < 0) return null;
  if (item.kind === 'likert' && text === NO_OPINION_KEY) return NO_OPINION_FIELD;
  return item.kind === 'single' ? (item.options[place]?.code ?? null) : (accepted[place] ?? null);
}

/** `134` or `1,3,4`; with more than nine options only the latter tells where a number ends. */
function severalOf(item: Extract<Item, { kind: 'multiple' }>, text: string): string[] | null {
  const numbers = item.options.length > 9 ? text.split(/[\s,;.+]+/) : [...text.replace(/[\s,;.+]+/g, '')];
  const codes = numbers
    .filter(Boolean)
    .map((number) => (/^[1-9]\d?$/.test(number) ? item.options[Number(number) - 1]?.code : undefined));
  return codes.every((code) => code !== undefined) ? codes : null;
}

function notAccepted(item: Item): AnswerProblem {
  const accepted = acceptedTexts(item) ?? [];
  const list =
    accepted.length > 6 ? `${accepted.slice(0, 3).join(', ')}, …, ${accepted.at(-1)}` : accepted.join(', ');
  return { item: item.code, key: 'paper.problem.not-accepted', parameters: { accepted: list } };
}

function isMissing({ key }: AnswerProblem): boolean {
  return key.startsWith('respond.problem.required-');
}
