/**
 * One's own account.
 *
 *   GET /van-phong/cua-toi    200 who one is here, and what one may do
 */
import { Router } from 'express';

/** Routes of one's own account; for everybody who is logged in. */
export function ownAccountRoutes(): Router {
  const routes = Router();

  routes.get('/van-phong/cua-toi', (_request, response) => {
    response.render('accounts/own');
  });

  return routes;
}
