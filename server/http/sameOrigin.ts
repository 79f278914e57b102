/**
 * Refuses unsafe requests that another site made a browser send (cross-site request forgery).
 *
 * Browsers say where a request comes from: Sec-Fetch-Site where they have it, Origin otherwise. A request with
 * neither comes from no browser that could be tricked. The same rules as Go's http.CrossOriginProtection.
 */
import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Middleware for everything. Answers 403 `cross-site`.
 * @param publicUrl address under which people reach the server, where a proxy changes the Host header
 */
export function sameOriginOnly(publicUrl: string | null): RequestHandler {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host;
  return (request, _response, next) => {
    if (SAFE_METHODS.has(request.method)) return next();
    const site = request.get('sec-fetch-site');
    const origin = request.get('origin');
    if (
      site !== undefined
        ? isHere(site)
        : origin === undefined || isHost(origin, request.get('host'), publicHost)
    )
      return next();
    throw new Problem(403, 'cross-site');
  };
}

function isHere(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}

function isHost(origin: string, ...hosts: readonly (string | null | undefined)[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}
