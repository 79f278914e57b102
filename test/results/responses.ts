import { randomBytes } from 'node:crypto';
import type { Day } from '../../models/day.js';
import { type Answer, addResponses, type Flag, type Response } from '../../models/responses.js';
import type { Context } from '../../server/context.js';
import { randomFrom } from '../../server/demo/answers.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';

/** Where responses belong. */
export interface Place {
  readonly round: string;
  readonly unit: string;
  readonly survey: string;
  readonly service: string;
}

/** The answers of one person by what is asked; undefined is a blank. */
export type Answering = (
  item: { code: string; kind: 'likert' | 'percentage' },
  person: number,
) => number | undefined;

/** Levels at random from a seed, every tenth without an opinion, every seventh blank. */
export function atRandom(seed: number): Answering {
  const random = randomFrom(seed);
  return ({ kind }) => {
    if (random() < 1 / 7) return undefined;
    if (kind === 'percentage') return Math.floor(random() * 11) * 10;
    return random() < 0.1 ? 0 : 1 + Math.floor(5 * random() ** 0.4);
  };
}

/** Everybody gives every item the same level, and the expectation 80 %. */
export function allGiving(level: number): Answering {
  return ({ kind }) => (kind === 'percentage' ? 80 : level);
}

/** Stores responses of so many people. @param flags of each, none where not given */
export async function storeResponses(
  { surveys }: Context,
  place: Place,
  people: number,
  answering: Answering,
  flags: (person: number) => Flag[] = () => [],
): Promise<void> {
  const survey = surveys.get(place.survey);
  if (!survey) throw new Error(`no survey ${place.survey}`);
  const batch = Array.from({ length: people }, (_, person) => ({
    ...responseOf(survey, place, person, answering),
    flags: flags(person),
  }));
  if (batch.length > 0) await addResponses(batch);
}

function responseOf(
  survey: Survey,
  place: Place,
  person: number,
  answering: Answering,
): Omit<Response, 'flags'> {
  const answers: Record<string, Answer> = {};
  for (const { code, kind } of itemsOf(survey)) {
    if (kind !== 'likert' && kind !== 'percentage') continue;
    const answer = answering({ code, kind }, person);
    if (answer !== undefined) answers[code] = answer;
  }
  return {
    _id: randomBytes(16).toString('base64url'),
    ...place,
    version: survey.version,
    channel: 'link',
    answers,
    language: 'vi',
    day: '2026-10-15' as Day,
  };
}
