/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, filesUnder } from '../http/sources.js';

const [schema] = filesUnder('surveys', 'differences.ts');

export default {
  'previews.change.': ['added', 'removed', 'changed'],
  'previews.kind.': ['likert', 'single', 'multiple', 'percentage', 'text'],
  'previews.role.': ['factor', 'facts', 'overall', 'respondent', 'comment'],
  'previews.what.': [...(schema?.text ?? '').matchAll(/^ {4}\| '(\w+)'/gm)].map(([, what = '']) => what),
} satisfies ComposedTexts;
