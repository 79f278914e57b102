/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'rounds.problem.': [
    'numbering',
    'subject',
    ...foundIn('rounds/roundForm', /\bwrong\('([a-z-]+)'\)/g),
    ...foundIn('rounds/', /\bproblem\('([a-z-]+)'/g),
  ],
  'rounds.state.': ['draft', 'open', 'closed', 'waiting', 'over'],
  'rounds.subject.': ['education', 'procedure'],
} satisfies ComposedTexts;
