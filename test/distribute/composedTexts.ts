/** Keys of texts that are put together while the product runs. */
import { PAPERS } from '../../models/printRuns.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

const SUBJECTS = ['education', 'procedure'];

export default {
  'distribute.access.': ['link', 'invitation', 'link.text', 'invitation.text'],
  'distribute.codes.basis.': ['forms', 'quota', 'number'],
  'distribute.codes.batch.': ['making', 'revoked'],
  'distribute.codes.column.': ['unit', 'name', 'code', 'address'],
  'distribute.codes.state.': ['used', 'unused', 'revoked'],
  'distribute.problem.': foundIn('distribute/codesRoutes', /\bmistake\('[a-z]+', '([a-z]+)'\)/g),
  'distribute.fair.': ['everybody', 'not-for-others', 'not-watch', 'no-names', 'not-promise'],
  'distribute.letter.what.': SUBJECTS,
  'distribute.message.what.': SUBJECTS,
  'distribute.runs.paper.': PAPERS,
  'distribute.poster.title.': SUBJECTS,
  'distribute.poster.why.': SUBJECTS,
} satisfies ComposedTexts;
