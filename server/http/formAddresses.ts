/**
 * Addresses that take a form and have no page. People come there all the same: by the other language of a page that
 * tells what is wrong, by the address bar, after logging in again where nothing was typed. They are led to the page that
 * the form stands on.
 */
import { Router } from 'express';

/** A route for each address that only takes a form; to be asked after the routes themselves. */
export function pagesOfForms(routers: readonly Router[]): Router {
  const routes = Router();
  const pages = new Set(addressesOf(routers, 'get').map(namelessly));
  for (const address of addressesOf(routers, 'post')) {
    const parts = address.split('/');
    const isPage = (depth: number) => pages.has(namelessly(parts.slice(0, depth).join('/')));
    if (isPage(parts.length)) continue;
    const depth = parts.findLastIndex((_, index) => isPage(index));
    // Without a page above it in these routers it is the first page of all.
    const shown = depth > 0 ? depth : 2;
    routes.get(address, (request, response) => {
      response.redirect(303, response.locals.href(request.path.split('/').slice(0, shown).join('/')));
    });
  }
  return routes;
}

function addressesOf(routers: readonly Router[], method: 'get' | 'post'): string[] {
  return routers
    .flatMap(({ stack }) => stack)
    .flatMap(({ route }) => (route?.stack.some((layer) => layer.method === method) ? [route.path] : []));
}

/** An address without the names of what it leaves open, which may differ from route to route. */
function namelessly(address: string): string {
  return address.replace(/:\w+/g, ':');
}
