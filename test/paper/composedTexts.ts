/** Keys of texts that are put together while the product runs. */
import { VOID_REASONS } from '../../models/paperSheets.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const keys = ['numbers', 'none', 'blank', 'back', 'last'];

export default {
  'paper.entry.key.': keys,
  'paper.entry.key-does.': keys,
  'paper.import.problem.': foundIn('paper/', /'paper\.import\.problem\.([a-z-]+)'/g),
  'paper.import.rule.': ['one-line', 'columns', 'levels', 'blank', 'notes', 'limit'],
  'paper.missing.': ['empty', 'second', 'undecided', 'no-file', 'published', 'announced', 'reason'],
  'paper.new.problem.': foundIn('paper/newBatch', /\bmistake\('[a-z-]+', '([a-z-]+)'/g),
  'paper.problem.': foundIn('paper/', /\bnumberProblem\('([a-z-]+)'/g),
  'paper.state.': ['open', 'checking', 'handing-over', 'handed-over', 'discarded'],
  'paper.void.': VOID_REASONS,
} satisfies ComposedTexts;
