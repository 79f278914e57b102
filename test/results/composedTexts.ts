/** Keys of texts that are put together while the product runs. */
import { FLAGS } from '../../models/responses.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'results.flag.': FLAGS.flatMap((flag) => [flag, `${flag}.text`]),
  'results.csv.': foundIn('results/csv', /\['([a-z-]+)', \(/g),
  'results.verdict.': ['met', 'missed', 'uncertain', 'unmeasured'],
} satisfies ComposedTexts;
