/** Checks a request with express-validator before the handler runs. */
import type { RequestHandler } from 'express';
import { type ValidationChain, validationResult } from 'express-validator';
import { Problem } from './problem.js';

/**
 * Middleware: every check must pass. Use it for what a person cannot mend by filling in a form again; pages with
 * forms show their mistakes themselves.
 * @param status 404 where the address is wrong, 400 otherwise
 */
export function checked(status: 400 | 404, ...checks: ValidationChain[]): RequestHandler {
  return async (request, _response, next) => {
    await Promise.all(checks.map((check) => check.run(request)));
    if (!validationResult(request).isEmpty())
      throw new Problem(status, status === 404 ? 'not-found' : 'unreadable');
    next();
  };
}
