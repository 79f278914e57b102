/** What the form's template shows: the survey's questions in a language, with what was entered and what is wrong. */
import type { Item, Survey } from '../../surveys/schema.js';
import type { FormBody } from '../http/body.js';
import { inLanguage, type Translate } from '../http/language.js';
import { type AnswerProblem, NO_OPINION_FIELD } from './answers.js';

interface Choice {
  readonly value: string;
  readonly label: string;
  /** The first choice carries the item's own code, so that a link to the item lands on it. */
  readonly id: string;
  readonly checked: boolean;
  readonly level: number | null;
}

interface Question {
  readonly code: string;
  readonly kind: Item['kind'];
  /** Shown before the text; null for a question that only follows from another. */
  readonly number: number | null;
  readonly text: string;
  readonly hint: string | null;
  readonly required: boolean;
  /** The question is asked where the item has one of these answers; null where it is always asked. */
  readonly condition: { readonly item: string; readonly values: string } | null;
  readonly problem: string | null;
  readonly choices: readonly Choice[];
  /** Free text as entered. */
  readonly value: string;
  readonly maxLength: number | null;
}

export interface FormPage {
  readonly sections: readonly { code: string; title: string; questions: Question[] }[];
  /** For the summary at the top: each leads to its question, or concerns the form as a whole. */
  readonly problems: readonly { href: string | null; text: string }[];
  /** How many questions everybody must answer. */
  readonly count: number;
  /** Kinds of the questions that must be answered, for the sentences that say what is missing. */
  readonly requiredKinds: readonly Item['kind'][];
}

/** The form of a survey, blank or as it was sent. */
export function formPage(
  survey: Survey,
  lang: string,
  t: Translate,
  sent: FormBody = {},
  problems: readonly AnswerProblem[] = [],
): FormPage {
  let number = 0;
  const sections = survey.sections.map((section) => ({
    code: section.code,
    title: inLanguage(section.title, lang),
    questions: section.items.map((item): Question => {
      const wrong = problems.find((problem) => problem.item === item.code);
      return {
        code: item.code,
        kind: item.kind,
        number: item.showIf ? null : ++number,
        text: inLanguage(item.text, lang),
        hint: item.hint ? inLanguage(item.hint, lang) : null,
        required: item.required,
        condition: item.showIf ? { item: item.showIf.item, values: item.showIf.in.join(' ') } : null,
        problem: wrong ? t(wrong.key, wrong.parameters) : null,
        choices: choicesOf(item, lang, t, [sent[item.code] ?? []].flat()),
        value: item.kind === 'text' ? [sent[item.code] ?? ''].flat().join('\n') : '',
        maxLength: item.kind === 'text' ? item.maxLength : null,
      };
    }),
  }));
  const questions = new Map(sections.flatMap((section) => section.questions.map((q) => [q.code, q])));
  const required = [...questions.values()].filter((question) => question.required);
  return {
    sections,
    count: required.filter(({ condition }) => condition === null).length,
    requiredKinds: [...new Set(required.map(({ kind }) => kind))],
    problems: problems.map(({ item, key, parameters }) => {
      const question = item === null ? undefined : questions.get(item);
      if (!question) return { href: null, text: t(key, parameters) };
      const name = t(question.number ? 'respond.problem.question' : 'respond.problem.follow-up', {
        number: question.number ?? '',
        question: question.text,
      });
      return {
        href: `#${question.code}`,
        // The question says what is missing; any other mistake is told as well.
        text: key.includes('.required-') ? name : `${name} – ${t(key, parameters)}`,
      };
    }),
  };
}

function choicesOf(item: Item, lang: string, t: Translate, sent: readonly string[]): Choice[] {
  const choice = (value: string, label: string, index: number, level: number | null = null): Choice => ({
    value,
    label,
    id: index === 0 ? item.code : `${item.code}-${index + 1}`,
    checked: sent.includes(value),
    level,
  });
  switch (item.kind) {
    case 'text':
      return [];
    case 'percentage':
      return Array.from({ length: 100 / item.step + 1 }, (_, index) =>
        choice(String(index * item.step), `${index * item.step}\u00a0%`, index),
      );
    case 'likert': {
      const levels = [1, 2, 3, 4, 5].map((level) =>
        choice(String(level), t(`likert.${level}`), level - 1, level),
      );
      return item.noOpinion ? [...levels, choice(NO_OPINION_FIELD, t('likert.none'), 5)] : levels;
    }
    default:
      return item.options.map(({ code, text }, index) => choice(code, inLanguage(text, lang), index));
  }
}

/**
 * Style rules that show a conditional question only once its condition holds, without any script. Browsers that
 * do not know `:has()` show it always; its text says when it applies.
 */
export function conditionCss(survey: Survey): string {
  const rules = survey.sections
    .flatMap((section) => section.items)
    .flatMap(({ code, showIf }) => {
      if (!showIf) return [];
      const holds = showIf.in.map((value) => `[name="${showIf.item}"][value="${value}"]:checked`).join(',');
      return [`form:not(:has(${holds})) #c-${code}{display:none}`];
    });
  return rules.length === 0 ? '' : `@supports selector(:has(*)){${rules.join('')}}`;
}
