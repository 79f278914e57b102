/** Keys of texts that are put together while the product runs. */
import { DOCUMENTS } from '../../models/documentFacts.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const FIELDS = foundIn('documents/factsForm', /\bfields(?:\.\w+\(|, )\s*'(\w+)'/g).filter(
  (name) => name !== 'revision',
);
const WITH_HINT = ['superior', 'grounds', 'handedOut', 'position', 'recipients'];

export default {
  'documents.': [...DOCUMENTS],
  'documents.field.': [...FIELDS, ...WITH_HINT.map((name) => `${name}-hint`)],
} satisfies ComposedTexts;
