/** Keys of texts that are put together while the product runs. */
import { OPEN_DATA_COLUMNS } from '../../server/publishing/openData.js';
import type { ComposedTexts } from '../http/sources.js';

const METHOD = ['who', 'rate', 'interval', 'counted', 'hidden', 'compared', 'fixed'];

export default {
  'publishing.': ['lowest', 'highest'],
  'publishing.check.': [
    'state',
    'answers',
    'paper',
    'quota',
    'flags',
    'hidden',
    'revision',
    'targets',
    'comparison',
  ],
  'publishing.column.': OPEN_DATA_COLUMNS,
  'publishing.method.': METHOD.flatMap((name) => [name, `${name}.text`]),
  'publishing.page.': ['overview', 'units', 'comparison', 'data'],
  'publishing.problem.': ['publish', 'correct'],
  'publishing.verify.': [
    'manifest',
    'stored-part',
    'facts',
    'tree',
    'survey',
    'missing',
    'answers',
    'texts',
    'counts',
    'figures',
    'added',
  ],
  'publishing.seal.': ['download', 'compute', 'parts'],
} satisfies ComposedTexts;
