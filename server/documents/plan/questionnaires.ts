/** Phụ lục: the questionnaires, question by question. */
import type { Item, Section, Survey } from '../../../surveys/schema.js';
import { type Appendix, type Block, heading, paragraph } from '../form/content.js';
import { named } from '../subject.js';
import type { PlanSource } from './planSource.js';

/** An appendix for each questionnaire. */
export function questionnaireAppendices({ surveys }: PlanSource): Appendix[] {
  return surveys.map((survey) => ({
    title: `Phiếu ${lowered(named(survey.title))}`,
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
    paragraph(`Người trả lời: ${named(survey.audience)}. Thời gian trả lời khoảng ${survey.minutes} phút.`),
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
      { heading: 'Mã', width: 12, align: 'mark' },
      { heading: 'Quý vị hài lòng đến mức nào về', width: 88 },
      ...LEVELS.map((level) => ({ heading: level, width: 9, align: 'mark' as const })),
      { heading: 'Không ý kiến', width: 20, align: 'mark' },
    ],
    rows: items.map((item) => ({
      cells: [
        item.code,
        item.hint ? [{ strong: named(item.text) }, ` – ${named(item.hint)}`] : [{ strong: named(item.text) }],
        ...LEVELS.map(() => BOX),
        item.kind === 'likert' && item.noOpinion ? BOX : '',
      ],
    })),
    notes: ['1 - Rất không hài lòng; 2 - Không hài lòng; 3 - Bình thường; 4 - Hài lòng; 5 - Rất hài lòng.'],
  };
}

function questionBlocks(item: Item): Block[] {
  const asked = paragraph([
    { strong: `${item.code}. ${named(item.text)}` },
    item.kind === 'multiple' ? ' (có thể chọn nhiều ý)' : '',
    item.showIf ? ` (chỉ hỏi tùy câu trả lời ở ${item.showIf.item})` : '',
  ]);
  if (item.kind === 'single' || item.kind === 'multiple')
    return [asked, paragraph(item.options.map(({ text }) => `${BOX} ${named(text)}`).join('   '))];
  if (item.kind === 'percentage')
    return [asked, paragraph(`Tỷ lệ phần trăm, từ 0 % đến 100 %: ..............`)];
  return [asked, paragraph('.'.repeat(110))];
}
