import { randomBytes } from 'node:crypto';
import type { Day } from '../../models/day.js';
import { type Answer, addResponses } from '../../models/responses.js';
import type { Context } from '../../server/context.js';
import { randomFrom } from '../../server/demo/answers.js';
import { itemsOf } from '../../surveys/read.js';
import type { Place } from '../results/responses.js';

/** A text that must never leave: what people write is in no file. */
export const WRITTEN = 'Con tôi tên là Lê Thị Bí Mật, lớp 7A';

/** What somebody answers to an item; undefined for an answer at random. */
export type Said = (code: string, person: number) => Answer | null | undefined;

/** Stores responses with answers of every kind at random from a seed: levels, silence, blanks, options, text. */
export async function storeMade(
  { surveys }: Context,
  place: Place,
  people: number,
  seed: number,
  said: Said = () => undefined,
): Promise<void> {
  const survey = surveys.get(place.survey);
  if (!survey) throw new Error(`no survey ${place.survey}`);
  const random = randomFrom(seed);
  const batch = Array.from({ length: people }, (_, person) => {
    const answers: Record<string, Answer> = {};
    for (const item of itemsOf(survey)) {
      const wanted = said(item.code, person);
      const chance = random();
      let answer: Answer | undefined;
      if (item.kind === 'text') answer = WRITTEN;
      else if (item.kind === 'percentage') answer = Math.floor(random() * 11) * 10;
      else if (item.kind === 'likert') answer = chance < 0.1 ? 0 : 1 + Math.floor(5 * random() ** 0.4);
      else if (item.kind === 'single')
        answer = item.options[Math.floor(random() * item.options.length)]?.code;
      else answer = item.options.filter(() => random() < 0.4).map(({ code }) => code);
      if (wanted === null || (wanted === undefined && item.kind === 'likert' && chance > 0.93)) continue;
      answers[item.code] = wanted ?? answer ?? '';
    }
    return {
      _id: randomBytes(16).toString('base64url'),
      ...place,
      version: survey.version,
      channel: (['link', 'qr', 'paper'] as const)[Math.floor(random() * 3)] ?? 'link',
      answers,
      language: random() < 0.2 ? 'en' : 'vi',
      day: `2026-10-${10 + Math.floor(random() * 5)}` as Day,
      flags: [],
    };
  });
  if (batch.length > 0) await addResponses(batch);
}
