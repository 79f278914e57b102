/**
 * Paper forms that were numbered to be printed: so many sheets of one survey for one unit of a round. Numbers are given
 * once; the same print can be printed again. Nothing here is about who got a sheet.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';

export interface PaperPrint {
  /** Random; appears in its address. */
  _id: string;
  round: string;
  unit: string;
  survey: string;
  /** Numbers of the first and the last sheet, from 1. */
  first: number;
  last: number;
  day: Day;
  /** Batches that were numbered together, for many units at once. */
  run: string | null;
}

const prints = mongoose.model(
  'PaperPrint',
  new mongoose.Schema<PaperPrint>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      unit: { type: String, required: true },
      survey: { type: String, required: true },
      first: { type: Number, required: true },
      last: { type: Number, required: true },
      day: { type: String, required: true },
      run: { type: String, default: null },
    },
    { collection: 'paperPrints', versionKey: false },
  )
    .index({ round: 1, unit: 1, survey: 1, first: 1 }, { unique: true })
    .index({ run: 1, unit: 1 }),
);

/** A name for prints that are numbered together. */
export function newRunOfPaper(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * Gives the next numbers to some sheets.
 * @param most the highest number there may be
 * @returns null where there are not so many numbers left
 */
export async function numberSheets(
  place: Pick<PaperPrint, 'round' | 'unit' | 'survey' | 'day' | 'run'>,
  sheets: number,
  most: number,
): Promise<PaperPrint | null> {
  const { round, unit, survey } = place;
  for (;;) {
    const [latest] = await prints
      .find({ round, unit, survey })
      .sort({ first: -1 })
      .limit(1)
      .lean<PaperPrint[]>();
    const first = (latest?.last ?? 0) + 1;
    const print = { ...place, _id: newRunOfPaper(), first, last: first + sheets - 1 };
    if (print.last > most) return null;
    try {
      await prints.create(print);
      return print;
    } catch (error) {
      // Somebody else took these numbers meanwhile.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** The prints of a unit in a round, in the order of their numbers. */
export function printsOfUnit(round: string, unit: string): Promise<PaperPrint[]> {
  return prints.find({ round, unit }).sort({ survey: 1, first: 1 }).lean<PaperPrint[]>().exec();
}

/** The prints that were numbered together, by unit. */
export function printsOfRun(run: string): Promise<PaperPrint[]> {
  return prints.find({ run }).sort({ unit: 1 }).lean<PaperPrint[]>().exec();
}

/** The print of an id; null where there is none. */
export function paperPrint(id: string): Promise<PaperPrint | null> {
  return prints.findById(id).lean<PaperPrint>().exec();
}
