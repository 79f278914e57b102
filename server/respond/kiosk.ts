/**
 * The desk's own tablet (kiosk): one link, full screen, the form in a frame of a page that stays. It returns to the
 * start by itself and keeps nothing of one person for the next.
 *
 *   GET  /quay/:code                     200 the tablet's start · 404 wrong code · 409 nothing open
 */
import { Router } from 'express';
import type { Context } from '../context.js';
import { kioskCss, kioskScript, publicCss } from '../http/assets.js';
import { withLanguage } from '../http/pages.js';
import { contentSecurityPolicy } from '../http/security.js';
import { withChannel } from './address.js';
import { openingsHere } from './asked.js';
import { heirsToChooseFrom } from './link.js';

const policy = contentSecurityPolicy({
  styles: [publicCss, kioskCss],
  scripts: [kioskScript],
  frame: 'around',
});

export function kioskRoutes(context: Context): Router {
  return Router().get('/quay/:code', async (request, response) => {
    const openings = await openingsHere(context, request, response);
    const [opening] = openings;
    const code = heirsToChooseFrom(openings) ? String(request.params.code) : opening?.unit.linkCode;
    const { lang } = response.locals;
    response.set('Content-Security-Policy', policy).render('respond/kiosk', {
      unit: opening?.unit,
      kioskCss,
      kioskScript,
      form: withLanguage(withChannel(`/k/${code}`, 'kiosk'), lang),
    });
  });
}
