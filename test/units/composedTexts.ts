/** Keys of texts that are put together while the product runs. */
import { UNIT_KINDS } from '../../models/unitKinds.js';
import { UNIT_FACTS } from '../../server/units/difference.js';
import { REARRANGEMENTS } from '../../server/units/rearrange.js';
import { UNIT_COLUMNS } from '../../server/units/unitList.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'units.kind.': UNIT_KINDS,
  'units.fact.': UNIT_FACTS,
  'units.deed.': ['import', 'add', 'edit', 'merge', 'split', 'close', 'move', 'undo'],
  'units.difference.': ['added', 'changed', 'moved', 'closed'],
  'units.import.heading.': [...UNIT_COLUMNS.required, ...UNIT_COLUMNS.optional],
  'units.import.column.': [...UNIT_COLUMNS.required, ...UNIT_COLUMNS.optional],
  'units.problem.': [
    ...foundIn('units/', /\bproblemKey\(\s*'([a-z-]+)'/g),
    ...foundIn('units/unitList', /\bwrong\(\s*(?:'[a-z]+'|column),\s*'([a-z-]+)'/g),
    ...foundIn('units/unitImport', /\bproblemAt\(\s*\w+,\s*(?:null|'[a-z]+'),\s*'([a-z-]+)'/g),
  ],
  'units.undo.refusal.': ['changed-since', 'in-rounds', 'has-units-below', 'undone', 'is-undo'],
  'units.order.': REARRANGEMENTS,
  'units.order.text.': REARRANGEMENTS,
  'units.order.units.': REARRANGEMENTS,
  'units.order.into.': REARRANGEMENTS,
  'units.order.into-hint.': REARRANGEMENTS,
  'units.order.problem.': [
    ...foundIn('units/rearrange', /\bwrong\(\s*'[a-z-]+',\s*'([a-z-]+)'/g),
    ...foundIn('units/rearrange', /\borderProblem\('([a-z-]+)'/g),
  ],
} satisfies ComposedTexts;
