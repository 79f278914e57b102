/**
 * Invitation codes of one unit. Making them is the office's business; the unit prints its slips and withdraws lost ones.
 *
 *   GET  /van-phong/co-so/:unit/dot/:round/ma-moi              200 how many, by batch · 404 · 409
 *   POST /van-phong/co-so/:unit/dot/:round/ma-moi/tao          303 made, by the office · 404 · 409 · 422
 *   POST /van-phong/co-so/:unit/dot/:round/ma-moi/thu-hoi      303 withdrawn · 404 · 409 · 422
 *   GET  /van-phong/co-so/:unit/dot/:round/ma-moi/phieu        200 slips, of a batch with ?lan=… · 404 · 409
 *   GET  /van-phong/co-so/:unit/dot/:round/ma-moi/ma.csv       200 the codes as a file, likewise · 404 · 409
 */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { type InvitationBatch, invitationBatches } from '../../models/invitationBatches.js';
import { invitationCounts, NONE } from '../../models/invitations.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { baseOf, queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName, signedIn } from '../http/session.js';
import { writeCsv } from '../lists/writeList.js';
import { countCodesAnew } from './codeCounts.js';
import { MOST_CODES } from './codesJob.js';
import { codeList, invitingRound, numberFrom } from './codesRoutes.js';
import { type HandedOut, partOf } from './handedOut.js';
import { makeCodes, newBatchName } from './invitations.js';
import { unitAddress } from './printRoutes.js';
import { withdraw } from './revoking.js';
import { sendSheets } from './sheets.js';
import { slipHead, slipPages } from './slips.js';

/** Routes of one unit's invitation codes; for the department and for accounts of the unit. */
export function unitCodesRoutes(context: Context): Router {
  const routes = Router();
  const address = '/van-phong/co-so/:unit/dot/:round/ma-moi';

  routes.get(address, async (request, response) => {
    const part = await partHere(request);
    await overview(response, part, {}, [], queryText(request, 'thu-hoi'));
  });

  routes.post(`${address}/tao`, formBody, async (request, response) => {
    const part = await partHere(request);
    if (signedIn(response).role !== 'office') throw new Problem(404, 'not-found');
    if (part.round.state !== 'open') throw new Problem(409, 'round-state');
    const form = request.body as FormBody;
    const number = numberFrom(form.number);
    if (number === null)
      return overview(response.status(422), part, form, [
        { field: 'number', key: 'distribute.problem.number' },
      ]);
    await makeCodes(context, { round: part.round._id, unit: part.unit.unit }, newBatchName(), number);
    countCodesAnew(part.round._id);
    await audit(response, 'invitation-codes-made', part, { codes: number });
    seeOther(response, pageOf(part));
  });

  routes.post(`${address}/thu-hoi`, formBody, async (request, response) => {
    const part = await partHere(request);
    const form = request.body as FormBody;
    const place = { round: part.round._id, unit: part.unit.unit };
    const withdrawn = await withdraw(context, response, place, form);
    if (withdrawn === null)
      return overview(response.status(422), part, form, [{ field: 'code', key: 'distribute.problem.code' }]);
    seeOther(response, `${pageOf(part)}?thu-hoi=${withdrawn}`);
  });

  routes.get(`${address}/phieu`, async (request, response) => {
    const part = await partHere(request);
    const batches = await batchesHere(request, part);
    await audit(response, 'invitation-codes-printed', part, { codes: sumOf(batches) });
    const head = slipHead(response, part.unit.name, pageOf(part));
    await sendSheets(response, head, slipPages(context, part, batches, baseOf(context, request)));
  });

  routes.get(`${address}/ma.csv`, async (request, response) => {
    const part = await partHere(request);
    const batches = await batchesHere(request, part);
    await audit(response, 'invitation-codes-exported', part, { codes: sumOf(batches) });
    response.type('text/csv; charset=utf-8').attachment(`ma-moi-${part.unit.unit}.csv`);
    const byUnit = new Map([[part.unit.unit, batches]]);
    const list = codeList(context, response, [part.unit], byUnit, baseOf(context, request));
    await pipeline(writeCsv(list), response);
  });

  return routes;

  /** @throws {Problem} as `partOf`, and 409 `not-by-invitation` */
  async function partHere(request: Request): Promise<HandedOut> {
    const codes = { round: String(request.params.round), unit: String(request.params.unit) };
    const part = await partOf(codes, baseOf(context, request));
    await invitingRound(part.round._id);
    return part;
  }
}

function pageOf({ round, unit }: HandedOut): string {
  return `${unitAddress(unit.unit)}/dot/${round._id}/ma-moi`;
}

/** The batches that can be handed out, or the one of the address. @throws {Problem} 404 `not-found` */
async function batchesHere(request: Request, { round, unit }: HandedOut): Promise<InvitationBatch[]> {
  const wanted = queryText(request, 'lan');
  const batches = (await invitationBatches(round._id, unit.unit)).filter(
    ({ _id, state }) => state === 'ready' && (wanted === undefined || _id === wanted),
  );
  if (wanted !== undefined && batches.length === 0) throw new Problem(404, 'not-found');
  return batches;
}

function sumOf(batches: readonly InvitationBatch[]): number {
  return batches.reduce((sum, { count }) => sum + count, 0);
}

async function overview(
  response: Response,
  part: HandedOut,
  entered: FormBody | Readonly<Record<string, never>>,
  mistakes: readonly { readonly field: string; readonly key: string }[],
  withdrawn?: string,
): Promise<void> {
  const { round, unit } = part;
  const batches = await invitationBatches(round._id, unit.unit);
  response.render('distribute/unit-codes', {
    part,
    batches,
    counts: (await invitationCounts(round._id, unit.unit)).get(unit.unit) ?? NONE,
    mayMake: signedIn(response).role === 'office' && round.state === 'open',
    entered,
    mistakes,
    withdrawn: withdrawn !== undefined && /^\d{1,7}$/.test(withdrawn) ? Number(withdrawn) : null,
    most: MOST_CODES,
    own: unitAddress(unit.unit),
    address: pageOf(part),
  });
}

function audit(
  response: Response,
  action: string,
  { round, unit }: HandedOut,
  details: Record<string, string | number>,
): Promise<void> {
  return recordAudit({
    account: accountName(response),
    action,
    subject: round._id,
    details: { ...details, unit: unit.unit },
  });
}
