/**
 * Invitation codes of a round, for the office.
 *
 *   GET  /van-phong/dot/:round/ma-moi                  200 how many there are and what became of them · 404
 *   POST /van-phong/dot/:round/ma-moi/cach-tra-loi     303 by link or by invitation · 404 · 409 no draft · 422
 *   POST /van-phong/dot/:round/ma-moi/tao              303 to the job that makes them · 404 · 409 · 422
 *   POST /van-phong/dot/:round/ma-moi/thu-hoi          303 withdrawn, or to the job that does · 404 · 422
 *   GET  /van-phong/dot/:round/ma-moi/phieu            200 slips, of a commune with ?duoi=… · 404 · 409
 *   GET  /van-phong/dot/:round/ma-moi/ma.csv           200 the codes as a file, likewise · 404 · 409
 */
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { audited, recordAudit } from '../../models/auditEntries.js';
import { type InvitationBatch, invitationBatches } from '../../models/invitationBatches.js';
import { printedInvitationCode } from '../../models/invitationCode.js';
import { setAccess } from '../../models/roundChanges.js';
import { isByInvitation, type Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { baseOf, queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { jobAddress, startJob } from '../jobs/jobs.js';
import { writeCsv } from '../lists/writeList.js';
import { codeCounts } from './codeCounts.js';
import { BASES, type Basis, codesJob, MOST_CODES, wanted, withdrawJob } from './codesJob.js';
import { handedOut } from './handedOut.js';
import { newBatchName } from './invitations.js';
import { withdraw } from './revoking.js';
import { groupsOf } from './scope.js';
import { type Sheet, sendSheets } from './sheets.js';
import { codesToHandOut, invitationAddress, slipHead, slipPages } from './slips.js';

/** Routes of a round's invitation codes; for people who are logged in. */
export function codesRoutes(context: Context): Router {
  const routes = Router();
  const address = '/van-phong/dot/:round/ma-moi';

  routes.get(address, async (request, response) => {
    const done = queryText(request, 'thu-hoi');
    await overview(response, await existingRound(request.params.round), {}, [], done);
  });

  routes.post(`${address}/cach-tra-loi`, formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    const { access } = request.body as FormBody;
    if (access !== 'link' && access !== 'invitation')
      return overview(response.status(422), round, {}, [mistake('access', 'access')]);
    if (round.state !== 'draft') throw new Problem(409, 'round-state');
    const account = accountName(response);
    await audited(
      { account, action: 'round-access-set', subject: round._id, details: { access } },
      async () => {
        if (!(await setAccess(round._id, access))) throw new Problem(409, 'round-state');
      },
    );
    seeOther(response, pageOf(round));
  });

  routes.post(`${address}/tao`, formBody, async (request, response) => {
    const round = await invitingRound(String(request.params.round));
    const form = request.body as FormBody;
    const basis = BASES.find((one) => one === form.basis);
    const number = basis === 'number' ? numberFrom(form.number) : 0;
    if (!basis) return overview(response.status(422), round, form, [mistake('basis', 'basis')]);
    if (number === null) return overview(response.status(422), round, form, [mistake('number', 'number')]);
    const id = await startJob(context, codesJob, {
      account: accountName(response),
      parameters: { round: round.label },
      total: 0,
      input: { round: round._id, basis, number, name: newBatchName() },
    });
    seeOther(response, jobAddress(id));
  });

  routes.post(`${address}/thu-hoi`, formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    const form = request.body as FormBody;
    if (form.all === 'yes') {
      const id = await startJob(context, withdrawJob, {
        account: accountName(response),
        parameters: { round: round.label },
        total: 0,
        input: { round: round._id },
      });
      return seeOther(response, jobAddress(id));
    }
    const withdrawn = await withdraw(context, response, { round: round._id }, form);
    if (withdrawn === null) return overview(response.status(422), round, form, [mistake('code', 'code')]);
    seeOther(response, `${pageOf(round)}?thu-hoi=${withdrawn}`);
  });

  routes.get(`${address}/phieu`, async (request, response) => {
    const round = await invitingRound(request.params.round);
    const below = queryText(request, 'duoi');
    const groups = await groupsOf(round._id, below);
    const units = groups.flatMap((group) => group.units);
    const batches = await batchesByUnit(round._id);
    await audit(response, 'invitation-codes-printed', {
      subject: round._id,
      details: { units: units.length, unit: below ?? '' },
    });
    const base = baseOf(context, request);
    async function* pages(): AsyncGenerator<Sheet> {
      for (const unit of units)
        yield* slipPages(context, await handedOut(round, unit, base), batches.get(unit.unit) ?? [], base);
    }
    const [only] = groups;
    const name = below !== undefined && groups.length === 1 && only ? only.name : round.label;
    await sendSheets(response, slipHead(response, name, pageOf(round)), pages());
  });

  routes.get(`${address}/ma.csv`, async (request, response) => {
    const round = await invitingRound(request.params.round);
    const below = queryText(request, 'duoi');
    const units = (await groupsOf(round._id, below)).flatMap((group) => group.units);
    const batches = await batchesByUnit(round._id);
    await audit(response, 'invitation-codes-exported', {
      subject: round._id,
      details: { units: units.length, unit: below ?? '' },
    });
    response.type('text/csv; charset=utf-8').attachment(`ma-moi-${round._id}.csv`);
    await pipeline(writeCsv(codeList(context, response, units, batches, baseOf(context, request))), response);
  });

  return routes;
}

