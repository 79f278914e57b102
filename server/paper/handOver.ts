/**
 * Handing a batch over (chốt tập phiếu): its sheets become responses, each exactly once, whatever fails on the way.
 *
 * open → checking: nothing new comes in. The sheets are frozen, so that what is checked is what is handed over. Where
 * something is missing, the batch is open again. checking → handing-over: no way back. Each sheet's response has an id
 * made of the sheet's own random key, so that adding it again changes nothing; only when it is on disk are the sheet's
 * answers and its key forgotten. handing-over → handed-over once no sheet has answers any more. Whoever finds a batch
 * in between – the next start, the next press of the button – goes on from there.
 */
import { createHmac } from 'node:crypto';
import { recordAudit } from '../../models/auditEntries.js';
import { batchById, batchesIn, moveBatch, type PaperBatch } from '../../models/paperBatches.js';
import {
  type BatchCounts,
  batchesWith,
  countsOfBatches,
  forgetAnswers,
  freezeSheets,
  frozenSheets,
  removeAttempts,
  removeStaged,
  type StagedSheet,
  thawSheets,
} from '../../models/paperSheets.js';
import { addResponses, type Response } from '../../models/responses.js';
import { stopSealing } from '../../models/roundChanges.js';
import type { Context } from '../context.js';
import { flagsOf } from '../respond/flags.js';
import { type BatchPlace, placeOfBatch } from './place.js';
import { topUpSecondEntries } from './sheets.js';
import { attemptMark } from './storeFile.js';

/** Responses added in one write. */
const MOST_AT_ONCE = 200;

/** Why a batch cannot be handed over; names the text. */
export type Missing = 'empty' | 'second' | 'undecided' | 'no-file' | 'published';

/**
 * Hands a batch over, or goes on with one that was being handed over.
 * @returns what is missing, and then nothing has changed; null where it is handed over
 */
export async function handOver(
  context: Context,
  batch: PaperBatch,
  account: string,
): Promise<Missing | null> {
  await topUpSecondEntries(batch);
  await moveBatch(batch._id, 'open', 'checking', { endedBy: account });
  return complete(context, batch._id);
}

/** Goes on with every batch that was being handed over when the server ended. Called before the first request. */
export async function resumeHandOvers(context: Context): Promise<void> {
  for (const { _id } of await batchesIn(['checking', 'handing-over'])) await complete(context, _id);
  // What nobody was told is stored, behind a batch that has ended.
  for (const id of await batchesWith('staged'))
    if ((await batchById(id))?.state !== 'open') await removeStaged(id);
  for (const id of await batchesWith('frozen'))
    if ((await batchById(id))?.state === 'open') await thawSheets(id);
}

async function complete(context: Context, id: string): Promise<Missing | null> {
  const batch = await batchById(id);
  if (!batch) return null;
  if (batch.state === 'checking') {
    // What a later attempt at storing another file may have left.
    if (batch.file) await removeAttempts(id, 'others', attemptMark(batch.file.attempt));
    await freezeSheets(id);
    const [counts] = (await countsOfBatches([id])).values();
    const stops = counts ? missingIn(batch, counts) : 'empty';
    // From here on the round cannot be published before the batch is handed over, or it is published already.
    const missing = stops ?? ((await stopSealing(batch.round)) ? null : 'published');
    if (missing !== null) {
      // In this order: who finds the batch open finds, a moment later, its sheets.
      if (await moveBatch(id, 'checking', 'open', { endedBy: null })) await thawSheets(id);
      return missing;
    }
    await recordAudit({
      account: batch.endedBy ?? 'system',
      action: 'paper-batch-handed-over',
      subject: `${batch.round}/${batch.unit}`,
      details: {
        batch: batch.ordinal,
        survey: batch.survey,
        responses: counts?.valid ?? 0,
        void: counts?.void ?? 0,
      },
    });
    if (!(await moveBatch(id, 'checking', 'handing-over'))) return complete(context, id);
    return complete(context, id);
  }
  if (batch.state === 'handing-over') await pour(context, await placeOfBatch(batch));
  return null;
}

/** What keeps a batch from being handed over. */
export function missingIn({ source, file }: PaperBatch, counts: BatchCounts): Missing | null {
  if (source === 'file' && file === null) return 'no-file';
  if (counts.valid + counts.void === 0) return 'empty';
  if (counts.undecided > 0) return 'undecided';
  return counts.second < counts.chosen ? 'second' : null;
}

async function pour(context: Context, place: BatchPlace): Promise<void> {
  const { _id } = place.batch;
  for (;;) {
    // Anew each time: of two that find the batch in between, one may have thought that it opens again.
    await freezeSheets(_id);
    const sheets = await frozenSheets(_id, MOST_AT_ONCE);
    if (sheets.length === 0) break;
    const responses = sheets.filter((sheet) => sheet.void === null).map((sheet) => responseOf(place, sheet));
    // In the order of their random ids, which tells nothing about the order of the pile.
    responses.sort((one, other) => (one._id < other._id ? -1 : 1));
    if (responses.length > 0) await addResponses(responses);
    await forgetAnswers(sheets.map((sheet) => sheet._id));
  }
  await moveBatch(_id, 'handing-over', 'handed-over', { ended: context.today() });
}

function responseOf(
  { round, unit, survey }: BatchPlace,
  { staged: { key, service, answers, day } }: StagedSheet,
): Response {
  return {
    _id: idOf(key),
    round: round._id,
    unit: unit.unit,
    survey: survey.id,
    version: survey.version,
    service,
    channel: 'paper',
    answers,
    language: 'vi',
    day,
    // Seconds and networks tell nothing about who types a pile.
    flags: flagsOf(survey, answers, null, false),
  };
}

/** The id of a sheet's response: once the key is forgotten, nothing leads from one to the other. */
function idOf(key: string): string {
  return createHmac('sha256', key).update('paper').digest('base64url').slice(0, 22);
}
