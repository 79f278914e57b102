/** Who types a sheet the second time: one that was chosen for it, and somebody who does not know the first entry. */
import { type PaperSheet, sheetOfBatch } from '../../models/paperSheets.js';
import type { AnswerProblem } from '../respond/answers.js';
import type { BatchPlace } from './place.js';
import { numberProblem } from './readEntry.js';

/** Whether somebody may type a sheet the second time: chosen, typed by somebody else, not typed twice yet. */
export function maySecond({ batch }: BatchPlace, sheet: PaperSheet, account: string): boolean {
  return sheet.chosen && sheet.secondBy === null && (batch.second.sameTypist || sheet.typist !== account);
}

/** Why somebody may not type the sheet of a number the second time; null where they may. */
export async function whyNotSecond(
  place: BatchPlace,
  number: number,
  account: string,
): Promise<AnswerProblem | null> {
  const sheet = await sheetOfBatch(place.batch._id, number);
  if (!sheet) return numberProblem('second-none');
  if (!sheet.chosen) return numberProblem('second-not-chosen');
  if (sheet.secondBy !== null) return numberProblem('second-done');
  return maySecond(place, sheet, account) ? null : numberProblem('second-same-typist');
}
