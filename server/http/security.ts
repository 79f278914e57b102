/** Security headers for every answer. */
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { publicCss } from './assets.js';

/** The policy of a page: nothing from elsewhere, and inline only the styles and scripts that are given. */
export function contentSecurityPolicy(styles: readonly string[], scripts: readonly string[] = []): string {
  return [
    "default-src 'none'",
    ['style-src', "'self'", ...hashesOf(styles)].join(' '),
    ['script-src', "'self'", ...hashesOf(scripts)].join(' '),
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';');
}

function hashesOf(inline: readonly string[]): string[] {
  return inline
    .filter(Boolean)
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}

/** Middleware: helmet's headers and the policy of a public page; a form with style rules of its own sets its own. */
export function securityHeaders(): RequestHandler[] {
  const publicPolicy = contentSecurityPolicy([publicCss]);
  return [
    helmet({
      contentSecurityPolicy: false,
      // The department's other sites are not ours to force onto HTTPS.
      strictTransportSecurity: { includeSubDomains: false },
      // "no-referrer" would make browsers send "Origin: null" with our own forms.
      referrerPolicy: { policy: 'same-origin' },
    }),
    (_request, response, next) => {
      response.setHeader('Content-Security-Policy', publicPolicy);
      next();
    },
  ];
}
