/**
 * Browsers in which somebody has logged in before, by user name. Wrong passwords from elsewhere can stop strangers
 * from trying that name, never such a browser: nobody can lock a school out on purpose.
 * Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies. The cookie proves nothing else: it logs nobody
 * in, and does not tell the name to who reads it.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Context } from '../context.js';
import { keyedHash } from './keys.js';

/** Browsers keep no cookie for longer. */
const DAYS_400 = 400 * 24 * 60 * 60 * 1000;

/** What tells a browser in which somebody of this name has logged in from others like it; null for all others. */
export function knownDevice(context: Context, request: Request, name: string): string | null {
  const value = cookieOf(request, cookieName(context, name));
  const [device = '', signature = ''] = value.split('.');
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(context, name, device))];
  return device && given.length === right.length && timingSafeEqual(given, right) ? device : null;
}

/** Leaves the cookie in a browser in which somebody has just logged in. */
export function rememberDevice(context: Context, request: Request, response: Response, name: string): void {
  const device = knownDevice(context, request, name) ?? randomBytes(16).toString('base64url');
  response.cookie(cookieName(context, name), `${device}.${sign(context, name, device)}`, {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: '/van-phong',
    maxAge: DAYS_400,
  });
}

/** One for each name, as several people may share a computer. */
function cookieName({ config }: Context, name: string): string {
  return `may-${keyedHash(config, 'device cookies', `name ${name}`).slice(0, 12)}`;
}

function sign({ config }: Context, name: string, device: string): string {
  return keyedHash(config, 'device cookies', `device ${device} ${name}`);
}

function cookieOf(request: Request, name: string): string {
  const cookies = (request.get('cookie') ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}
