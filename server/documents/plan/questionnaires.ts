/** Phụ lục: the questionnaires, question by question. */
import type { Item, Section, Survey } from '../../../surveys/schema.js';
import { type Appendix, type Block, heading, paragraph } from '../form/content.js';
import { named } from '../subject.js';
import { phrase } from '../wording.js';
import type { PlanSource } from './planSource.js';

/** An appendix for each questionnaire. */
export function questionnaireAppendices({ surveys }: PlanSource): Appendix[] {
  return surveys.map((survey) => ({
    title: phrase('plan.questionnaire.title', { title: lowered(named(survey.title)) }),
    blocks: questions(survey),
  }));
}

/** Within a sentence; names of their own keep their capitals. */
function lowered(text: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleLowerCase('vi') + rest.join('');
}

function questions(survey: Survey): Block[] {
  return [
    paragraph(named(survey.introduction)),
    paragraph(
      phrase('plan.questionnaire.respondents', { audience: named(survey.audience), minutes: survey.minutes }),
    ),
    ...survey.sections.flatMap((section, at) => sectionBlocks(section, at + 1)),
  ];
}

function sectionBlocks(section: Section, number: number): Block[] {
  const title = heading(2, `${number}. ${named(section.title)}`);
  const likert = section.items.filter(({ kind }) => kind === 'likert');
  const others = section.items.filter(({ kind }) => kind !== 'likert');
  return [
    title,
    ...(likert.length > 0 ? [likertTable(likert)] : []),
    ...others.flatMap((item) => questionBlocks(item)),
  ];
}

const LEVELS = ['1', '2', '3', '4', '5'];
const BOX = '☐';

function likertTable(items: readonly Item[]): Block {
  return {
    kind: 'table',
    dense: true,
    columns: [
      { heading: phrase('column.code'), width: 12, align: 'mark' },
      { heading: phrase('plan.questionnaire.column.item'), width: 88 },
      ...LEVELS.map((level) => ({ heading: level, width: 9, align: 'mark' as const })),
      { heading: phrase('plan.questionnaire.column.no-opinion'), width: 20, align: 'mark' },
    ],
    rows: items.map((item) => ({
      cells: [
        item.code,
        item.hint ? [{ strong: named(item.text) }, ` – ${named(item.hint)}`] : [{ strong: named(item.text) }],
        ...LEVELS.map(() => BOX),
        item.kind === 'likert' && item.noOpinion ? BOX : '',
      ],
    })),
    notes: [phrase('plan.questionnaire.levels')],
  };
}

function questionBlocks(item: Item): Block[] {
  const asked = paragraph([
    { strong: `${item.code}. ${named(item.text)}` },
    item.kind === 'multiple' ? ` ${phrase('plan.questionnaire.several')}` : '',
    item.showIf ? ` ${phrase('plan.questionnaire.shown-if', { item: item.showIf.item })}` : '',
  ]);
  if (item.kind === 'single' || item.kind === 'multiple')
    return [asked, paragraph(item.options.map(({ text }) => `${BOX} ${named(text)}`).join('   '))];
  if (item.kind === 'percentage') return [asked, paragraph(phrase('plan.questionnaire.percentage'))];
  return [asked, paragraph('.'.repeat(110))];
}
