/** What the entry screen shows: every question with what can be typed for it, and what was typed. */
import type { Item, Survey } from '../../surveys/schema.js';
import { type FormBody, textIn } from '../http/body.js';
import { inLanguage, type Translate } from '../http/language.js';
import type { AnswerProblem } from '../respond/answers.js';
import { SERVICE_FIELD } from './comparing.js';
import type { BatchPlace } from './place.js';
import { acceptedTexts, textOf } from './typed.js';

/** An answer that has a number of its own. */
interface Key {
  readonly key: string;
  readonly label: string;
}

interface EntryField {
  readonly code: string;
  /** As on the form; null for a question that only follows from another. */
  readonly number: number | null;
  readonly kind: Item['kind'];
  readonly text: string;
  /** What can be typed; null for free text. */
  readonly accepts: readonly string[] | null;
  /** Whether it takes several numbers. */
  readonly several: boolean;
  readonly required: boolean;
  readonly maxLength: number;
  /** The options beside the question; empty where the five levels or percentages say it all. */
  readonly keys: readonly Key[];
  readonly condition: { readonly item: string; readonly typed: string } | null;
  readonly value: string;
  readonly problem: string | null;
}

export interface EntryForm {
  readonly sections: readonly { title: string; fields: EntryField[] }[];
  readonly problems: readonly { href: string; text: string }[];
}

/**
 * The entry screen of a batch.
 * @param typed what was typed, by item code
 * @param withText whether free text is typed as well; a second entry leaves it out
 */
export function entryForm(
  { survey, services, round, batch }: BatchPlace,
  lang: string,
  t: Translate,
  typed: FormBody = {},
  problems: readonly AnswerProblem[] = [],
  withText = true,
): EntryForm {
  let number = 0;
  const problemOf = (code: string) => {
    const problem = problems.find(({ item }) => item === code);
    return problem ? t(problem.key, problem.parameters) : null;
  };
  const sections = survey.sections
    .map((section) => ({
      title: inLanguage(section.title, lang),
      fields: section.items.flatMap((item): EntryField[] => {
        if (!item.showIf) number += 1;
        if (item.kind === 'text' && !withText) return [];
        return [
          {
            code: item.code,
            number: item.showIf ? null : number,
            kind: item.kind,
            text: inLanguage(item.text, lang),
            accepts: acceptedTexts(item),
            several: item.kind === 'multiple',
            required: item.required,
            maxLength: item.kind === 'text' ? item.maxLength : item.kind === 'multiple' ? 60 : 4,
            keys:
              'options' in item
                ? item.options.map((option, index) => ({
                    key: String(index + 1),
                    label: inLanguage(option.text, lang),
                  }))
                : [],
            condition: conditionOf(survey, item),
            value: textIn(typed, item.code),
            problem: problemOf(item.code),
          },
        ];
      }),
    }))
    .filter(({ fields }) => fields.length > 0);
  if (batch.service === null) {
    const keys = services.map((code, index) => {
      const service = round.services.find((one) => one.code === code);
      return { key: String(index + 1), label: service ? inLanguage(service.name, lang) : code };
    });
    const field: EntryField = {
      code: SERVICE_FIELD,
      number: null,
      kind: 'single',
      text: t('paper.entry.service'),
      accepts: keys.map(({ key }) => key),
      several: false,
      required: true,
      maxLength: 3,
      keys,
      condition: null,
      value: textIn(typed, SERVICE_FIELD),
      problem: problemOf(SERVICE_FIELD),
    };
    sections.unshift({ title: t('paper.entry.service'), fields: [field] });
  }
  const fields = sections.flatMap((section) => section.fields);
  return {
    sections,
    problems: problems.map(({ item, key, parameters }) => {
      const field = fields.find(({ code }) => code === item);
      const name = field?.number
        ? t('respond.problem.question', { number: field.number, question: field.text })
        : (field?.text ?? '');
      return {
        href: `#${item ?? 'so'}`,
        text: name === '' ? t(key, parameters) : `${name} – ${t(key, parameters)}`,
      };
    }),
  };
}

/** When a question is asked, as numbers typed for the earlier one. */
function conditionOf(survey: Survey, { showIf }: Item): EntryField['condition'] {
  const earlier = survey.sections.flatMap(({ items }) => items).find(({ code }) => code === showIf?.item);
  if (!showIf || !earlier) return null;
  const typed = showIf.in.map((value) => textOf(earlier, earlier.kind === 'likert' ? Number(value) : value));
  return { item: earlier.code, typed: typed.join(' ') };
}
