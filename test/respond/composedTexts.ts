/** Keys of texts that are put together while the product runs. */
import { type ComposedTexts, foundIn } from '../http/sources.js';

export default {
  'respond.facts.': ['time', 'anonymous', 'use', 'until'].flatMap((fact) => [
    `${fact}.title`,
    `${fact}.text`,
  ]),
  'respond.problem.': [
    ...['likert', 'multiple', 'percentage', 'single', 'text'].map((kind) => `required-${kind}`),
    ...foundIn('respond/answers', /\bproblem\((?:null|item\.code), '([a-z-]+)'/g),
    ...foundIn('respond/submit', /\b(?:again|formProblem)\(.*?'([a-z-]+)'\)/g),
  ],
  'respond.problem.required-': ['likert', 'multiple', 'percentage', 'single', 'text'],
} satisfies ComposedTexts;
