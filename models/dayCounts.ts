/**
 * How many responses a round has of each day, by survey and unit: derived from the responses, kept because grouping
 * half a million of them takes seconds. server/progress/countedDays.ts writes them, and tells why they are exact.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';

/** The responses of one day. */
export interface DayCount {
  readonly day: Day;
  /** Sum of `counts`. */
  readonly total: number;
  /** Survey → unit → responses. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

interface KeptDayCount {
  /** `round/day`. */
  _id: string;
  round: string;
  day: Day;
  total: number;
  /** `counts` as JSON: thousands of small numbers are read many times faster than from as many BSON fields. */
  counts: string;
}

const dayCounts = mongoose.model(
  'DayCount',
  new mongoose.Schema<KeptDayCount>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      day: { type: String, required: true },
      total: { type: Number, required: true },
      counts: { type: String, required: true },
    },
    { collection: 'dayCounts', versionKey: false },
  ).index({ round: 1, day: 1 }),
);

/** The days of a round that were counted, as they were counted last. */
export async function keptDayCounts(round: string): Promise<DayCount[]> {
  const kept = await dayCounts.find({ round }).sort({ day: 1 }).lean<KeptDayCount[]>().exec();
  return kept.map(({ day, total, counts }) => ({
    day,
    total,
    counts: new Map(
      Object.entries(JSON.parse(counts) as Record<string, Record<string, number>>).map(([survey, units]) => [
        survey,
        new Map(Object.entries(units)),
      ]),
    ),
  }));
}

/** Keeps a day in the place of what was kept of it. */
export async function keepDayCount(round: string, { day, total, counts }: DayCount): Promise<void> {
  const json = JSON.stringify(
    Object.fromEntries([...counts].map(([survey, units]) => [survey, Object.fromEntries(units)])),
  );
  await dayCounts.updateOne(
    { _id: `${round}/${day}` },
    { $set: { round, day, total, counts: json } },
    { upsert: true },
  );
}
