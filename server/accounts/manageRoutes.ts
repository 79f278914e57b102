/**
 * The accounts, for the office; leaders see them.
 *
 *   GET  /van-phong/tai-khoan                   200 the accounts that are looked for
 *   GET  /van-phong/tai-khoan-moi               200
 *   POST /van-phong/tai-khoan-moi               200 created, with the invitation, once · 422 · 403
 *   GET  /van-phong/tai-khoan/:name             200 · 404
 *   POST /van-phong/tai-khoan/:name             303 changed · 404 · 409 the last of the office · 422 · 403
 *   POST /van-phong/tai-khoan/:name/moi-lai     200 the new invitation, once · 404 · 409 disabled · 403
 *   POST /van-phong/tai-khoan/:name/khoa        303 · 404 · 409 the last of the office · 403
 *   POST /van-phong/tai-khoan/:name/mo-khoa     303 · 404 · 403
 *   POST /van-phong/tai-khoan/:name/ket-thuc    303 every session ended · 404 · 403
 *   POST /van-phong/tai-khoan/:name/bo-xac-thuc 303 the second factor taken away · 404 · 403
 */
import { type Request, type Response, Router } from 'express';
import { type Account, accountByName, allAccounts, ROLES } from '../../models/accounts.js';
import { auditEntriesFound } from '../../models/auditSearch.js';
import { allUnits, type Unit } from '../../models/units.js';
import { entryInWords } from '../audit/sentences.js';
import type { Context } from '../context.js';
import { allowHandOut } from '../distribute/handOut.js';
import { qrSvg } from '../distribute/qrCode.js';
import { handOutScript } from '../http/assets.js';
import { type FormBody, formBody } from '../http/body.js';
import { baseOf, queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import {
  type AccountEntered,
  enteredAccount,
  type FormMistake,
  nameMistakes,
  readFacts,
} from './accountForm.js';
import { ACCOUNT_STATES, accountRows, readAccountSearch, stateOf } from './accountList.js';
import { invitationLink } from './invitations.js';
import * as manage from './manage.js';

const PAGE = 100;
const LATEST = 10;

/** Routes of the accounts; for the department. */
export function manageAccountRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/tai-khoan', async (request, response) => {
    const search = readAccountSearch(request);
    const [accounts, units] = [await allAccounts(), await allUnits()];
    const found = accountRows(accounts, units, search, context.today());
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(pages, Math.max(1, Math.floor(Number(queryText(request, 'trang'))) || 1));
    response.render('accounts/list', {
      search,
      rows: found.slice((page - 1) * PAGE, page * PAGE),
      found: found.length,
      all: accounts.length,
      page,
      pages,
      roles: ROLES,
      states: ACCOUNT_STATES,
      parents: unitsAbove(units),
    });
  });

  routes.get('/van-phong/tai-khoan-moi', async (_request, response) => {
    await showNew(response, 200, { name: '', fullName: '', role: '', unit: '' }, []);
  });

  routes.post('/van-phong/tai-khoan-moi', formBody, async (request, response) => {
    const entered = enteredAccount(request.body as FormBody);
    const read = readFacts(entered, await allUnits());
    const mistakes = [...nameMistakes(entered.name), ...('mistakes' in read ? read.mistakes : [])];
    if (mistakes.length > 0 || 'mistakes' in read) return showNew(response, 422, entered, mistakes);
    const invited = await manage.createAccount(context, accountName(response), entered.name, read.facts);
    if (!invited) return showNew(response, 422, entered, [{ field: 'name', key: 'accounts.problem.taken' }]);
    showInvitation(request, response, invited);
  });

  routes.get('/van-phong/tai-khoan/:name', async (request, response) => {
    const account = await existing(request);
    await showAccount(
      response,
      200,
      account,
      { ...account, name: account._id, unit: account.unit ?? '' },
      [],
    );
  });

  routes.post('/van-phong/tai-khoan/:name', formBody, async (request, response) => {
    const account = await existing(request);
    const entered = { ...enteredAccount(request.body as FormBody), name: account._id };
    const read = readFacts(entered, await allUnits());
    if ('mistakes' in read) return showAccount(response, 422, account, entered, read.mistakes);
    await manage.changeFacts(accountName(response), account, read.facts);
    back(response, account);
  });

  routes.post('/van-phong/tai-khoan/:name/moi-lai', async (request, response) => {
    const account = await existing(request);
    if (account.disabled) throw new Problem(409, 'account-disabled');
    showInvitation(request, response, await manage.inviteAgain(context, accountName(response), account));
  });

  const doings = {
    khoa: manage.disableAccount,
    'mo-khoa': manage.enableAccount,
    'ket-thuc': manage.endSessions,
    'bo-xac-thuc': manage.removeSecondFactor,
  };
  for (const [end, doing] of Object.entries(doings))
    routes.post(`/van-phong/tai-khoan/:name/${end}`, async (request, response) => {
      const account = await existing(request);
      await doing(accountName(response), account);
      back(response, account);
    });

  function showInvitation(request: Request, response: Response, invited: manage.Invited): void {
    const base = baseOf(context, request);
    const link = invitationLink(base, invited.code);
    allowHandOut(response).render('accounts/invited', {
      ...invited,
      link,
      typeAt: `${base}/van-phong/moi`,
      qr: qrSvg(link, 'Q', response.locals.t('accounts.invited.qr')),
      handOutScript,
    });
  }

  async function showAccount(
    response: Response,
    status: number,
    account: Account,
    entered: AccountEntered,
    mistakes: readonly FormMistake[],
  ): Promise<void> {
    const units = await allUnits();
    const entries = await auditEntriesFound({ subject: account._id }, LATEST);
    response.status(status).render('accounts/account', {
      shown: account,
      state: stateOf({ ...account, active: account.passwordHash !== null }, context.today()),
      unitName: units.find(({ _id }) => _id === account.unit)?.name ?? '',
      entered,
      mistakes,
      roles: ROLES,
      units,
      entries: entries.map((entry) => entryInWords(entry, response.locals.t)),
    });
  }

  return routes;
}

/** The units that have others below them: a list short enough for a filter. */
function unitsAbove(units: readonly Unit[]): Unit[] {
  const parents = new Set(units.map(({ parent }) => parent));
  return units.filter(({ _id }) => parents.has(_id));
}

async function showNew(
  response: Response,
  status: number,
  entered: AccountEntered,
  mistakes: readonly FormMistake[],
): Promise<void> {
  const units = await allUnits();
  response.status(status).render('accounts/new', { entered, mistakes, roles: ROLES, units });
}

/** @throws Problem 404 where there is no such account */
async function existing(request: Request): Promise<Account> {
  const account = await accountByName(String(request.params.name));
  if (!account) throw new Problem(404, 'not-found');
  return account;
}

function back(response: Response, { _id }: Account): void {
  seeOther(response, `/van-phong/tai-khoan/${encodeURIComponent(_id)}`);
}
