/** Keys of texts that are put together while the product runs. */
import type { ComposedTexts } from '../http/sources.js';

const SUBJECTS = ['education', 'procedure'];

export default {
  'distribute.fair.': ['everybody', 'not-for-others', 'not-watch', 'no-names', 'not-promise'],
  'distribute.letter.what.': SUBJECTS,
  'distribute.message.what.': SUBJECTS,
  'distribute.poster.title.': SUBJECTS,
  'distribute.poster.why.': SUBJECTS,
} satisfies ComposedTexts;
