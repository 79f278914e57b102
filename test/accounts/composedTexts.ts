/** Keys of texts that are put together while the product runs. */
import { ROLES } from '../../models/accounts.js';
import type { ComposedTexts } from '../http/sources.js';

export default {
  'accounts.role.': ROLES,
} satisfies ComposedTexts;
