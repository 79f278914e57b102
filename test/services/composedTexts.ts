/** Keys of texts that are put together while the product runs. */
import { ADMINISTRATIONS } from '../../models/serviceCatalogues.js';
import { SERVICE_COLUMNS } from '../../server/services/serviceImport.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const columns = [...SERVICE_COLUMNS.required, ...SERVICE_COLUMNS.optional];

export default {
  'services.administration.': ADMINISTRATIONS,
  'services.fact.': columns,
  'services.import.column.': columns,
  'services.deed.': ['first', 'import', 'edit', 'restore'],
  'services.problem.': [
    ...foundIn('services/serviceImport', /\bwrong\(\s*(?:'[a-z]+'|column),\s*'([a-z-]+)'/g),
    ...foundIn('services/serviceImport', /\bproblemAt\(\s*[\w.]+,\s*'[a-z_]+',\s*'([a-z-]+)'/g),
  ],
} satisfies ComposedTexts;
