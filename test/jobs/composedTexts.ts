/** Keys of texts that are put together while the product runs. */
import type { ComposedTexts } from '../http/sources.js';

export default {
  'jobs.state.': ['running', 'done', 'failed', 'stopped'],
} satisfies ComposedTexts;
