/**
 * The codebook: what the codes and columns of every other file mean, in Vietnamese and English whatever the language of
 * the page. Each row says one thing: an item, one of its options, a level, a column with how it is computed, a rule of
 * how the files are written.
 */
import type { Item, Section, Survey } from '../../surveys/schema.js';
import { type Translate, translator } from '../http/language.js';
import { type InFile, type Written, written } from './fileColumns.js';
import { SUMMARY_FIGURES } from './summaryFigures.js';

/** Columns of the files by the names of their headings. Those of the levels share one explanation. */
export const EXPLAINED_COLUMNS: readonly string[] = [
  'round-code',
  'round',
  'unit-code',
  'unit',
  'service-code',
  'service',
  'survey',
  'survey-code',
  'survey-version',
  'kind',
  'item-code',
  'item',
  ...SUMMARY_FIGURES.map(({ name }) => name),
  'level-1',
  'level-2',
  'level-3',
  'level-4',
  'level-5',
  'no-opinion',
  'blank',
  'level',
  'level-name',
  'count',
  'share',
  'group-kind',
  'question',
  'group',
  'round-before',
  'code',
  'name',
  'rate-before',
  'points',
  'points-low',
  'points-high',
  'change',
  'note',
];

/** How the files are written, and what is not in them. */
export const RULES = [
  'file',
  'form',
  'end',
  'apostrophe',
  'hidden',
  'unit',
  'attributes',
  'order',
  'blank',
  'multiple',
] as const;

const LEVELS = [1, 2, 3, 4, 5, 0, 'blank'] as const;

interface BookRow {
  readonly part: 'item' | 'option' | 'level' | 'column' | 'rule';
  readonly survey?: Survey;
  readonly section?: Section;
  readonly code: string;
  readonly kind?: Item['kind'];
  readonly text: Texts;
  readonly explained?: Texts;
}

interface Texts {
  readonly vi: string;
  readonly en: string;
}

/** The codebook of these surveys. @param minimum fewest people a figure may stand for */
export function codebookCsv(surveys: readonly Survey[], minimum: number, file: InFile): Written {
  const t = translator(file.lang);
  return written<BookRow>(bookRows(surveys, minimum), file, [
    ['part', ({ part }) => t(`exports.part.${part}`)],
    ['survey-code', ({ survey }) => survey?.id ?? ''],
    ['survey-version', ({ survey }) => survey?.version ?? null],
    ['factor-code', ({ section }) => section?.code ?? ''],
    ['factor-vi', ({ section }) => section?.title.vi ?? ''],
    ['factor-en', ({ section }) => section?.title.en ?? ''],
    ['code', ({ part, code }) => (part === 'level' && code !== 'blank' ? Number(code) : code)],
    ['answer-kind', ({ kind }) => (kind ? t(`exports.kind.${kind}`) : '')],
    ['text-vi', ({ text }) => text.vi],
    ['text-en', ({ text }) => text.en],
    ['explained-vi', ({ explained }) => explained?.vi ?? ''],
    ['explained-en', ({ explained }) => explained?.en ?? ''],
  ]);
}

function* bookRows(surveys: readonly Survey[], minimum: number): Generator<BookRow> {
  for (const survey of surveys)
    for (const section of survey.sections)
      for (const item of section.items) yield* itemRows(survey, section, item);
  for (const level of LEVELS)
    yield {
      part: 'level',
      code: String(level),
      text: both((t) => t(`exports.level.${level}`)),
      explained: both((t) => t(`exports.level.${level}.text`)),
    };
  for (const name of EXPLAINED_COLUMNS)
    yield {
      part: 'column',
      code: name,
      text: both((t) => t(`results.csv.${name}`)),
      explained: both((t) =>
        t(`exports.column.${name.startsWith('level-') && name !== 'level-name' ? 'levels' : name}`),
      ),
    };
  const factors = surveys.flatMap(({ sections }) => sections.filter(({ role }) => role === 'factor'));
  for (const code of new Set(factors.map((factor) => factor.code)))
    yield {
      part: 'column',
      code: `factor-rate-${code}`,
      text: both((t) => t('results.csv.factor-rate', { code })),
      explained: both((t) => t('exports.column.factor-rate')),
    };
  for (const name of RULES)
    yield {
      part: 'rule',
      code: name,
      text: both((t) => t(`exports.rule.${name}`)),
      explained: both((t) =>
        t(`exports.rule.${name}.text`, name === 'hidden' || name === 'attributes' ? { minimum } : {}),
      ),
    };
}

function* itemRows(survey: Survey, section: Section, item: Item): Generator<BookRow> {
  const { code, kind, text } = item;
  const asked = item.showIf;
  yield {
    part: 'item',
    survey,
    section,
    code,
    kind,
    text,
    explained: both((t) =>
      [
        t(`exports.kind.${kind}.text`),
        asked ? t('exports.asked-if', { item: asked.item, answers: asked.in.join(', ') }) : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    ),
  };
  if ('options' in item)
    for (const option of item.options)
      yield {
        part: 'option',
        survey,
        section,
        code: kind === 'multiple' ? `${code}_${option.code}` : `${code}=${option.code}`,
        text: option.text,
      };
}

/** The same in both languages. */
function both(of: (t: Translate) => string): Texts {
  return { vi: of(translator('vi')), en: of(translator('en')) };
}