/** The codes of units as a list. */
export function codeList(
  context: Context,
  { locals: { t } }: Response,
  units: readonly RoundUnit[],
  batches: ReadonlyMap<string, readonly InvitationBatch[]>,
  base: string,
) {
  function* rows() {
    for (const { unit, name } of units)
      for (const code of codesToHandOut(context, batches.get(unit) ?? []))
        yield [unit, name, printedInvitationCode(code), invitationAddress(base, code)];
  }
  return {
    columns: ['unit', 'name', 'code', 'address'].map((column) => t(`distribute.codes.column.${column}`)),
    rows: rows(),
  };
}

/** How many codes are asked for each unit; null where it is no such number. */
export function numberFrom(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{1,5}$/.test(value.trim())) return null;
  const number = Number(value);
  return number >= 1 && number <= MOST_CODES ? number : null;
}

/** @throws {Problem} 404 no such round · 409 `not-by-invitation` where it has no codes */
export async function invitingRound(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (!isByInvitation(round) || round.state === 'draft') throw new Problem(409, 'not-by-invitation');
  return round;
}

function pageOf({ _id }: Round): string {
  return `/van-phong/dot/${_id}/ma-moi`;
}

async function batchesByUnit(round: string): Promise<Map<string, InvitationBatch[]>> {
  const byUnit = new Map<string, InvitationBatch[]>();
  for (const batch of await invitationBatches(round))
    byUnit.set(batch.unit, [...(byUnit.get(batch.unit) ?? []), batch]);
  return byUnit;
}

function mistake(field: string, name: string) {
  return { field, key: `distribute.problem.${name}` };
}

async function overview(
  response: Response,
  round: Round,
  entered: FormBody | Readonly<Record<string, never>>,
  mistakes: readonly { readonly field: string; readonly key: string }[],
  withdrawn?: string,
): Promise<void> {
  const inviting = isByInvitation(round) && round.state !== 'draft';
  const groups = inviting ? await groupsOf(round._id) : [];
  const batches = inviting ? await batchesByUnit(round._id) : new Map<string, InvitationBatch[]>();
  const made = (unit: string) =>
    (batches.get(unit) ?? []).reduce((sum, { count, state }) => sum + (state === 'making' ? 0 : count), 0);
  const units = groups.flatMap((group) => group.units);
  response.render('distribute/codes', {
    round,
    inviting,
    counted: inviting ? await codeCounts(round._id) : null,
    groups: groups.map((group) => ({
      ...group,
      units: group.units.map((unit) => ({ ...unit, made: made(unit.unit) })),
      made: group.units.reduce((sum, { unit }) => sum + made(unit), 0),
    })),
    made: units.reduce((sum, { unit }) => sum + made(unit), 0),
    /** How many codes each basis comes to, and for how many units it says nothing. */
    bases: BASES.map((basis: Basis) => ({
      basis,
      total: units.reduce((sum, unit) => sum + (wanted(unit, basis, 0) ?? 0), 0),
      known: units.filter((unit) => wanted(unit, basis, 0) !== null).length,
    })),
    entered,
    mistakes,
    withdrawn: withdrawn !== undefined && /^\d{1,7}$/.test(withdrawn) ? Number(withdrawn) : null,
    most: MOST_CODES,
  });
}

function audit(
  response: Response,
  action: string,
  entry: { readonly subject: string; readonly details: Record<string, string | number> },
): Promise<void> {
  return recordAudit({ account: accountName(response), action, ...entry });
}
