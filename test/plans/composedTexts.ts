/** Keys of texts that are put together while the product runs. */
import { EVERY } from '../../models/plans.js';
import type { ComposedTexts } from '../http/sources.js';

export default {
  'plans.kind.': ['product', 'report', 'quarter', 'round', 'action'],
  'plans.rhythm.': ['rounds', 'no-month', 'continuous'],
  'plans.state.': ['late', 'soon', 'running', 'ahead', 'undated', 'done'],
  'plans.every.': ['once', ...EVERY],
  'plans.numbering.': ['calendar-year', 'school-year'],
  'plans.bound.': ['atLeast', 'moreThan', 'atMost'],
} satisfies ComposedTexts;
