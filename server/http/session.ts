/** Sessions of the office pages: in the database, with a cookie that no other site and no script can use. */
import MongoStore from 'connect-mongo';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import mongoose from 'mongoose';
import type { Context } from '../context.js';
import { withLanguage } from './pages.js';
import { Problem } from './problem.js';

declare module 'express-session' {
  interface SessionData {
    account: { name: string; role: 'office' };
  }
}

const HOURS_8 = 8 * 60 * 60;

/** Middleware for the office's addresses. The database must be connected. */
export function officeSession({ config }: Context): RequestHandler {
  return session({
    name: 'phien',
    secret: config.sessionSecret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/van-phong', maxAge: HOURS_8 * 1000 },
    store: MongoStore.create({
      client: mongoose.connection.getClient(),
      dbName: mongoose.connection.name,
      collectionName: 'sessions',
      ttl: HOURS_8,
      touchAfter: 300,
    }),
  });
}

/** Middleware: only with an account; others are asked to log in first and then come back here. */
export const loggedInOnly: RequestHandler = (request, response, next) => {
  response.set('Cache-Control', 'no-store');
  if (request.session.account) {
    response.locals.account = request.session.account;
    return next();
  }
  if (request.method !== 'GET') throw new Problem(401, 'logged-out');
  const logIn = `/van-phong/dang-nhap?tiep=${encodeURIComponent(request.originalUrl)}`;
  response.redirect(303, withLanguage(logIn, response.locals.lang));
};

/** Name of the account behind a request that passed `loggedInOnly`, for the audit log. */
export function accountName(request: Request): string {
  if (!request.session.account) throw new Problem(401, 'logged-out');
  return request.session.account.name;
}
