/**
 * Who may go where. A page that a role has no business with does not exist for it (404): nothing tells whether there
 * is something behind an address. Mounted in app.ts before the routes they guard, so that a new page is the
 * department's until it is put elsewhere on purpose.
 */
import type { RequestHandler } from 'express';
import { PAPER_PAGES, UNIT_PAGES } from '../http/navigation.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { type SignedIn, signedIn } from '../http/session.js';
import { worksFor } from '../http/worksFor.js';

/** Where an account's work begins. */
function homeOf({ role, unit }: SignedIn): string {
  if (role === 'unit') return `${UNIT_PAGES}/${unit}`;
  if (role === 'entry') return `${UNIT_PAGES}/${unit}/${PAPER_PAGES}`;
  return '/van-phong';
}

/** Middleware: `/van-phong` is the department's first page; everybody else is led to their own. */
export const homeOfRole: RequestHandler = (_request, response, next) => {
  const home = homeOf(signedIn(response));
  if (home === '/van-phong') return next();
  seeOther(response, home);
};

/** Middleware: the department's pages. The office may do everything, leaders read. */
export const departmentOnly: RequestHandler = (request, response, next) => {
  const { role } = signedIn(response);
  if (role !== 'office' && role !== 'leader') throw new Problem(404, 'not-found');
  readOnlyForLeaders(request, response, next);
};

/**
 * Middleware for `/van-phong/co-so/:unit/…`: the office and leaders for every unit, a unit's account for its own unit
 * and those below it, who types paper forms for those pages of the own unit. Any other unit does not exist.
 */
export const withinUnit: RequestHandler = async (request, response, next) => {
  const account = signedIn(response);
  if (account.role === 'entry' && !/^\/phieu-giay(?:\/|$)/.test(request.path))
    throw new Problem(404, 'not-found');
  if (account.role !== 'leader' && !(await worksFor(account, String(request.params.unit))))
    throw new Problem(404, 'not-found');
  readOnlyForLeaders(request, response, next);
};

const readOnlyForLeaders: RequestHandler = (request, response, next) => {
  const { role } = signedIn(response);
  if (role === 'leader' && request.method !== 'GET' && request.method !== 'HEAD')
    throw new Problem(403, 'read-only');
  response.locals.mayChange = role !== 'leader';
  next();
};
