/** The page that a form becomes when its session is over: a log-in form that keeps what was typed. */
import type { ErrorRequestHandler } from 'express';
import { type FormBody, formBody } from '../http/body.js';
import { wantsJson } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { keepForm } from './kept.js';

/**
 * Error middleware after `loggedInOnly`: answers 401 with a log-in form. A form of one's own account is not kept: it
 * holds little but passwords. Files cannot be kept, and the page says so.
 */
export const logInAgain: ErrorRequestHandler = (error, request, response, next) => {
  if (!(error instanceof Problem) || error.code !== 'logged-out' || wantsJson(request)) return next(error);
  const isForm = Boolean(request.is('application/x-www-form-urlencoded'));
  const own = /^\/van-phong\/cua-toi(?:\/|$)/.test(request.originalUrl);
  const answer = (kept: ReturnType<typeof keepForm>) =>
    response.status(401).render('accounts/log-in-again', {
      kept,
      next: request.originalUrl,
      withFile: Boolean(request.is('multipart/form-data')),
    });
  if (!isForm || own) return answer([]);
  formBody(request, response, (unreadable?: unknown) => {
    answer(unreadable ? [] : keepForm(request.body as FormBody));
  });
};
