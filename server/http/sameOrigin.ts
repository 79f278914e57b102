/**
 * Refuses unsafe requests that another site made a browser send (cross-site request forgery).
 *
 * Browsers say where a request comes from: Sec-Fetch-Site where they have it, Origin otherwise. A request with
 * neither comes from no browser that could be tricked. The same rules as Go's http.CrossOriginProtection.
 */
import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Middleware for everything. Answers 403 `cross-site`. */
export const sameOriginOnly: RequestHandler = (request, _response, next) => {
  if (SAFE_METHODS.has(request.method) || comesFromHere(request.get('sec-fetch-site'), request))
    return next();
  throw new Problem(403, 'cross-site');
};

function comesFromHere(site: string | undefined, request: Parameters<RequestHandler>[0]): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}
