/** Reads what the entry screen sends: the number of the sheet first, then its answers. */
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { printsOfUnit } from '../../models/paperPrints.js';
import { paperSerial, parsePaperSerial, printedPaperSerial } from '../../models/paperSerial.js';
import { type Entry, type PaperSheet, sheetById } from '../../models/paperSheets.js';
import type { FormBody } from '../http/body.js';
import { inLanguage } from '../http/language.js';
import type { AnswerProblem } from '../respond/answers.js';
import { SERVICE_FIELD } from './comparing.js';
import { type BatchPlace, serialPlace, surveyPlace } from './place.js';
import { sheetId } from './sheets.js';
import { readTyped } from './typed.js';

/** The field of a sheet's number. */
export const NUMBER_FIELD = 'so';

/** A sheet's number as read, or what is wrong with it. */
export type ReadNumber = { readonly number: number } | { readonly problem: AnswerProblem };

/** The number of a sheet: of its printed serial, or as written on it. Pure. */
export function readNumber(place: BatchPlace, typed: unknown, lang: string): ReadNumber {
  const text = typeof typed === 'string' ? typed.trim() : '';
  if (text === '') return { problem: numberProblem('serial-missing') };
  if (place.batch.numbering === 'written') {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    return number === 0 ? { problem: numberProblem('number-wrong') } : { number };
  }
  const sheet = parsePaperSerial(serialPlace(place), text);
  if (!sheet) return { problem: numberProblem('serial-wrong') };
  if (sheet.survey === surveyPlace(place)) return { number: sheet.number };
  return { problem: numberProblem('serial-survey', { survey: inLanguage(place.survey.title, lang) }) };
}

/** A number as people read it: the printed serial, or the number written on the sheet. */
export function printedNumber(place: BatchPlace, number: number): string {
  if (place.batch.numbering === 'written') return String(number);
  return printedPaperSerial(paperSerial(serialPlace(place), { survey: surveyPlace(place), number }));
}

/** Why no new sheet can have a number: never printed, or typed already, here or in another batch; null where it can. */
export async function whyNotNew(batch: PaperBatch, number: number): Promise<AnswerProblem | null> {
  if (number > (await lastPrinted(batch))) return numberProblem('serial-not-printed');
  const sheet = await sheetById(sheetId(batch, number));
  return sheet && takenProblem(batch, sheet);
}

/** The highest number printed for a batch's unit and survey; Infinity where numbers are written by hand. */
export async function lastPrinted({ numbering, round, unit, survey }: PaperBatch): Promise<number> {
  if (numbering === 'written') return Number.POSITIVE_INFINITY;
  const prints = (await printsOfUnit(round, unit)).filter((print) => print.survey === survey);
  return Math.max(0, ...prints.map(({ last }) => last));
}

/** What a person is told about a sheet that has the number already. */
export async function takenProblem(batch: PaperBatch, sheet: PaperSheet): Promise<AnswerProblem> {
  if (sheet.batch === batch._id) return numberProblem('serial-taken');
  const other = await batchById(sheet.batch);
  return numberProblem('serial-elsewhere', { ordinal: other?.ordinal ?? 0 });
}

/** Something wrong with the number of a sheet. */
export function numberProblem(
  reason: string,
  parameters: Readonly<Record<string, string | number>> = {},
): AnswerProblem {
  return { item: NUMBER_FIELD, key: `paper.problem.${reason}`, parameters };
}

/** The service and answers of a sheet, and everything that is wrong with them; `blanks` as in `readTyped`. Pure. */
export function readEntry(
  { batch, survey, services }: BatchPlace,
  typed: FormBody,
  blanks: 'said' | 'any' = 'said',
): { entry: Entry; problems: readonly AnswerProblem[] } {
  const { [SERVICE_FIELD]: said, ...fields } = typed;
  const { answers, problems } = readTyped(survey, fields, blanks);
  const service = batch.service ?? services[/^\d{1,3}$/.test(String(said)) ? Number(said) - 1 : -1];
  const noService: AnswerProblem = {
    item: SERVICE_FIELD,
    key: 'paper.problem.service',
    parameters: { most: services.length },
  };
  return {
    entry: { service: service ?? '', answers },
    problems: service === undefined ? [noService, ...problems] : problems,
  };
}
