/**
 * Accepting an invitation: setting one's own password.
 *
 *   GET  /van-phong/moi           200 where the code is typed in · 303 to the invitation · 422 no code
 *   GET  /van-phong/moi/:token    200 · 404 no such code · 410 used, expired or disabled · 429
 *   POST /van-phong/moi/:token    303 set, and logged in · 404 · 410 · 422 · 429
 */
import { type Request, type Response, Router } from 'express';
import { type Account, acceptInvitation, accountByInvitation } from '../../models/accounts.js';
import { audited } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { type FormBody, formBody, textIn } from '../http/body.js';
import { queryText, seeOther } from '../http/pages.js';
import { invitationLimit } from './guessLimits.js';
import { invitationHash, whyNot } from './invitations.js';
import { afterPassword } from './logIn.js';
import { newPasswordMistakes } from './newPassword.js';
import { hashPassword } from './passwords.js';
import { typedCode } from './randomCode.js';

const INVITATION = '/van-phong/moi';

/** Routes of accepting an invitation; for everybody. */
export function invitationRoutes(context: Context): Router {
  const routes = Router();
  const limit = invitationLimit();

  routes.get(INVITATION, (request, response) => {
    const typed = queryText(request, 'ma');
    const code = typedCode(typed ?? '');
    // A Vietnamese keyboard that makes one letter of two leaves nothing to look up.
    if (/[^\p{ASCII}\s–]/u.test(typed ?? ''))
      return response.status(422).render('accounts/invitation', { typed, problem: 'keyboard' });
    if (code) return seeOther(response, `${INVITATION}/${code}`);
    response
      .status(typed === undefined ? 200 : 422)
      .render('accounts/invitation', { typed: '', problem: typed === undefined ? null : 'missing' });
  });

  routes.get(`${INVITATION}/:token`, limit, async (request, response) => {
    const account = await usable(request, response);
    if (account)
      response.render('accounts/accept', { name: account._id, token: token(request), mistakes: [] });
  });

  routes.post(`${INVITATION}/:token`, limit, formBody, async (request, response) => {
    const account = await usable(request, response);
    if (!account) return;
    const { _id: name, invitation } = account;
    const { password, repeat } = passwordsTyped(request.body as FormBody);
    const mistakes = newPasswordMistakes(context, account, password, repeat);
    if (mistakes.length > 0)
      return response.status(422).render('accounts/accept', { name, token: token(request), mistakes });
    const passwordHash = await hashPassword(password);
    const accepted = await audited(
      { account: name, action: 'password-set', subject: name, details: {} },
      () => acceptInvitation(invitation?.hash ?? '', passwordHash),
    );
    // Two browsers at once: the other one was first.
    if (!accepted) return gone(response, 'used', account);
    const next = await afterPassword(context, request, response, accepted);
    seeOther(response, next === 'code' ? '/van-phong/dang-nhap/ma' : '/van-phong');
  });

  /** The account whose invitation can be used; null where the answer has been given. */
  async function usable(request: Request, response: Response): Promise<Account | null> {
    const account = await accountByInvitation(invitationHash(context, token(request)));
    if (!account?.invitation) {
      response.status(404).render('accounts/invitation', { typed: token(request), problem: 'wrong' });
      return null;
    }
    const why = account.disabled ? 'disabled' : whyNot(account.invitation, context.today());
    if (why === null) return account;
    gone(response, why, account);
    return null;
  }

  return routes;
}

function gone(response: Response, why: 'used' | 'expired' | 'disabled', { invitation }: Account): void {
  response.status(410).render('accounts/invitation-gone', { why, until: invitation?.until });
}

function token(request: Request): string {
  return typedCode(String(request.params.token)).slice(0, 40);
}

function passwordsTyped(body: FormBody): { password: string; repeat: string } {
  return { password: textIn(body, 'password'), repeat: textIn(body, 'repeat-password') };
}
