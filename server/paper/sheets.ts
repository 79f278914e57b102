/** Puts sheets into a batch: each number once, in the order they are typed, some chosen for a second entry. */
import { randomBytes, randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../../models/day.js';
import { batchById, nextPlace, type PaperBatch } from '../../models/paperBatches.js';
import {
  chooseSheets,
  type Entry,
  insertSheet,
  type PaperSheet,
  removeSheet,
  type StagedSheet,
  sheetById,
  sheetsOfBatch,
  type VoidReason,
} from '../../models/paperSheets.js';
import { Problem } from '../http/problem.js';

/** A sheet as it comes from the screen. */
export interface TypedSheet extends Entry {
  readonly number: number;
  readonly void: VoidReason | null;
  /** Of the form it came from. */
  readonly attempt: string;
  readonly typist: string;
  readonly day: Day;
}

/** What became of a sheet. */
export type Kept = { readonly kept: true } | { readonly kept: false; readonly taken: PaperSheet };

/**
 * Stores a typed sheet. The same form sent again is the same sheet; another sheet of the same number is refused, also
 * where it is in another batch.
 * @throws {Problem} 409 `paper-ended` where the batch is open no more
 */
export async function keepSheet(batch: PaperBatch, typed: TypedSheet): Promise<Kept> {
  const place = await nextPlace(batch._id);
  if (place === null) throw new Problem(409, 'paper-ended');
  const sheet = stagedSheet(batch, typed, isChosen(batch, place) && typed.void === null);
  const taken = await insertSheet(sheet);
  if (taken) return isSameSheet(taken, sheet) ? { kept: true } : { kept: false, taken };
  // Handing over begins by closing the batch: a sheet that slipped in behind it goes, unless it went along.
  const now = await batchById(batch._id);
  if (now?.state !== 'open' && ((await removeSheet(sheet._id)) || !(await sheetById(sheet._id))))
    throw new Problem(409, 'paper-ended');
  return { kept: true };
}

/** A sheet as it is stored first. */
export function stagedSheet(batch: PaperBatch, typed: TypedSheet, chosen: boolean): StagedSheet {
  const { number, typist, attempt, service, answers, day } = typed;
  return {
    _id: sheetId(batch, number),
    batch: batch._id,
    number,
    phase: 'staged',
    void: typed.void,
    typist,
    chosen,
    secondBy: null,
    settled: !chosen,
    compared: 0,
    disagreed: 0,
    staged: { key: randomBytes(16).toString('base64url'), attempt, service, answers, day, second: null },
  };
}

/** Printed numbers exist once in the whole round, written ones once in their batch. */
export function sheetId({ _id, round, unit, survey, numbering }: PaperBatch, number: number): string {
  return numbering === 'printed' ? `${round}/${unit}/${survey}/${number}` : `${_id}/${number}`;
}

/** Whether a sheet is one of the share that is typed twice: every so many, from a place that nobody knows. */
function isChosen({ second: { every, start } }: PaperBatch, place: number): boolean {
  return every > 0 && (place + start) % every === 0;
}

function isSameSheet(stored: PaperSheet, sheet: StagedSheet): boolean {
  if (stored.batch !== sheet.batch || stored.void !== sheet.void) return false;
  const { attempt, service, answers } = stored.staged ?? {};
  return (
    attempt === sheet.staged.attempt &&
    service === sheet.staged.service &&
    isDeepStrictEqual(answers, sheet.staged.answers)
  );
}

/** Chooses more sheets at random where the share gave fewer than the batch is to have typed twice. */
export async function topUpSecondEntries(batch: PaperBatch): Promise<void> {
  const { every, atLeast } = batch.second;
  if (every === 0) return;
  const sheets = (await sheetsOfBatch(batch._id)).filter((sheet) => sheet.void === null);
  const free = sheets.filter(({ chosen }) => !chosen).map(({ number }) => number);
  let missing = Math.min(atLeast, sheets.length) - (sheets.length - free.length);
  const more: number[] = [];
  for (; missing > 0; missing -= 1) more.push(...free.splice(randomInt(free.length), 1));
  if (more.length > 0) await chooseSheets(batch._id, more);
}
