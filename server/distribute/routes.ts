/**
 * One unit's own page: what it hands out.
 *
 *   GET /van-phong/co-so/:unit    200 the unit's link · 404
 */
import { Router } from 'express';
import { unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { baseOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';

/** Routes of one unit's own page; for the department and for accounts of the unit. */
export function unitPageRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/co-so/:unit', async (request, response) => {
    const unit = await unitByCode(request.params.unit);
    if (!unit) throw new Problem(404, 'not-found');
    response.render('distribute/unit', { unit, link: `${baseOf(context, request)}/k/${unit.linkCode}` });
  });

  return routes;
}
