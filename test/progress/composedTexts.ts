/** Keys of texts that are put together while the product runs. */
import { STANDINGS } from '../../server/progress/progress.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'progress.column.': [
    'unit',
    'received',
    'quota',
    'of-quota',
    'of-enrolment',
    'pace',
    'expected',
    'latest',
    'standing',
  ],
  'progress.list.': foundIn('progress/progressList', /^ {4}\['([a-z-]+)',/gm),
  'progress.standing.': STANDINGS.flatMap((standing) => [standing, `${standing}.text`]),
} satisfies ComposedTexts;
