/** What an address below a unit's paper pages is about: the batch, its round, survey and services. */
import type { Request } from 'express';
import type { Day } from '../../models/day.js';
import { batchOfUnit, type PaperBatch } from '../../models/paperBatches.js';
import type { SheetPlace } from '../../models/paperSerial.js';
import { type PaperSheet, type StagedSheet, sheetOfBatch } from '../../models/paperSheets.js';
import { type Round, roundByCode } from '../../models/rounds.js';
import { type RoundUnit, unitOfRound } from '../../models/roundUnits.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import { PAPER_PAGES, UNIT_PAGES } from '../http/navigation.js';
import { Problem } from '../http/problem.js';

/** A batch with everything it is about. */
export interface BatchPlace {
  readonly batch: PaperBatch;
  readonly round: Round;
  readonly unit: RoundUnit;
  readonly survey: Survey;
  /** Codes of the services a sheet can be about: the one of the batch, or all that the unit offers with the survey. */
  readonly services: readonly string[];
}

/** The address of the paper pages of a unit, or of one of its batches. */
export function paperAddress(unit: string, ...rest: readonly (string | number)[]): string {
  return [UNIT_PAGES, encodeURIComponent(unit), PAPER_PAGES, ...rest].join('/');
}

/** The batch of the address. @throws {Problem} 404 `not-found` */
export async function batchHere(request: Request): Promise<BatchPlace> {
  const code = String(request.params.unit);
  const batch = await batchOfUnit(code, String(request.params.batch));
  if (!batch) throw new Problem(404, 'not-found');
  return placeOfBatch(batch);
}

/** Everything a batch is about. */
export async function placeOfBatch(batch: PaperBatch): Promise<BatchPlace> {
  const [round, unit] = await Promise.all([roundByCode(batch.round), unitOfRound(batch.round, batch.unit)]);
  const pinned = round?.surveys.find(({ id }) => id === batch.survey);
  if (!round || !unit || !pinned) throw new Problem(404, 'not-found');
  const offered = unit.offers.filter(({ survey }) => survey === batch.survey).map(({ service }) => service);
  return {
    batch,
    round,
    unit,
    survey: await pinnedSurvey(pinned),
    services: batch.service === null ? offered : [batch.service],
  };
}

/** Where the serials of a round's sheets for a unit belong. */
export function serialPlace({ round, unit }: BatchPlace): SheetPlace {
  return { round: round._id, unit: unit.unit };
}

/** Which survey of its round it is, as serials say it: from 1. */
export function surveyPlace({ round, survey }: Pick<BatchPlace, 'round' | 'survey'>): number {
  return round.surveys.findIndex(({ id }) => id === survey.id) + 1;
}

/**
 * Why no paper form can be typed for a round on a day; null where it can. Sheets that were filled in in time may be
 * typed after the round's last day and after it was closed, until its figures are published.
 */
export function whyNoPaper({ state, opens }: Round, today: Day): 'not-yet' | 'published' | null {
  if (state === 'draft' || today < opens) return 'not-yet';
  return state === 'open' || state === 'closed' ? null : 'published';
}

/** Only while sheets may be typed. @throws {Problem} 409 `paper-ended`, `paper-published` */
export function refuseUnlessTyping({ batch, round }: BatchPlace, today: Day): void {
  if (batch.state !== 'open') throw new Problem(409, 'paper-ended');
  if (whyNoPaper(round, today) !== null) throw new Problem(409, 'paper-published');
}

/** The sheet of the address, as long as it can be changed. @throws {Problem} 404 `not-found` */
export async function sheetHere(request: Request, { batch }: BatchPlace): Promise<StagedSheet> {
  const number = /^\d{1,5}$/.test(String(request.params.number)) ? Number(request.params.number) : 0;
  const sheet = await sheetOfBatch(batch._id, number);
  if (!sheet || !isStaged(sheet)) throw new Problem(404, 'not-found');
  return sheet;
}

/** Whether the answers of a sheet are still here. */
export function isStaged(sheet: PaperSheet): sheet is StagedSheet {
  return sheet.staged !== undefined && sheet.phase === 'staged';
}
