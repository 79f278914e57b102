/**
 * Accounts for many units at once, handed out as slips to be cut apart.
 *
 *   GET  /van-phong/tai-khoan-loat    200 the choice and, with ?xem=co, what it would create · 422
 *   POST /van-phong/tai-khoan-loat    200 the slips or a CSV, once · 409 created meanwhile · 422 · 403
 */
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { allAccounts, insertInvited, setInvitations } from '../../models/accounts.js';
import { type NewAuditEntry, recordAudits } from '../../models/auditEntries.js';
import { isDuplicateKey } from '../../models/duplicateKey.js';
import { allUnits } from '../../models/units.js';
import type { Context } from '../context.js';
import { allowHandOut, printLocals } from '../distribute/handOut.js';
import { qrSvg } from '../distribute/qrCode.js';
import { type FormBody, formBody } from '../http/body.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { baseOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { writeCsv } from '../lists/writeList.js';
import { unitTerms } from '../units/terms.js';
import { BATCH_DAYS, type BatchAccount, type BatchChoice, NO_LEVEL, planBatch, readBatch } from './batch.js';
import { invitationLink, newInvitation } from './invitations.js';

const BATCH = '/van-phong/tai-khoan-loat';

/** Slips that are drawn before others have their turn: some milliseconds. */
const SLIPS_AT_ONCE = 5;

/** A slip: what one unit is given. */
interface Slip {
  readonly name: string;
  readonly unit: string;
  readonly unitName: string;
  /** Name of the unit above it, by which slips are put in order. */
  readonly place: string;
  readonly code: string;
  readonly link: string;
}

/** Routes of accounts for many units; for the department. */
export function batchAccountRoutes(context: Context): Router {
  const routes = Router();
  const levels = unitTerms(context).levels;

  routes.get(BATCH, async (request, response) => {
    const shown = request.query.xem === 'co';
    await show(response, shown, await chosen(request.query as FormBody));
  });

  routes.post(BATCH, formBody, async (request, response) => {
    const body = request.body as FormBody;
    const { choice, plan, names, mistakes } = await chosen(body);
    const accounts = [...plan.fresh, ...plan.again];
    if (mistakes.length > 0 || accounts.length === 0)
      return show(response, true, { choice, plan, names, mistakes }, 422);
    const { slips, until } = await invite(request, accountName(response), choice, plan, names);
    if (body.dang === 'csv') return sendCsv(response, slips, until);
    await sendSlips(response, slips, { until, typeAt: `${baseOf(context, request)}/van-phong/moi` });
  });

  /** What a choice means today. */
  async function chosen(fields: FormBody) {
    const [units, accounts] = [await allUnits(), await allAccounts()];
    const { choice, mistakes } = readBatch(fields, units, levels);
    const names = new Map(units.map(({ _id, name }) => [_id, name]));
    return { choice, mistakes, names, plan: planBatch(choice, units, accounts, context.today()) };
  }

  async function show(
    response: Response,
    shown: boolean,
    { choice, plan, names, mistakes }: Awaited<ReturnType<typeof chosen>>,
    status = mistakes.length > 0 ? 422 : 200,
  ): Promise<void> {
    response.status(status).render('accounts/batch', {
      ...{ choice, plan, mistakes, shown: shown && mistakes.length === 0 },
      ...{ levels: [...levels], services: context.services, noLevel: NO_LEVEL, days: BATCH_DAYS },
      units: [...names].map(([_id, name]) => ({ _id, name })),
    });
  }

  /** Records, then stores every invitation. @returns the slips, by place and name */
  async function invite(
    request: Request,
    by: string,
    { role, days }: BatchChoice,
    { fresh, again }: { fresh: readonly BatchAccount[]; again: readonly BatchAccount[] },
    names: ReadonlyMap<string, string>,
  ): Promise<{ slips: Slip[]; until: string }> {
    const base = baseOf(context, request);
    const made = (account: BatchAccount) => ({ ...account, ...newInvitation(context, days) });
    const [added, renewed] = [fresh.map(made), again.map(made)];
    const until = [...added, ...renewed][0]?.invitation.until ?? context.today();
    const entry = (action: string, name: string, unit: string): NewAuditEntry => {
      return { account: by, action, subject: name, details: { role, unit, until } };
    };
    await recordAudits([
      {
        account: by,
        action: 'invitations-handed-out',
        subject: '',
        details: { added: added.length, again: renewed.length },
      },
      ...added.map(({ name, unit }) => entry('account-created', name, unit._id)),
      ...renewed.map(({ name, unit }) => entry('account-invited', name, unit._id)),
    ]);
    await insertInvited(
      added.map(({ name, unit, invitation }) => ({
        _id: name,
        role,
        unit: unit._id,
        passwordHash: null,
        invitation,
      })),
    ).catch(async (error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      await recordAudits([{ account: by, action: 'not-done', subject: '', details: {} }]);
      throw new Problem(409, 'accounts-meanwhile', {}, { cause: error });
    });
    await setInvitations(renewed.map(({ name, invitation }) => ({ _id: name, invitation })));
    const slips = [...added, ...renewed].map(({ name, unit, code }): Slip => {
      const place = names.get(unit.parent ?? '') ?? '';
      return { name, unit: unit._id, unitName: unit.name, place, code, link: invitationLink(base, code) };
    });
    const order = new Intl.Collator('vi', { numeric: true });
    slips.sort(
      (one, other) => order.compare(one.place, other.place) || order.compare(one.unitName, other.unitName),
    );
    return { slips, until };
  }

  /** Sheet by sheet, so that the server has its hands free for others while three thousand QR codes are drawn. */
  async function sendSlips(response: Response, slips: readonly Slip[], shared: object): Promise<void> {
    const locals = { ...printLocals(response.locals), ...shared, qrSvg, back: '/van-phong/tai-khoan' };
    const part = (view: string, more: object) =>
      new Promise<string>((resolve, reject) => {
        response.render(view, { ...locals, ...more }, (error, html) =>
          error ? reject(error) : resolve(html),
        );
      });
    allowHandOut(response).type('html');
    response.write(await part('accounts/slips-start', { count: slips.length }));
    for (let from = 0; from < slips.length; from += SLIPS_AT_ONCE) {
      response.write(await part('accounts/slips', { slips: slips.slice(from, from + SLIPS_AT_ONCE) }));
      await setImmediate();
    }
    response.end(await part('accounts/slips-end', {}));
  }

  async function sendCsv(response: Response, slips: readonly Slip[], until: string): Promise<void> {
    const t = translator(response.locals.lang);
    const columns = ['unit', 'unitName', 'place', 'name', 'link', 'code'] as const;
    response.type('text/csv; charset=utf-8').attachment(`tai-khoan-${context.today()}.csv`);
    const day = formatOf(DEFAULT_LANGUAGE).day(until as Parameters<ReturnType<typeof formatOf>['day']>[0]);
    await pipeline(
      writeCsv({
        columns: [...columns.map((column) => t(`accounts.csv.${column}`)), t('accounts.csv.until')],
        rows: slips.map((slip) => [...columns.map((column) => slip[column]), day]),
      }),
      response,
    );
  }

  return routes;
}
