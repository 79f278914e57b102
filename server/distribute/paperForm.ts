/** A survey as a paper form: the questions, numbers and answers of the screen, each answer with the key that is typed for it. */
import type { Survey } from '../../surveys/schema.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { NO_OPINION_FIELD } from '../respond/answers.js';
import { formPage } from '../respond/formPage.js';

/** An answer to be ticked; `key` is what is typed for it later, and stands in its box. */
interface PaperChoice {
  readonly key: string;
  readonly label: string;
}

interface PaperQuestion {
  readonly kind: 'likert' | 'single' | 'multiple' | 'percentage' | 'text';
  /** `12.`, or empty for a question that only follows from another. */
  readonly number: string;
  readonly text: string;
  readonly hint: string | null;
  /** When the question is to be answered, in words; null where always. */
  readonly condition: string | null;
  readonly choices: readonly PaperChoice[];
}

export interface PaperForm {
  readonly title: string;
  readonly introduction: string;
  /** Sections of levels are printed as one table, others as questions one after another. */
  readonly sections: readonly {
    readonly title: string;
    readonly asTable: boolean;
    readonly questions: readonly PaperQuestion[];
  }[];
}

/** Typed for "Không có ý kiến". */
const NO_OPINION_KEY = '0';

/** The paper form of a survey, in Vietnamese. */
export function paperForm(survey: Survey): PaperForm {
  const t = translator(DEFAULT_LANGUAGE);
  const { sections } = formPage(survey, DEFAULT_LANGUAGE, t);
  const questions = new Map(sections.flatMap((section) => section.questions.map((one) => [one.code, one])));
  const conditionOf = (condition: { item: string; values: string } | null): string | null => {
    const earlier = condition && questions.get(condition.item);
    if (!condition || !earlier) return null;
    const wanted = condition.values.split(' ');
    const labels = earlier.choices
      .filter(({ value }) => wanted.includes(value))
      .map(({ label }) => `“${label}”`);
    return t('distribute.paper.condition', { number: earlier.number ?? '', answers: labels.join(', ') });
  };
  return {
    title: survey.title.vi,
    introduction: survey.introduction.vi,
    sections: sections.map(({ title, questions: asked }) => ({
      title,
      asTable: asked.every(({ kind }) => kind === 'likert'),
      questions: asked.map(({ kind, number, text, hint, condition, choices }) => ({
        kind,
        number: number === null ? '' : `${number}.`,
        text,
        hint,
        condition: conditionOf(condition),
        choices: choices.map(({ value, label }, index) => ({ key: keyOf(kind, value, index), label })),
      })),
    })),
  };
}

function keyOf(kind: PaperQuestion['kind'], value: string, index: number): string {
  if (kind === 'likert') return value === NO_OPINION_FIELD ? NO_OPINION_KEY : value;
  return kind === 'percentage' ? value : String(index + 1);
}
