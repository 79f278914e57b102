/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

const KINDS = ['total', 'overall', 'factor', 'item', 'unit'];

export default {
  'results.csv.': [
    ...foundIn('exports/', /\['([a-z-]+)', \(/g),
    ...[1, 2, 3, 4, 5].map((level) => `level-${level}`),
    ...KINDS.map((kind) => `kind.${kind}`),
  ],
  'results.csv.kind.': KINDS,
} satisfies ComposedTexts;
