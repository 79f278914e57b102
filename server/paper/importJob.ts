/**
 * The job that stores a file of answers in its batch. The answers lie in the batch's own sheets, and until they do in
 * what the job was given, which goes with its end (server/jobs/givenList.ts); the job itself knows where they are and
 * never what they say.
 */
import { audited } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import type { Context } from '../context.js';
import { DEFAULT_LANGUAGE } from '../http/language.js';
import { Problem } from '../http/problem.js';
import { type GivenList, storeGivenList } from '../jobs/givenList.js';
import type { JobKind, Progress } from '../jobs/jobs.js';
import type { ReadList } from '../lists/list.js';
import { auditEntryOf } from './audit.js';
import { readSheetFile } from './importFile.js';
import { paperAddress, placeOfBatch, refuseUnlessTyping } from './place.js';
import { clashesOf, storeFile } from './storeFile.js';

type PaperImportInput = GivenList & {
  readonly unit: string;
  readonly batch: string;
  /** Name of the file; empty where it was pasted. */
  readonly file: string;
  /** SHA-256 (hex) of its lines. */
  readonly hash: string;
  /** The day on which it was given. */
  readonly day: Day;
};

const STEPS = ['paper.import.step.check', 'paper.import.step.store'] as const;

export const paperImportJob: JobKind<PaperImportInput> = {
  name: 'paper-import',
  title: 'paper.import.job',
  finished: 'paper.import.job-done',
  steps: STEPS,
  again: 'paper.import.job-again',
  mend: { href: ({ unit, batch }) => paperAddress(unit, batch), key: 'paper.import.job-look' },
  look: 'paper.import.job-look',
  within: ({ unit }) => unit,
  lock: ({ batch }) => batch,
  async run(context, input, progress, account) {
    const { unit, batch } = input;
    const { file } = await storeGivenList(
      input,
      () => storedAlready(input),
      (list) => stored(context, list, input, progress, account),
    );
    return { href: paperAddress(unit, batch), parameters: { rows: file?.rows ?? 0 } };
  },
};

/** The batch, where the file is in it already. */
async function storedAlready({ batch, hash }: PaperImportInput): Promise<PaperBatch | null> {
  const found = await batchById(batch);
  return found?.file?.hash === hash ? found : null;
}

async function stored(
  context: Context,
  list: ReadList,
  input: PaperImportInput,
  progress: Progress,
  account: string,
): Promise<PaperBatch> {
  await progress.begin(STEPS[0], list.lines.length);
  const found = await batchById(input.batch);
  if (!found) throw new Problem(409, 'paper-ended');
  const place = await placeOfBatch(found);
  refuseUnlessTyping(place, context.today());
  if (found.file !== null) throw new Problem(409, 'paper-file-there');
  const read = readSheetFile(place, list, DEFAULT_LANGUAGE);
  if (read.problems.length > 0 || (await clashesOf(found, read)).length > 0)
    throw new Problem(409, 'paper-sheet-changed');
  const rows = read.rows.length;
  const entry = auditEntryOf(found, 'paper-file-stored', account, { rows });
  await progress.begin(STEPS[1], rows);
  await storeFile(found, read, {
    name: input.file,
    typist: account,
    day: input.day,
    reached: progress.reached,
    audit: (count) => audited(entry, count, (counts) => counts),
  });
  const whole = await storedAlready(input);
  if (!whole) throw new Problem(409, 'paper-ended');
  return whole;
}
