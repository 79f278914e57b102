/**
 * What one unit hands out on paper: the poster, the letter. Paper forms have their own routes.
 *
 *   GET /van-phong/co-so/:unit/dot/:round/ap-phich    200 the A4 poster · 404
 *   GET /van-phong/co-so/:unit/dot/:round/thu-ngo     200 the A5 letter, two on A4 with ?kho=a4 · 404
 */
import { Router } from 'express';
import type { Context } from '../context.js';
import { baseOf, queryText } from '../http/pages.js';
import { audienceOf, minutesOf, partOf } from './handedOut.js';
import { handOut } from './handOut.js';
import { qrSvg } from './qrCode.js';

/** What the templates of sheets use. */
export const sheetLocals = { audienceOf, minutesOf, qrSvg };

/** Routes of what one unit hands out on paper; for the department and for accounts of the unit. */
export function printRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/co-so/:unit/dot/:round/ap-phich', async (request, response) => {
    const part = await partOf(request.params, baseOf(context, request));
    handOut(response, 'distribute/poster', { ...sheetLocals, part, back: unitAddress(part.unit.unit) });
  });

  routes.get('/van-phong/co-so/:unit/dot/:round/thu-ngo', async (request, response) => {
    const part = await partOf(request.params, baseOf(context, request));
    const two = queryText(request, 'kho') === 'a4';
    handOut(response, 'distribute/letter', { ...sheetLocals, part, two, back: unitAddress(part.unit.unit) });
  });

  return routes;
}

/** Where a unit's own page is. */
export function unitAddress(unit: string): string {
  return `/van-phong/co-so/${encodeURIComponent(unit)}`;
}
