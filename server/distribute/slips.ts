/** Invitation slips: eight on an A4 page to be cut, each with a code that answers once. */
import type { Response } from 'express';
import type { InvitationBatch } from '../../models/invitationBatches.js';
import { type InvitationCode, printedInvitationCode } from '../../models/invitationCode.js';
import type { Context } from '../context.js';
import type { HandedOut } from './handedOut.js';
import { codesOf } from './invitations.js';
import { sheetLocals } from './printRoutes.js';
import type { Sheet } from './sheets.js';

const SLIPS_ON_A_PAGE = 8;

/** The address behind a slip's QR code: nothing has to be typed. */
export function invitationAddress(base: string, code: InvitationCode): string {
  return `${base}/m/${code}`;
}

/** Pages of slips for the batches of one unit; withdrawn batches are left out. */
export function* slipPages(
  context: Context,
  part: HandedOut,
  batches: readonly InvitationBatch[],
  base: string,
): Generator<Sheet> {
  let page: { code: string; address: string }[] = [];
  const sheet = (): Sheet => ({ view: 'slip-page', locals: { ...sheetLocals, part, slips: page } });
  for (const code of codesToHandOut(context, batches)) {
    page.push({ code: printedInvitationCode(code), address: invitationAddress(base, code) });
    if (page.length === SLIPS_ON_A_PAGE) {
      yield sheet();
      page = [];
    }
  }
  if (page.length > 0) yield sheet();
}

/** The codes of batches that are complete and not withdrawn, used ones among them: a slip must not tell. */
export function* codesToHandOut(
  context: Context,
  batches: readonly InvitationBatch[],
): Generator<InvitationCode> {
  for (const batch of batches) if (batch.state === 'ready') yield* codesOf(context, batch);
}

/** Head of a page of slips. */
export function slipHead(response: Response, name: string, back: string) {
  const { t } = response.locals;
  return { title: t('distribute.slips.page', { name }), size: 'A4', back };
}
