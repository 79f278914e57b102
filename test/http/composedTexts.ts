/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from './sources.js';

export default {
  'likert.': ['1', '2', '3', '4', '5'],
  'problem.': foundIn('', /\bnew Problem\(\s*\d+, '([a-z-]+)'|\? new Problem\(\d+, '([a-z-]+)'/g)
    .concat(['not-found', 'unreadable'])
    .flatMap((code) => [`${code}.title`, `${code}.text`]),
} satisfies ComposedTexts;
