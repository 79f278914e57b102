/** Keys of texts that are put together while the product runs. */
import { CHECKED } from '../../server/rounds/checkList.js';
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'rounds.check.': CHECKED,
  'rounds.check.level.': ['error', 'warning', 'note'],
  'rounds.history.': ['opened', 'extended', 'closed', 'reopened', 'published', 'correcting', 'kept'],
  'rounds.numbering.': ['school-year', 'calendar-year'],
  'rounds.problem.': [
    'numbering',
    'subject',
    ...foundIn('rounds/roundForm', /\bwrong\('([a-z-]+)'\)/g),
    ...foundIn('rounds/', /\bproblem\('([a-z-]+)'/g),
  ],
  'rounds.state.': ['draft', 'open', 'closed', 'published', 'waiting', 'over'],
  'rounds.steer.failed.': ['open', 'extend', 'close', 'reopen'],
  'rounds.tab.': [
    'results',
    'progress',
    'sampling',
    'print',
    'codes',
    'files',
    'documents',
    'publish',
    'steer',
  ],
  'rounds.subject.': ['education', 'procedure'],
} satisfies ComposedTexts;
