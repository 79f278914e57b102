/** Stores the sheets of a file: all of them or none, once, whatever fails on the way. */
import type { Day } from '../../models/day.js';
import { batchesOfUnit, beginFile, noteFile, type PaperBatch } from '../../models/paperBatches.js';
import { insertSheets, removeAttempts, sheetsById, sheetsOfBatch } from '../../models/paperSheets.js';
import { Problem } from '../http/problem.js';
import type { ListProblem } from '../lists/list.js';
import type { SheetFile } from './importFile.js';
import { lastPrinted, NUMBER_FIELD, takenProblem } from './readEntry.js';
import { sheetId, stagedSheet } from './sheets.js';

/** What the database says against a file: it was read before, or sheets of it were typed already or never printed. */
export async function clashesOf(batch: PaperBatch, { rows, hash }: SheetFile): Promise<ListProblem[]> {
  const same = (await batchesOfUnit(batch.unit)).find(
    ({ file, round, state }) => round === batch.round && file?.hash === hash && state !== 'discarded',
  );
  if (same)
    return [
      {
        line: 1,
        column: null,
        key: 'paper.import.problem.same-file',
        parameters: { ordinal: same.ordinal },
      },
    ];
  const lines = new Map(rows.map(({ number, line }) => [sheetId(batch, number), line]));
  const taken = (await sheetsById([...lines.keys()])).filter((sheet) => sheet.batch !== batch._id);
  const last = await lastPrinted(batch);
  const unprinted = rows.filter(({ number }) => number > last);
  return [
    ...unprinted.map(({ line }) => ({
      line,
      column: NUMBER_FIELD,
      key: 'paper.problem.serial-not-printed',
      parameters: {},
    })),
    ...(await Promise.all(
      taken.map(async (sheet) => {
        const { key, parameters } = await takenProblem(batch, sheet);
        return { line: lines.get(sheet._id) ?? 1, column: NUMBER_FIELD, key, parameters };
      }),
    )),
  ].sort((one, other) => one.line - other.line);
}

/** What is said of a file beside its rows, and who is told while it is stored. */
interface Storing {
  readonly name: string;
  readonly typist: string;
  readonly day: Day;
  /** Is told how many sheets are stored; what it throws ends the work, and nothing counts. */
  readonly reached: (stored: number) => Promise<void>;
  /** Does, with an entry in the audit log before it, what makes the file count. */
  readonly audit: (count: () => Promise<boolean>) => Promise<boolean>;
}

/**
 * Stores every row as a sheet of the batch; the file counts only once all of them are there. What an attempt that
 * failed left behind goes first; of several at the same moment only the latest can succeed.
 * @throws {Problem} 409 `paper-ended` where the batch is open no more or has a file, `paper-sheet-changed` where
 *   somebody else stored sheets at the same moment
 */
export async function storeFile(
  batch: PaperBatch,
  { rows, hash }: SheetFile,
  { name, typist, day, reached, audit }: Storing,
): Promise<void> {
  const { _id } = batch;
  const attempt = await beginFile(_id);
  if (attempt === null) throw new Problem(409, 'paper-ended');
  const mark = attemptMark(attempt);
  await removeAttempts(_id, 'before', mark);
  await insertSheets(
    rows.map(({ number, entry }) =>
      stagedSheet(batch, { ...entry, number, void: null, attempt: mark, typist, day }, false),
    ),
    reached,
  );
  const sheets = await sheetsOfBatch(_id);
  const whole = sheets.length === rows.length && sheets.every(({ staged }) => staged?.attempt === mark);
  if (whole && (await audit(() => noteFile(_id, { hash, name, rows: rows.length, attempt })))) return;
  await removeAttempts(_id, 'one', mark);
  throw new Problem(409, 'paper-sheet-changed');
}

/** An attempt as its sheets carry it: text that sorts as the attempts do. */
export function attemptMark(attempt: number): string {
  return String(attempt).padStart(8, '0');
}
