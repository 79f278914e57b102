/** The days of a round: in the past, in the summer, around Tết, too few or too many. */
import { type Day, daysBetween } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { Format } from '../http/format.js';
import { type Check, check, draftMend } from './checkList.js';
import { tetAround } from './tet.js';

/** Fewer days leave no time to remind anybody; more are a continuous round by another name. */
const FEWEST_DAYS = 7;
const MOST_DAYS = 120;

/** June to August, when schools do not reach their families. */
const SUMMER = ['06', '07', '08'];

/** What is to be known about the days of a draft that is to open. */
export function dayChecks(round: Round, today: Day, format: Format): Check[] {
  const { opens, closes, continuous, subject } = round;
  const days = daysBetween(opens, closes) + 1;
  const warn = (key: string, parameters: Check['parameters'], field: 'opens' | 'closes') =>
    check('warning', 'days', key, parameters, { mend: draftMend(round, field) });
  const found: Check[] = [];
  if (opens < today) found.push(warn('rounds.check.days.begun', { opens: format.day(opens) }, 'opens'));
  if (!continuous)
    for (const [field, day] of [
      ['opens', opens],
      ['closes', closes],
    ] as const) {
      const tet = tetAround(day);
      const place = { day: format.day(day) };
      if (tet) found.push(warn('rounds.check.days.tet', { ...place, tet: format.day(tet) }, field));
      if (subject === 'education' && SUMMER.includes(day.slice(5, 7)))
        found.push(warn('rounds.check.days.summer', place, field));
    }
  if (days < FEWEST_DAYS) found.push(warn('rounds.check.days.few', { days, fewest: FEWEST_DAYS }, 'closes'));
  if (!continuous && days > MOST_DAYS)
    found.push(warn('rounds.check.days.many', { days, most: MOST_DAYS }, 'closes'));
  const fine = { opens: format.day(opens), closes: format.day(closes), days: format.count(days) };
  return [check('fine', 'days', 'rounds.check.days.fine', fine), ...found];
}
