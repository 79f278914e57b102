/** Security headers for every answer. */
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { publicCss, publicScript } from './assets.js';

/** The styles and scripts there are, each hashed once. */
const hashes = new Map<string, string>();

function hashesOf(inline: readonly string[]): string[] {
  return inline.filter(Boolean).map((text) => {
    const hash = hashes.get(text) ?? `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    hashes.set(text, hash);
    return hash;
  });
}

/** What a page of ours may do beyond showing text. */
export interface Allowed {
  /** Inline styles and scripts, each allowed by its hash. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** Whether it has the office's style sheet. */
  readonly officeStyle?: boolean;
  /** The desk's tablet shows the form in a frame: `around` the form, or `within` the frame. */
  readonly frame?: 'around' | 'within' | undefined;
}

/** The policy of a page: nothing from elsewhere, inline only the styles and scripts that are given. */
export function contentSecurityPolicy({ styles, scripts, officeStyle, frame }: Allowed): string {
  return [
    "default-src 'none'",
    ['style-src', ...(officeStyle ? ["'self'"] : []), ...hashesOf(styles)].join(' '),
    ['script-src', ...(scripts.length === 0 ? ["'none'"] : hashesOf(scripts))].join(' '),
    "worker-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    ...(frame === 'around' ? ["frame-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frame === 'within' ? "'self'" : "'none'"}`,
  ].join(';');
}

/** The policy of the office's pages, those for people who are not logged in yet among them. */
export const officePolicy = officePolicyWith();

/** The policy of a page of the office with scripts of its own. */
export function officePolicyWith(...scripts: string[]): string {
  return contentSecurityPolicy({
    styles: [publicCss],
    scripts: [publicScript, ...scripts],
    officeStyle: true,
  });
}

/** The policy of a page that has only what every public page has. */
export function publicPolicy(frame?: Allowed['frame']): string {
  return contentSecurityPolicy({ styles: [publicCss], scripts: [publicScript], frame });
}

/** The policy of published results: a style sheet as a file, and nothing that runs. */
export const publishedPolicy = contentSecurityPolicy({ styles: [], scripts: [], officeStyle: true });

/** Middleware: helmet's headers and the policy of a public page; a form with style rules of its own sets its own. */
export function securityHeaders(): RequestHandler[] {
  const policy = publicPolicy();
  return [
    helmet({
      contentSecurityPolicy: false,
      // The department's other sites are not ours to force onto HTTPS.
      strictTransportSecurity: { includeSubDomains: false },
      // "no-referrer" would make browsers send "Origin: null" with our own forms.
      referrerPolicy: { policy: 'same-origin' },
    }),
    (_request, response, next) => {
      response.setHeader('Content-Security-Policy', policy);
      next();
    },
  ];
}
