/**
 * Who comes with an invitation code: `/m/CODE` is the unit's link for one response. The code stands in the address
 * alone; the pages behind it are the same for everybody.
 */
import type { Request, RequestHandler, Response } from 'express';
import { parseInvitationCode } from '../../models/invitationCode.js';
import { claimOf, digestOf } from '../../models/invitationSecrets.js';
import { invitationOf } from '../../models/invitations.js';
import { unitOfRound } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { countGuess, hasGuessedTooMuch } from './guesses.js';
import { keyInAddress } from './submissionKey.js';

/** What a request's invitation is for, and what has become of it. */
interface Invited {
  readonly digest: string;
  readonly round: string;
  readonly unit: string;
  /** The unit's own link. */
  readonly linkCode: string;
  readonly state: 'unused' | 'used' | 'revoked';
  /** Of the submission that is using it. */
  readonly claim: string | undefined;
}

declare global {
  namespace Express {
    interface Locals {
      /** There where the address has an invitation code. */
      invited?: Invited;
    }
  }
}

/**
 * Middleware for `/m/:invitation`: finds what the code is for.
 * @throws {Problem} 404 `wrong-invitation` · 429 `too-many-guesses`
 */
export function findInvitation({ config }: Context): RequestHandler {
  return async (request, response, next) => {
    const typed = String(request.params.invitation);
    const { ip = '' } = request;
    if (hasGuessedTooMuch(ip)) throw new Problem(429, 'too-many-guesses');
    const code = parseInvitationCode(typed);
    if (!code) throw new Problem(404, 'wrong-invitation', { typed });
    const digest = digestOf(config.sessionSecret, code);
    const invitation = await invitationOf(digest);
    const unit = invitation && (await unitOfRound(invitation.round, invitation.unit));
    if (!unit) {
      countGuess(ip);
      throw new Problem(404, 'wrong-invitation', { typed });
    }
    const { round, unit: place, state, claim } = invitation;
    response.locals.invited = { digest, round, unit: place, linkCode: unit.linkCode, state, claim };
    // An address that answers once is nobody else's to keep.
    response.set('Cache-Control', 'private, no-cache');
    next();
  };
}

/**
 * Middleware for the pages behind a code: one that was used or withdrawn leads to no form, but for the submission that
 * is using it.
 * @throws {Problem} 409 `invitation-used`, `invitation-revoked`
 */
export function refuseSpent({ config }: Context): RequestHandler {
  return (request, response, next) => {
    const { invited } = response.locals;
    const key = keyInAddress(request);
    const isUsing = key !== null && invited?.claim === claimOf(config.sessionSecret, key);
    if (invited && invited.state !== 'unused' && !isUsing) throw spent(invited.state);
    next();
  };
}

/** Why a code cannot be used any more. */
export function spent(state: 'used' | 'revoked'): Problem {
  return state === 'used' ? new Problem(409, 'invitation-used') : new Problem(409, 'invitation-revoked');
}

/** The link code of a request, typed or behind an invitation. */
export function linkCodeOf(request: Request, response: Response): string {
  return response.locals.invited?.linkCode ?? String(request.params.code);
}
