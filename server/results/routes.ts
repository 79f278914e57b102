/**
 * The results of a round.
 *
 *   GET /van-phong/dot/:round                             200 the round as a whole, by factor and by service, best and
 *                                                         lowest items; ?so-voi=ROUND beside an earlier one · 404
 *   GET /van-phong/dot/:round/dich-vu/:service/:survey    200 one survey on one service: factors, items, what to improve,
 *                                                         groups of people · 404
 *   GET /van-phong/dot/:round/tieu-chi/:item              200 one item by service and at every unit · 404
 *   GET /van-phong/dot/:round/don-vi                      200 every service of every unit · 404
 *   GET /van-phong/dot/:round/don-vi/:unit                200 one unit, and everything below it · 404
 *   GET /van-phong/dot/:round/so-sanh                     200 beside an earlier round; ?so-voi=ROUND · 404
 *   GET /van-phong/dot/:round/dau-hieu                    200 units whose responses carry quality flags · 404
 *   GET /van-phong/dot/:round/nhom                        200 area classes, uppermost units, channels, attributes · 404
 *
 * Long tables sort by ?xep=, are narrowed by ?tim= ?dich-vu= ?dia-ban= ?duoi= and go by pages, ?trang=; ?phan=bang is the
 * table alone, as the page's script fetches it. All have files below them: takingRoutes.ts. The files of a round as a whole
 * are in server/exports.
 */
import type { Router } from 'express';
import type { Context } from '../context.js';
import { comparisonPage } from './comparisonPage.js';
import { flagsPage } from './flagsPage.js';
import { groupsPage } from './groupsPage.js';
import { itemPage } from './itemPage.js';
import { overviewPage } from './overviewPage.js';
import { servicePage } from './servicePage.js';
import { takingRoutes } from './takingRoutes.js';
import { unitPage } from './unitPage.js';
import { unitsPage } from './unitsPage.js';

/** Routes of the results; for people who are logged in. */
export function resultRoutes(context: Context): Router {
  const root = '/van-phong/dot/:round';
  return takingRoutes(context, [
    { path: root, view: 'results/round', hasPictures: true, page: overviewPage },
    {
      path: `${root}/dich-vu/:service/:survey`,
      view: 'results/column',
      hasPictures: true,
      page: servicePage,
    },
    {
      path: `${root}/tieu-chi/:item`,
      view: 'results/item',
      part: 'results/item-units',
      hasPictures: true,
      page: itemPage,
    },
    {
      path: `${root}/don-vi`,
      view: 'results/units',
      part: 'results/units-table',
      hasPictures: true,
      page: unitsPage,
    },
    { path: `${root}/don-vi/:unit`, view: 'results/unit', hasPictures: true, page: unitPage },
    {
      path: `${root}/so-sanh`,
      view: 'results/comparison',
      part: 'results/comparison-units',
      hasPictures: true,
      page: comparisonPage,
    },
    { path: `${root}/dau-hieu`, view: 'results/flags', hasPictures: false, page: flagsPage },
    { path: `${root}/nhom`, view: 'results/groups', hasPictures: true, page: groupsPage },
  ]);
}
