/** From a right password to a session, by way of the second factor where the account has one. */
import type { Request, Response } from 'express';
import { type Account, accountByName, changeAccount } from '../../models/accounts.js';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { rememberDevice } from './deviceCookies.js';

/** How long the code may take after the password. */
const PENDING_MS = 5 * 60 * 1000;

/**
 * Goes on after a right password, or an accepted invitation.
 * @returns `logged-in`, or `code` where the code of the second factor is still owed
 */
export async function afterPassword(
  context: Context,
  request: Request,
  response: Response,
  account: Account,
): Promise<'logged-in' | 'code'> {
  if (!account.totp) {
    await beginSession(context, request, response, account);
    return 'logged-in';
  }
  await newSession(request);
  request.session.pending = { name: account._id, epoch: account.epoch, began: Date.now() };
  await keepSession(request);
  return 'code';
}

/** Who owes the code of the second factor; null where nobody does, or it took too long. */
export async function owingCode(request: Request): Promise<Account | null> {
  const { pending } = request.session;
  if (!pending || Date.now() - pending.began > PENDING_MS) return null;
  const account = await accountByName(pending.name);
  return account?.totp && !account.disabled && account.epoch === pending.epoch ? account : null;
}

/** Begins a session under a new id, so that one that was known to others before is worth nothing. */
export async function beginSession(
  context: Context,
  request: Request,
  response: Response,
  { _id, epoch }: Account,
): Promise<void> {
  await recordAudit({ account: _id, action: 'logged-in', subject: _id, details: {} });
  await newSession(request);
  const now = Date.now();
  request.session.account = { name: _id, epoch, began: now, seen: now };
  await keepSession(request);
  rememberDevice(context, request, response, _id);
  await changeAccount(_id, { lastLogin: context.today() });
}

/** Ends the session of a request. */
export function endSession(request: Request): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    request.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
  });
}

function newSession(request: Request): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    request.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/**
 * Stores a session before its answer begins. Left to itself it is stored while the answer is sent, and a browser that
 * follows a redirect by its first line comes back before it is there.
 */
function keepSession(request: Request): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    request.session.save((error: unknown) => (error ? reject(error) : resolve()));
  });
}
