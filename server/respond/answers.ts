/** Reads a filled-in form against the survey it belongs to. Pure: the same rules for every channel. */
import type { Answer } from '../../models/responses.js';
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import type { FormBody } from '../http/body.js';
import { NO_OPINION } from '../statistics/tally.js';

/** What a form sends for "Không có ý kiến". */
export const NO_OPINION_FIELD = 'none';

/** Names the text about a field that the survey does not have. */
export const UNKNOWN_FIELD = 'respond.problem.unknown-field';

/** Something to mend: the item, or null where the form as a whole is wrong; `key` names the text. */
export interface AnswerProblem {
  readonly item: string | null;
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Answers by item code, and everything that is wrong with them; use the answers only where nothing is. */
export interface ReadAnswers {
  readonly answers: Record<string, Answer>;
  readonly problems: readonly AnswerProblem[];
}

/**
 * The answers of a form. A field that the survey does not have, a value it does not offer and a missing required
 * answer are problems; an answer to an item whose condition does not hold is left out, as it was not asked.
 */
export function readAnswers(survey: Survey, body: FormBody): ReadAnswers {
  const answers: Record<string, Answer> = {};
  const problems: AnswerProblem[] = [];
  const items = itemsOf(survey);
  const known = new Set(items.map((item) => item.code));
  for (const field of Object.keys(body))
    if (!known.has(field))
      problems.push({ item: null, key: UNKNOWN_FIELD, parameters: { field: field.slice(0, 40) } });
  for (const item of items) {
    if (!isAsked(item, answers)) continue;
    const read = readItem(item, body[item.code]);
    if (read === undefined) {
      if (item.required) problems.push(problem(item.code, `required-${item.kind}`));
    } else if (isProblem(read)) problems.push({ ...read, item: item.code });
    else answers[item.code] = read;
  }
  return { answers, problems };
}

/** Whether the condition of an item holds for the answers before it. */
function isAsked({ showIf }: Item, answers: Readonly<Record<string, Answer>>): boolean {
  if (!showIf) return true;
  const earlier = answers[showIf.item];
  return earlier !== undefined && [earlier].flat().some((value) => showIf.in.includes(String(value)));
}

/** The answer to one item, undefined where it was left blank. */
function readItem(item: Item, sent: string | string[] | undefined): Answer | AnswerProblem | undefined {
  if (item.kind === 'multiple') return readMultiple(item, sent);
  if (Array.isArray(sent)) return problem(item.code, 'given-twice');
  if (sent === undefined || sent.trim() === '') return undefined;
  switch (item.kind) {
    case 'likert':
      if (/^[1-5]$/.test(sent)) return Number(sent);
      return item.noOpinion && sent === NO_OPINION_FIELD ? NO_OPINION : problem(item.code, 'not-offered');
    case 'percentage':
      return /^\d{1,3}$/.test(sent) && Number(sent) <= 100 && Number(sent) % item.step === 0
        ? Number(sent)
        : problem(item.code, 'not-offered');
    case 'single':
      return item.options.some(({ code }) => code === sent) ? sent : problem(item.code, 'not-offered');
    case 'text':
      return readText(item, sent);
  }
}

function readMultiple(
  item: Extract<Item, { kind: 'multiple' }>,
  sent: string | string[] | undefined,
): Answer | AnswerProblem | undefined {
  const chosen = new Set([sent ?? []].flat().filter((code) => code !== ''));
  const offered = item.options.map(({ code }) => code).filter((code) => chosen.has(code));
  if (offered.length < chosen.size) return problem(item.code, 'not-offered');
  return offered.length === 0 ? undefined : offered;
}

/** Free text, composed (NFC), with plain line ends and without control characters. */
function readText(item: Extract<Item, { kind: 'text' }>, sent: string): Answer | AnswerProblem | undefined {
  const text = sent
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  if (text.length > item.maxLength)
    return problem(item.code, 'too-long', { most: item.maxLength, length: text.length });
  return text === '' ? undefined : text;
}

function problem(
  item: string | null,
  key: string,
  parameters: Readonly<Record<string, string | number>> = {},
): AnswerProblem {
  return { item, key: `respond.problem.${key}`, parameters };
}

function isProblem(read: Answer | AnswerProblem): read is AnswerProblem {
  return typeof read === 'object' && !Array.isArray(read);
}
