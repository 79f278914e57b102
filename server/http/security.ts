/** Security headers for every answer. */
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { publicCss } from './assets.js';

/** The policy of a page: nothing from elsewhere, and inline only the styles whose hashes are given. */
export function contentSecurityPolicy(inlineStyles: readonly string[]): string {
  const hashes = inlineStyles
    .filter(Boolean)
    .map((css) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`);
  return [
    "default-src 'none'",
    `style-src ${["'self'", ...hashes].join(' ')}`,
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';');
}

/** Middleware: helmet's headers and the policy of a public page; a form with style rules of its own sets its own. */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      // The department's other sites are not ours to force onto HTTPS.
      strictTransportSecurity: { includeSubDomains: false },
      // "no-referrer" would make browsers send "Origin: null" with our own forms.
      referrerPolicy: { policy: 'same-origin' },
    }),
    (_request, response, next) => {
      response.setHeader('Content-Security-Policy', contentSecurityPolicy([publicCss]));
      next();
    },
  ];
}
