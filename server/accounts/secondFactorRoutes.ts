/**
 * The second factor of one's own account.
 *
 *   GET  /van-phong/cua-toi/xac-thuc        200 how to set it up, or what one has
 *   POST /van-phong/cua-toi/xac-thuc        200 set up, with the recovery codes, once · 409 has it already · 422 · 429
 *   POST /van-phong/cua-toi/xac-thuc/ma     200 new recovery codes, once · 409 · 422 · 429
 *   POST /van-phong/cua-toi/xac-thuc/tat    303 turned off · 409 · 422 · 429
 */
import { type RequestHandler, type Response, Router } from 'express';
import { type Account, changeAccount } from '../../models/accounts.js';
import { audited } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { allowHandOut } from '../distribute/handOut.js';
import { qrSvg } from '../distribute/qrCode.js';
import { handOutScript } from '../http/assets.js';
import { type FormBody, formBody, textIn } from '../http/body.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { signedIn } from '../http/session.js';
import type { FormMistake } from './accountForm.js';
import { ownPasswordLimit } from './guessLimits.js';
import { keepThisSession, ownAccount } from './ownRoutes.js';
import { isPasswordOf } from './passwords.js';
import {
  newRecoveryCodes,
  newTotpSecret,
  openSecret,
  sealSecret,
  totpAddress,
  totpStep,
} from './secondFactor.js';

const FACTOR = '/van-phong/cua-toi/xac-thuc';

/** Middleware: where the office must have a second factor, an account of it without one is led to setting it up. */
export function secondFactorFirst({ config }: Context): RequestHandler {
  return (request, response, next) => {
    const { role, secondFactor } = signedIn(response);
    const own = /^\/cua-toi(?:\/|$)/.test(request.path);
    if (!config.officeSecondFactor || role !== 'office' || secondFactor || own) return next();
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem(403, 'second-factor-first');
    seeOther(response, FACTOR);
  };
}

/** Routes of one's own second factor; for everybody who is logged in. */
export function secondFactorRoutes(context: Context): Router {
  const routes = Router();

  routes.get(FACTOR, async (_request, response) => {
    await show(response, 200, []);
  });

  routes.post(FACTOR, formBody, ownPasswordLimit(), async (request, response) => {
    const account = await ownAccount(response);
    if (account.totp) throw new Problem(409, 'second-factor-there');
    const { password, code, sealed } = typedIn(request.body as FormBody);
    const secret = openSecret(context, account._id, sealed);
    const step = secret === null ? null : totpStep(secret, code);
    const mistakes = await passwordMistakes(account, password);
    if (step === null) mistakes.push({ field: 'code', key: 'accounts.code.wrong' });
    if (secret === null || step === null || mistakes.length > 0)
      return show(response, 422, mistakes, secret ?? undefined);
    const { codes, hashes } = newRecoveryCodes();
    const { _id: name } = account;
    const changed = await audited(
      { account: name, action: 'second-factor-on', subject: name, details: {} },
      () =>
        changeAccount(
          name,
          { totp: { secret: sealed, lastStep: step }, recoveryHashes: hashes },
          { endSessions: true },
        ),
    );
    keepThisSession(request, changed);
    showCodes(response, codes);
  });

  routes.post(`${FACTOR}/ma`, formBody, ownPasswordLimit(), async (request, response) => {
    const account = await withFactor(response);
    const mistakes = await passwordMistakes(account, typedIn(request.body as FormBody).password);
    if (mistakes.length > 0) return show(response, 422, mistakes);
    const { codes, hashes } = newRecoveryCodes();
    const { _id: name } = account;
    await audited({ account: name, action: 'recovery-codes-made', subject: name, details: {} }, () =>
      changeAccount(name, { recoveryHashes: hashes }),
    );
    showCodes(response, codes);
  });

  routes.post(`${FACTOR}/tat`, formBody, ownPasswordLimit(), async (request, response) => {
    const account = await withFactor(response);
    const { _id: name, role } = account;
    if (context.config.officeSecondFactor && role === 'office')
      throw new Problem(409, 'second-factor-wanted');
    const mistakes = await passwordMistakes(account, typedIn(request.body as FormBody).password);
    if (mistakes.length > 0) return show(response, 422, mistakes);
    await audited({ account: name, action: 'second-factor-off', subject: name, details: {} }, () =>
      changeAccount(name, { totp: null, recoveryHashes: [] }),
    );
    seeOther(response, '/van-phong/cua-toi');
  });

  /** The page; a secret that was being set up stays the same when the code was wrong. */
  async function show(
    response: Response,
    status: number,
    mistakes: readonly FormMistake[],
    secret = newTotpSecret(),
  ): Promise<void> {
    const own = await ownAccount(response);
    const { t } = response.locals;
    response.status(status).render('accounts/second-factor', {
      own,
      mistakes,
      mustHave: context.config.officeSecondFactor && own.role === 'office',
      ...(own.totp
        ? {}
        : {
            secret: secret.match(/.{1,4}/g)?.join(' '),
            sealed: sealSecret(context, own._id, secret),
            qr: qrSvg(totpAddress(context, own._id, secret), 'Q', t('accounts.factor.qr')),
          }),
    });
  }

  return routes;
}

function showCodes(response: Response, codes: readonly string[]): void {
  allowHandOut(response).render('accounts/recovery-codes', { codes, handOutScript });
}

/** @throws Problem 409 where the account has no second factor */
async function withFactor(response: Response): Promise<Account> {
  const account = await ownAccount(response);
  if (!account.totp) throw new Problem(409, 'second-factor-gone');
  return account;
}

async function passwordMistakes(account: Account, password: string): Promise<FormMistake[]> {
  return (await isPasswordOf(account, password))
    ? []
    : [{ field: 'password', key: 'accounts.password.wrong' }];
}

function typedIn(body: FormBody): { password: string; code: string; sealed: string } {
  return {
    password: textIn(body, 'password').slice(0, 1000),
    code: textIn(body, 'code'),
    sealed: textIn(body, 'sealed'),
  };
}
