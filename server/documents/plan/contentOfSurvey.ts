/** III. Nội dung khảo sát: the questionnaires, what they ask about, how the figures come about. */
import { SATISFACTION_RATE } from '../../../models/rounds.js';
import { factorsOf } from '../../../surveys/read.js';
import type { Survey } from '../../../surveys/schema.js';
import { type Block, dashes, heading, numberedRows, paragraph } from '../form/content.js';
import { capital, format, named, targetInWords, termsOf } from '../subject.js';
import { phrase } from '../wording.js';
import type { PlanSource } from './planSource.js';

export function contentBlocks({ round, surveys }: PlanSource): Block[] {
  const { factor } = termsOf(round);
  const others = round.targets.filter(({ indicator }) => indicator !== SATISFACTION_RATE);
  return [
    heading(1, phrase('plan.content.title')),
    heading(2, phrase('plan.content.forms-title')),
    {
      kind: 'table',
      caption: phrase('plan.content.forms'),
      columns: [
        { heading: phrase('column.order'), width: 10, align: 'mark' },
        { heading: phrase('plan.content.column.form'), width: 75 },
        { heading: phrase('column.respondents'), width: 50 },
        { heading: phrase('plan.content.column.items'), width: 18, align: 'number' },
        { heading: phrase('plan.content.column.minutes'), width: 22, align: 'number' },
      ],
      rows: numberedRows(
        surveys.map((survey) => [
          named(survey.title),
          named(survey.audience),
          format.count(criteria(survey)),
          phrase('plan.content.minutes', { minutes: survey.minutes }),
        ]),
      ),
    },
    heading(2, phrase('plan.content.factors-title', { factor })),
    ...dashes(
      ...factorTitles(surveys).map(({ titles, least, most }) => {
        const count = least === most ? String(most) : `${least}–${most}`;
        return phrase('plan.content.factor', { titles: titles.join(' / '), count });
      }),
      phrase('plan.content.overall'),
      phrase('plan.content.open'),
    ),
    heading(2, phrase('plan.content.scale-title')),
    paragraph(phrase('plan.content.scale')),
    ...dashes(
      phrase('plan.content.rate', { factor }),
      phrase('plan.content.mean'),
      phrase('plan.content.expectation'),
      phrase('plan.content.wholly'),
    ),
    ...(others.length === 0
      ? []
      : [
          paragraph(phrase('plan.content.other-targets')),
          ...dashes(...others.map((target) => `${capital(targetInWords(target))}.`)),
        ]),
  ];
}

/** Factors by their letter, with every title they have in the surveys and how many items. */
function factorTitles(surveys: readonly Survey[]): { titles: string[]; least: number; most: number }[] {
  const codes = [...new Set(surveys.flatMap((survey) => factorsOf(survey).map(({ code }) => code)))].sort();
  return codes.map((code) => {
    const same = surveys.flatMap((survey) => factorsOf(survey).filter((factor) => factor.code === code));
    const counts = same.map(({ items }) => items.length);
    return {
      titles: [...new Set(same.map(({ title }) => named(title)))],
      least: Math.min(...counts),
      most: Math.max(...counts),
    };
  });
}

function criteria(survey: Survey): number {
  return factorsOf(survey).reduce((sum, { items }) => sum + items.length, 0);
}
