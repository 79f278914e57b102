/**
 * Responses of a round by day, survey and unit. They are counted once and kept, and still exact: responses are only
 * ever added, so a day that has as many as were counted has the very same ones, and a day that has more is counted
 * again. Comparing takes one look at how many there are; counting goes through an index, one day at a time. An import
 * of paper forms into an earlier day is therefore seen like an answer of this minute.
 *
 * A round with more than LARGE responses is compared in the background while somebody looks at it, and what was exact
 * less than a minute ago is shown with its time.
 */
import { LRUCache } from 'lru-cache';
import type { Day } from '../../models/day.js';
import { type DayCount, keepDayCount, keptDayCounts } from '../../models/dayCounts.js';
import { countOfDay, countOfRound, countsOfDay, daysWithResponses } from '../../models/responses.js';

/** Comparing so many takes about 20 ms. */
const LARGE = 50_000;
const COMPARED_AGAIN_AFTER_MS = 15_000;
const SHOWN_FOR_MS = 60_000;

/** The days of a round on which somebody answered. */
export interface CountedDays {
  /** In order. */
  readonly days: readonly DayCount[];
  /** Responses of all days. */
  readonly total: number;
  /** When this was exact. */
  readonly at: Date;
}

const remembered = new LRUCache<string, CountedDays>({ max: 16 });
const underWay = new Map<string, Promise<CountedDays>>();

/** The days of a round as they are now, of a large one as they were within the last minute. */
export async function countedDays(round: string, today: Day): Promise<CountedDays> {
  const known = remembered.get(round);
  const age = Date.now() - (known?.at.getTime() ?? 0);
  if (!known || known.total <= LARGE || age > SHOWN_FOR_MS) return compared(round, today);
  // What fails in the background fails again, and is seen, when the figures are too old to be shown.
  if (age > COMPARED_AGAIN_AFTER_MS && !underWay.has(round)) void compared(round, today).catch(() => {});
  return known;
}

/** Compares and counts; whoever asks while this goes on waits, and gets what was counted after asking. */
async function compared(round: string, today: Day): Promise<CountedDays> {
  await underWay.get(round)?.catch(() => {});
  const mine = underWay.get(round) ?? counted(round, today);
  underWay.set(round, mine);
  try {
    const days = await mine;
    remembered.set(round, days);
    return days;
  } finally {
    if (underWay.get(round) === mine) underWay.delete(round);
  }
}

async function counted(round: string, today: Day): Promise<CountedDays> {
  const at = new Date();
  const known = new Map(
    (remembered.get(round)?.days ?? (await keptDayCounts(round))).map((one) => [one.day, one]),
  );
  const result: DayCount[] = [];
  for (const [day, responses] of await totalsNow(round, today, known)) {
    const kept = known.get(day);
    const count = kept?.total === responses ? kept : await countAgain(round, day);
    if (count.total > 0) result.push(count);
  }
  return { days: result, total: result.reduce((sum, { total }) => sum + total, 0), at };
}

/** Responses of each day, in order. Mostly only today has grown; where that does not explain the sum, each is asked for. */
async function totalsNow(
  round: string,
  today: Day,
  known: ReadonlyMap<Day, DayCount>,
): Promise<[Day, number][]> {
  const totals = new Map([...known.values()].map(({ day, total }) => [day, total]));
  totals.set(today, await countOfDay(round, today));
  const sum = [...totals.values()].reduce((all, total) => all + total, 0);
  if (sum === (await countOfRound(round))) return [...totals].sort(([a], [b]) => (a < b ? -1 : 1));
  const days = await daysWithResponses(round);
  return Promise.all(days.map(async (day) => [day, await countOfDay(round, day)] as [Day, number]));
}

async function countAgain(round: string, day: Day): Promise<DayCount> {
  const counts = new Map<string, Map<string, number>>();
  let total = 0;
  for (const { unit, survey, responses } of await countsOfDay(round, day)) {
    const units = counts.get(survey) ?? new Map<string, number>();
    counts.set(survey, units.set(unit, responses));
    total += responses;
  }
  const count = { day, total, counts };
  if (total > 0) await keepDayCount(round, count);
  return count;
}
