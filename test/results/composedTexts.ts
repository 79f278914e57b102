/** Keys of texts that are put together while the product runs. */
import { FLAGS } from '../../models/responses.js';
import type { ComposedTexts } from '../http/sources.js';

export default {
  'results.change.': ['up', 'down', 'uncertain'],
  'results.channel.': ['link', 'qr', 'invitation', 'paper', 'kiosk'],
  'results.csv.level-': ['1', '2', '3', '4', '5'],
  'results.flag.': FLAGS.flatMap((flag) => [flag, `${flag}.text`]),
  'results.group.': ['area', 'attribute', 'channel', 'overall', 'quarter', 'unit'],
  'results.level-name.': ['1', '2', '3', '4', '5'],
  'results.match.': ['merged', 'new', 'divided'],
  'results.narrow.': ['service', 'area', 'below'],
  'results.only-': ['now', 'before'],
  'results.page.': ['overview', 'units', 'groups', 'comparison', 'flags'],
  'results.quarter.': ['1', '2', '3', '4'],
  'results.priority.': ['improve', 'keep', 'later', 'enough'],
  'results.ranks.': ['best', 'lowest'],
  'results.verdict.': ['met', 'missed', 'uncertain', 'unmeasured'],
  'results.way.': [
    ...['pooled', 'groups', 'respondents', 'factors', 'weighted'].flatMap((way) => [way, `${way}.parts`]),
    ...['weighted-strata', 'weighted-drawn'].flatMap((way) => [way, `${way}.parts`]),
  ],
} satisfies ComposedTexts;
