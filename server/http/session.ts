/** Sessions of the office pages: in the database, with a cookie that no other site and no script can use. */
import MongoStore from 'connect-mongo';
import type { RequestHandler, Response } from 'express';
import session from 'express-session';
import mongoose from 'mongoose';
import { accountByName, type Role } from '../../models/accounts.js';
import { SESSIONS } from '../../models/sessions.js';
import type { Context } from '../context.js';
import { withLanguage } from './pages.js';
import { Problem } from './problem.js';
import { officePolicy } from './security.js';

declare module 'express-session' {
  interface SessionData {
    /** Who is logged in, since when, and when they last asked for something (both in ms). */
    account?: { name: string; epoch: number; began: number; seen: number };
    /** Who has given the right password and still owes the code of the second factor. */
    pending?: { name: string; epoch: number; began: number };
  }
}

/** Who is logged in. */
export interface SignedIn {
  readonly name: string;
  readonly role: Role;
  /** Code of the unit that a `unit` or `entry` account belongs to; null for the others. */
  readonly unit: string | null;
  /** Whether logging in takes a code of an authenticator app. */
  readonly secondFactor: boolean;
}

/** Where the office's pages are, and where its cookie goes. */
const OFFICE = '/van-phong';

/** Whoever works all day logs in once in the morning and once after lunch at most. */
const HOURS_8 = 8 * 60 * 60;

const MINUTE = 60 * 1000;

/**
 * Minutes without a request after which a session is over. The office changes everything and leaders read everything,
 * on desks that others pass: half an hour. A school sees itself alone, and who types paper forms is called away: an
 * hour. What was typed into a page is not lost by it (server/accounts/logInAgain.ts).
 */
const IDLE_MINUTES: Readonly<Record<Role, number>> = { office: 30, leader: 30, unit: 60, entry: 60 };

/** Middleware for the office's addresses. The database must be connected. */
export function officeSession({ config }: Context): RequestHandler {
  return session({
    name: 'phien',
    secret: config.sessionSecret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: OFFICE, maxAge: HOURS_8 * 1000 },
    store: MongoStore.create({
      client: mongoose.connection.getClient(),
      dbName: mongoose.connection.name,
      collectionName: SESSIONS,
      // The index that removes what has expired is made with all others, when the server connects.
      autoRemove: 'disabled',
      ttl: HOURS_8,
      touchAfter: 300,
    }),
  });
}

/**
 * Middleware for the office's addresses as people type them: /Van-Phong is /van-phong, which the cookie is for; nothing
 * of it is kept by anybody; and a list in the other language is the same list, as it was searched and sorted.
 */
export const officeAddress: RequestHandler = (request, response, next) => {
  const [, query = ''] = request.url.split('?', 2);
  response.locals.inLanguageHref = (other) => {
    const same = new URLSearchParams(query);
    same.set('lang', other);
    return `?${same}`;
  };
  response.set('Cache-Control', 'no-store').set('Content-Security-Policy', officePolicy);
  if (request.baseUrl === OFFICE) return next();
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem(404, 'not-found');
  response.redirect(303, OFFICE + request.url.replace(/^\/(?=\?|$)/, ''));
};

/**
 * Middleware: only with an account; others are asked to log in first and then come back here. The account is read anew
 * for every request: what was taken from it counts at once.
 */
export const loggedInOnly: RequestHandler = async (request, response, next) => {
  const { account: known } = request.session;
  const account = known ? await accountByName(known.name) : null;
  const now = Date.now();
  if (
    known &&
    account &&
    !account.disabled &&
    account.epoch === known.epoch &&
    isCurrent(known, account, now)
  ) {
    const { _id: name, role, unit } = account;
    response.locals.account = { name, role, unit, secondFactor: account.totp !== null };
    // Written once a minute, not with each request.
    if (now - known.seen >= MINUTE) request.session.account = { ...known, seen: now };
    return next();
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem(401, 'logged-out');
  const logIn = `/van-phong/dang-nhap?tiep=${encodeURIComponent(request.originalUrl)}`;
  response.redirect(303, withLanguage(logIn, response.locals.lang));
};

/** Whether a session has neither gone on for too long nor rested for too long. */
function isCurrent(known: { began: number; seen: number }, { role }: { role: Role }, now: number): boolean {
  return now - known.began < HOURS_8 * 1000 && now - known.seen < IDLE_MINUTES[role] * MINUTE;
}

/** Who is behind a request that passed `loggedInOnly`. */
export function signedIn(response: Response): SignedIn {
  const { account } = response.locals;
  if (!account) throw new Problem(401, 'logged-out');
  return account;
}

/** Name of the account behind a request that passed `loggedInOnly`, for the audit log. */
export function accountName(response: Response): string {
  return signedIn(response).name;
}
