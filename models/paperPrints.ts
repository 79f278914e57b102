/**
 * Paper forms that were numbered to be printed: so many sheets of one survey for one unit of a round. Numbers are given
 * once; the same print can be printed again. Nothing here is about who got a sheet.
 */
import { createHash, randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';

export interface PaperPrint {
  /** Random, or made of its run, unit and survey; appears in its address. */
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
 * Gives the next numbers to some sheets; of one run each survey of each unit is numbered once, however often it is
 * asked for.
 * @param most the highest number there may be
 * @param insert has the numbers stored by `insertPrint`, with whatever comes before it
 * @returns null where there are not so many numbers left
 */
export async function numberSheets(
  place: Pick<PaperPrint, 'round' | 'unit' | 'survey' | 'day' | 'run'>,
  sheets: number,
  most: number,
  insert: (print: PaperPrint) => Promise<boolean> = insertPrint,
): Promise<PaperPrint | null> {
  const { round, unit, survey, run } = place;
  const _id = run === null ? newRunOfPaper() : idInRun(run, unit, survey);
  for (;;) {
    const numbered = run === null ? null : await paperPrint(_id);
    if (numbered) return numbered;
    const [latest] = await prints
      .find({ round, unit, survey })
      .sort({ first: -1 })
      .limit(1)
      .lean<PaperPrint[]>();
    const first = (latest?.last ?? 0) + 1;
    const print = { ...place, _id, first, last: first + sheets - 1 };
    if (print.last > most) return null;
    if (await insert(print)) return print;
  }
}

/** Stores numbers that were given. @returns false where somebody else has taken them meanwhile */
export async function insertPrint(print: PaperPrint): Promise<boolean> {
  try {
    await prints.create(print);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}

/** The one print of a survey of a unit in a run. */
function idInRun(run: string, unit: string, survey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([run, unit, survey]))
    .digest('base64url')
    .slice(0, 16);
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
