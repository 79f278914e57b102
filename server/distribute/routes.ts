/**
 * One unit's own page: what it hands out, and how many answers have come. It shows no answer of anybody.
 *
 *   GET /van-phong/co-so/:unit               200 the unit's page · 404
 *   GET /van-phong/co-so/:unit/ma-qr.svg     200 the QR code of its link, for print · 404
 *   GET /van-phong/co-so/:unit/ma-qr.png     200 the same as a picture for a message · 404
 */
import { Router } from 'express';
import { type Unit, unitByCode } from '../../models/units.js';
import type { Context } from '../context.js';
import { handOutScript } from '../http/assets.js';
import { baseOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { allowHandOut } from './handOut.js';
import { unitAddress } from './printRoutes.js';
import { qrPng, qrSvg, qrSvgFile } from './qrCode.js';
import { unitPage } from './unitPage.js';

/** Routes of one unit's own page; for the department and for accounts of the unit. */
export function unitPageRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/co-so/:unit', async (request, response) => {
    const unit = await existingUnit(request.params.unit);
    allowHandOut(response).render('distribute/unit', {
      ...(await unitPage(context, unit, baseOf(context, request))),
      unit,
      address: unitAddress(unit._id),
      base: baseOf(context, request),
      qrSvg,
      handOutScript,
    });
  });

  routes.get('/van-phong/co-so/:unit/ma-qr.svg', async (request, response) => {
    const { name, linkCode } = await existingUnit(request.params.unit);
    const address = qrAddress(baseOf(context, request), linkCode);
    response.attachment(`${linkCode}.svg`).send(qrSvgFile(address, name));
  });

  routes.get('/van-phong/co-so/:unit/ma-qr.png', async (request, response) => {
    const { linkCode } = await existingUnit(request.params.unit);
    response.attachment(`${linkCode}.png`).send(await qrPng(qrAddress(baseOf(context, request), linkCode)));
  });

  return routes;
}

function qrAddress(base: string, linkCode: string): string {
  return `${base}/k/${linkCode}?kenh=qr`;
}

/** @throws {Problem} 404 `not-found` */
async function existingUnit(code: string): Promise<Unit> {
  const unit = await unitByCode(code);
  if (!unit) throw new Problem(404, 'not-found');
  return unit;
}
