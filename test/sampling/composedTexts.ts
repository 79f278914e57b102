/** Keys of texts that are put together while the product runs. */
import { QUOTA_COLUMNS } from '../../server/sampling/quotaList.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const KEYS = ['level', 'area', 'place'];

export default {
  'sampling.by.': KEYS.flatMap((key) => [key, `${key}-note`]),
  'sampling.list.heading.': [...QUOTA_COLUMNS.required, ...QUOTA_COLUMNS.optional],
  'sampling.list.problem.': foundIn('sampling/quotaList', /\bwrong\('\w+', '([a-z-]+)'/g),
  'sampling.problem.': foundIn('sampling/planForm', /\b(?:wrong|asked)\(\s*'(\w+)'/g),
  'sampling.symbol.': ['deviate', 'expected', 'margin', 'population', 'effect', 'rate'],
  'sampling.unknown.': KEYS,
} satisfies ComposedTexts;
