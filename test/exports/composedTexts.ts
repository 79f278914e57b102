/** Keys of texts that are put together while the product runs. */
import { EXPLAINED_COLUMNS, RULES } from '../../server/exports/codebook.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const KINDS = ['total', 'overall', 'factor', 'item', 'unit'];
const FILES = ['workbook', 'rates', 'items', 'levels', 'groups', 'comparison', 'responses', 'codebook'];
const LEVELS = ['0', '1', '2', '3', '4', '5', 'blank'];
const ANSWERS = ['likert', 'single', 'multiple', 'percentage', 'text'];

export default {
  'results.csv.': [
    ...foundIn('exports/', /\['([a-z-]+)', \(/g),
    ...[1, 2, 3, 4, 5].map((level) => `level-${level}`),
    'factor-rate',
    ...KINDS.map((kind) => `kind.${kind}`),
    ...EXPLAINED_COLUMNS,
  ],
  'results.csv.kind.': KINDS,
  'exports.column.': ['levels', ...EXPLAINED_COLUMNS.filter((name) => !/^level-[1-5]$/.test(name))],
  'exports.decimal.': ['cham', 'phay'],
  'exports.file.': FILES.flatMap((kind) => [kind, `${kind}.text`]),
  'exports.kind.': ANSWERS.flatMap((kind) => [kind, `${kind}.text`]),
  'exports.level.': LEVELS.flatMap((level) => [level, `${level}.text`]),
  'exports.list.': ['tables', 'single', 'help'],
  'exports.none.': ['comparison', 'responses'],
  'exports.part.': ['item', 'option', 'level', 'column', 'rule'],
  'exports.rule.': RULES.flatMap((rule) => [rule, `${rule}.text`]),
  'exports.separator.': ['phay', 'cham-phay'],
} satisfies ComposedTexts;
