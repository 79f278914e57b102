/**
 * Groups of people whose answers are counted apart: by channel, by each question with one option to choose, such as age
 * or who the person is, and in a continuous round by the quarter in which they answered. They are counted for the whole round, never for a unit: there they would be too few.
 */

import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import type { Answers } from '../statistics/tally.js';

/** A question with one option to choose. */
export type Attribute = Extract<Item, { kind: 'single' }>;

/** The keys of what tells groups apart, beside the codes of attributes. */
const CHANNEL = 'channel';
const QUARTER = 'quarter';

const known = new WeakMap<Survey, readonly Attribute[]>();

/** The attributes of a survey, in order. */
export function attributesOf(survey: Survey): readonly Attribute[] {
  const attributes = known.get(survey) ?? itemsOf(survey).filter((item) => item.kind === 'single');
  known.set(survey, attributes);
  return attributes;
}

/** The groups one person belongs to: one of each kind; whoever left a question blank is in the group without option. */
export function groupsOf(
  { continuous }: Pick<Round, 'continuous'>,
  attributes: readonly Attribute[],
  { channel, answers, day }: { readonly channel: string; readonly answers: Answers; readonly day: Day },
): string[] {
  return [
    groupKey(CHANNEL, channel),
    ...(continuous ? [groupKey(QUARTER, quarterOf(day))] : []),
    ...attributes.map(({ code, options }) => {
      const answer = answers[code];
      return groupKey(code, options.some((option) => option.code === answer) ? String(answer) : '');
    }),
  ];
}

/** The quarter of a day, such as 2026-Q4. */
function quarterOf(day: Day): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** A group's key, such as `channel=qr`, `quarter=2026-Q4` or `H01=mother`; `H01=` are those who chose no option. */
function groupKey(kind: string, value: string): string {
  return `${kind}=${value}`;
}
