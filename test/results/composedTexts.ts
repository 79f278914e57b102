/** Keys of texts that are put together while the product runs. */
import { FLAGS } from '../../models/responses.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'results.flag.': FLAGS.flatMap((flag) => [flag, `${flag}.text`]),
  'results.csv.': foundIn('results/', /\['([a-z-]+)', \(/g),
  'results.page.': ['overview', 'units', 'flags'],
  'results.verdict.': ['met', 'missed', 'uncertain', 'unmeasured'],
  'results.way.': ['pooled', 'groups', 'respondents', 'factors', 'weighted'].flatMap((way) => [
    way,
    `${way}.parts`,
  ]),
} satisfies ComposedTexts;
