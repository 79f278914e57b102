/**
 * Invitations: whoever has the code sets the password of one account, once. The code is random (12 letters, 57 bits),
 * in the link and short enough to be typed; only its hash is kept, keyed so that who reads the database cannot try
 * codes against it.
 */
import type { Invitation } from '../../models/accounts.js';
import { addDays, type Day } from '../../models/day.js';
import type { Context } from '../context.js';
import { keyedHash } from './keys.js';
import { randomCode, typedCode } from './randomCode.js';

/** For how many days after today an invitation to one person can be used. */
const INVITATION_DAYS = 7;

/** A new invitation, and the code that is shown once. */
export function newInvitation(
  context: Context,
  days: number = INVITATION_DAYS,
): { readonly code: string; readonly invitation: Invitation } {
  const code = randomCode(3);
  const until = addDays(context.today(), days);
  return { code, invitation: { hash: invitationHash(context, code), until, used: false } };
}

/** The hash under which a code is kept; capitals, spaces and hyphens do not matter. */
export function invitationHash({ config }: Context, code: string): string {
  return keyedHash(config, 'invitations', typedCode(code));
}

/** The address of an invitation. */
export function invitationLink(base: string, code: string): string {
  return `${base}/van-phong/moi/${code}`;
}

/** Why an invitation cannot be used; null where it can. */
export function whyNot(invitation: Invitation, today: Day): 'used' | 'expired' | null {
  if (invitation.used) return 'used';
  return invitation.until < today ? 'expired' : null;
}
