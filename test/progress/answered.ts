import { randomBytes } from 'node:crypto';
import type { Day } from '../../models/day.js';
import { addResponses, type Response } from '../../models/responses.js';
import type { Place } from '../results/responses.js';

/** Stores so many responses of one day without a single answer: the board only counts them. */
export async function storeOnDay(place: Place, day: string, count: number): Promise<void> {
  if (count === 0) return;
  const response = (): Response => ({
    _id: randomBytes(12).toString('base64url'),
    ...place,
    version: 1,
    channel: 'link',
    answers: {},
    language: 'vi',
    day: day as Day,
    flags: [],
  });
  await addResponses(Array.from({ length: count }, response));
}
