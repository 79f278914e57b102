/**
 * One's own account.
 *
 *   GET  /van-phong/cua-toi                   200 who one is here, and what one may do
 *   POST /van-phong/cua-toi/mat-khau          303 changed · 422 · 429
 *   POST /van-phong/cua-toi/dang-xuat-het     303 every session ended, this one as well
 */
import { type Response, Router } from 'express';
import { type Account, accountByName, changeAccount } from '../../models/accounts.js';
import { audited } from '../../models/auditEntries.js';
import { unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody, textIn } from '../http/body.js';
import { queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import type { FormMistake } from './accountForm.js';
import { ownPasswordLimit } from './guessLimits.js';
import { endSession } from './logIn.js';
import { newPasswordMistakes } from './newPassword.js';
import { hashPassword, isPasswordOf } from './passwords.js';

const OWN = '/van-phong/cua-toi';

/** Routes of one's own account; for everybody who is logged in. */
export function ownAccountRoutes(context: Context): Router {
  const routes = Router();

  routes.get(OWN, async (request, response) => {
    await showOwn(response, 200, [], queryText(request, 'xong') === 'mat-khau');
  });

  routes.post(`${OWN}/mat-khau`, formBody, ownPasswordLimit(), async (request, response) => {
    const account = await ownAccount(response);
    const { old, password, repeat } = passwordForm(request.body as FormBody);
    const mistakes = newPasswordMistakes(context, account, password, repeat);
    if (old === password && mistakes.length === 0)
      mistakes.push({ field: 'password', key: 'accounts.password.same' });
    if (!(await isPasswordOf(account, old)))
      mistakes.unshift({ field: 'old', key: 'accounts.password.wrong' });
    if (mistakes.length > 0) return showOwn(response, 422, mistakes, false);
    const passwordHash = await hashPassword(password);
    const { _id: name } = account;
    const changed = await audited(
      { account: name, action: 'password-changed', subject: name, details: {} },
      () => changeAccount(name, { passwordHash }, { endSessions: true }),
    );
    keepThisSession(request, changed);
    seeOther(response, `${OWN}?xong=mat-khau`);
  });

  routes.post(`${OWN}/dang-xuat-het`, async (request, response) => {
    const name = accountName(response);
    await audited({ account: name, action: 'sessions-ended', subject: name, details: {} }, () =>
      changeAccount(name, {}, { endSessions: true }),
    );
    await endSession(request);
    response.clearCookie('phien', { path: '/van-phong' });
    seeOther(response, '/van-phong/dang-nhap');
  });

  async function showOwn(
    response: Response,
    status: number,
    mistakes: readonly FormMistake[],
    changed: boolean,
  ): Promise<void> {
    const own = await ownAccount(response);
    response.status(status).render('accounts/own', {
      own,
      unitName: own.unit === null ? '' : ((await unitByCode(own.unit))?.name ?? own.unit),
      mistakes,
      changed,
      mustHaveFactor: context.config.officeSecondFactor && own.role === 'office',
    });
  }

  return routes;
}

/** The account behind a request, read anew. */
export async function ownAccount(response: Response): Promise<Account> {
  const account = await accountByName(accountName(response));
  if (!account) throw new Problem(401, 'logged-out');
  return account;
}

/** Keeps the session of this browser where all others of the account have just been ended. */
export function keepThisSession(request: Express.Request, account: Account | null): void {
  const { account: known } = request.session;
  if (known && account) request.session.account = { ...known, epoch: account.epoch };
}

function passwordForm(body: FormBody): { old: string; password: string; repeat: string } {
  return {
    old: textIn(body, 'old-password'),
    password: textIn(body, 'password'),
    repeat: textIn(body, 'repeat-password'),
  };
}
