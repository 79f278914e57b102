/**
 * Groups of people whose answers are counted apart: by channel, and by each question with one option to choose, such as
 * age or who the person is. They are counted for the whole round, never for a unit: there they would be too few.
 */
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import type { Answers } from '../statistics/tally.js';

/** A question with one option to choose. */
export type Attribute = Extract<Item, { kind: 'single' }>;

/** The key of what tells groups apart, beside the codes of attributes. */
const CHANNEL = 'channel';

const known = new WeakMap<Survey, readonly Attribute[]>();

/** The attributes of a survey, in order. */
export function attributesOf(survey: Survey): readonly Attribute[] {
  const attributes = known.get(survey) ?? itemsOf(survey).filter((item) => item.kind === 'single');
  known.set(survey, attributes);
  return attributes;
}

/** The groups one person belongs to: one of each kind; whoever left a question blank is in the group without option. */
export function groupsOf(attributes: readonly Attribute[], channel: string, answers: Answers): string[] {
  return [
    groupKey(CHANNEL, channel),
    ...attributes.map(({ code, options }) => {
      const answer = answers[code];
      return groupKey(code, options.some((option) => option.code === answer) ? String(answer) : '');
    }),
  ];
}

/** A group's key, such as `channel=qr` or `H01=mother`; `H01=` are those who chose no option. */
function groupKey(kind: string, value: string): string {
  return `${kind}=${value}`;
}
