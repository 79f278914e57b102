/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'lists.problem.': [
    ...foundIn('lists/', /\bfileProblem\(\s*'([a-z-]+)'/g),
    ...foundIn('lists/', /\bat\(column, '([a-z-]+)'/g),
    ...foundIn('lists/xlsx', /'(xlsx-[a-z-]+|number-inexact|cell-error)'/g),
  ],
} satisfies ComposedTexts;
