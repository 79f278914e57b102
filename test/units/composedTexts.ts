/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'units.import.column.': ['code', 'name', 'levels', 'parent', 'enrolment', 'area'],
  'units.problem.': foundIn('units/unitList', /\b(?:problemKey\(|wrong\('[a-z]+', )'([a-z-]+)'/g),
} satisfies ComposedTexts;
