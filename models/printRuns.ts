/**
 * Print runs that were drawn by a job and are kept for a while, to be opened at once: what they are of; the sheets
 * themselves are a kept text. The database removes them on their day.
 */
import mongoose from 'mongoose';
import type { KeptText } from './keptTexts.js';

/** What a run is of: A4 posters, A5 letters, numbered paper forms. */
export const PAPERS = ['posters', 'letters', 'forms'] as const;
export type Paper = (typeof PAPERS)[number];

export interface PrintRun extends KeptText {
  /** Random; appears in its address. */
  _id: string;
  round: string;
  paper: Paper;
  /** Code of the unit whose units below it is for; empty for all. */
  scope: string;
  /** What that unit is called; empty for all. */
  scopeName: string;
  /** Posters or letters, a unit each; or paper forms. */
  sheets: number;
  /** Stands for what is printed on every sheet beside its unit, such as the last day. */
  stamp: string;
  account: string;
  made: Date;
  expires: Date;
}

const printRuns = mongoose.model(
  'PrintRun',
  new mongoose.Schema<PrintRun>(
    {
      _id: { type: String, required: true },
      round: { type: String, required: true },
      paper: { type: String, enum: PAPERS, required: true },
      scope: { type: String, default: '' },
      scopeName: { type: String, default: '' },
      sheets: { type: Number, required: true },
      stamp: { type: String, required: true },
      account: { type: String, required: true },
      made: { type: Date, required: true },
      text: { type: String, required: true },
      pieces: { type: Number, required: true },
      expires: { type: Date, required: true },
    },
    { collection: 'printRuns', versionKey: false },
  )
    .index({ round: 1, made: -1 })
    .index({ expires: 1 }, { expireAfterSeconds: 0 }),
);

/** The run of a name; null where there is none (any more). */
export function printRun(name: string): Promise<PrintRun | null> {
  return printRuns
    .findOne({ _id: name, expires: { $gt: new Date() } })
    .lean<PrintRun>()
    .exec();
}

/** The runs of a round, the latest first. */
export function printRunsOf(round: string): Promise<PrintRun[]> {
  return printRuns
    .find({ round, expires: { $gt: new Date() } })
    .sort({ made: -1 })
    .lean<PrintRun[]>()
    .exec();
}

/** Keeps a run under its name. @returns the run of that name: another where somebody was quicker */
export async function keepPrintRun(run: PrintRun): Promise<PrintRun> {
  await printRuns.updateOne({ _id: run._id }, { $setOnInsert: run }, { upsert: true });
  return (await printRun(run._id)) ?? run;
}
