/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

/** Every action that is recorded: `action: 'round-opened'`, or given to a function named audit…, recorded… and the like. */
const actions = [
  ...foundIn('', /\baction: '([a-z-]+)'/g),
  ...foundIn('', /\b(?:audit|record)\w*\(\s*\w+,\s*'([a-z-]+)'/g),
  'not-done',
];

/** Every name in the details of an entry. */
const details = [
  ...foundIn('', /\bdetails: \{([^{}]*)\}/g).flatMap((inside) =>
    [...inside.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:,]|$)/g)].map(([, name = '']) => name),
  ),
  // Told only where they are known.
  ...['entry', 'roleFrom', 'roleTo', 'unitFrom', 'unitTo', 'fullName', 'secondFactor'],
];

export default {
  'audit.action.': [...new Set(actions)],
  'audit.csv.': ['number', 'at', 'account', 'done', 'action', 'subject', 'details', 'digest', 'seal'],
  'audit.detail.': [...new Set(details)],
  'audit.filter.': ['tu', 'den'],
  'audit.verify.': ['missing', 'altered', 'seal'],
} satisfies ComposedTexts;
