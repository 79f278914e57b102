/** Keys of texts that are put together while the product runs. */
import { ROLES } from '../../models/accounts.js';
import { ACCOUNT_STATES } from '../../server/accounts/accountList.js';
import type { ComposedTexts } from '../http/sources.js';

export default {
  'accounts.csv.': ['unit', 'unitName', 'place', 'name', 'link', 'code', 'until'],
  'accounts.gone.': ['used', 'expired', 'disabled'].map((why) => `${why}.title`),
  'accounts.invitation.': ['wrong', 'missing', 'keyboard'],
  'accounts.password.': ['short', 'long', 'name', 'department', 'repeats'],
  'accounts.role.': ROLES,
  'accounts.role-text.': ROLES,
  'accounts.state.': ACCOUNT_STATES,
} satisfies ComposedTexts;
