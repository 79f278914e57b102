/**
 * Slows guessing down: of one name from one address, of one name from everywhere, of any names from one address. Each
 * guess costs the server a password hash. Whoever is right is not counted, so a busy office behind one address is not
 * in its own way; and a browser in which the name has logged in before is only ever stopped by its own mistakes, so
 * that nobody can keep a school out by guessing (deviceCookies.ts). Counted in memory, by each process for itself.
 */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { accountByName } from '../../models/accounts.js';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { knownDevice } from './deviceCookies.js';

const MINUTES_10 = 10 * 60 * 1000;
const HOUR = 60 * 60 * 1000;

/** How many mistakes are let pass. */
interface Most {
  /** In ten minutes, of one name from one address. */
  readonly fromAddress: number;
  /** In an hour, of one name from browsers that do not know it. */
  readonly fromEverywhere: number;
  /** In ten minutes, from a browser that knows the name. */
  readonly fromDevice: number;
}

/** Passwords of at least ten characters: a hundred tries an hour find none. */
export const PASSWORDS: Most = { fromAddress: 20, fromEverywhere: 100, fromDevice: 20 };

/** Codes of six digits, of which three count at a time: who has the password guesses one in about 16 000 hours. */
export const CODES: Most = { fromAddress: 10, fromEverywhere: 20, fromDevice: 10 };

/** Middleware: limits on guesses for the name that a request tries. Answers 429 `too-many-logins`. */
export function guessLimits(
  context: Context,
  most: Most,
  nameOf: (request: Request) => string,
): RequestHandler[] {
  const device = (request: Request) => knownDevice(context, request, nameOf(request));
  const unknown = (request: Request) => device(request) === null;
  const known = (request: Request) => device(request) !== null;
  return [
    failureLimit(most.fromDevice, MINUTES_10, (request) => `${device(request)} ${nameOf(request)}`, unknown),
    failureLimit(most.fromAddress, MINUTES_10, (request) => `${address(request)} ${nameOf(request)}`, known),
    failureLimit(300, MINUTES_10, address, known),
    failureLimit(most.fromEverywhere, HOUR, nameOf, known, noteAttack(nameOf)),
  ];
}

/** Middleware: a limit on wrong invitation codes from one address. */
export function invitationLimit(): RequestHandler {
  return failureLimit(60, MINUTES_10, address);
}

/** Middleware: a limit on wrong passwords typed by who is logged in, such as in somebody else's open browser. */
export function ownPasswordLimit(): RequestHandler {
  return failureLimit(20, MINUTES_10, (request) => request.session.account?.name ?? '');
}

function failureLimit(
  limit: number,
  windowMs: number,
  keyGenerator: (request: Request) => string,
  skip: (request: Request) => boolean = () => false,
  onFirst: (request: Request) => Promise<void> = async () => {},
): RequestHandler {
  return rateLimit({
    windowMs,
    limit,
    keyGenerator,
    skip,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    requestWasSuccessful: (_request, response) => response.statusCode < 400,
    handler: async (request: Request & { rateLimit?: { used: number } }) => {
      if (request.rateLimit?.used === limit + 1) await onFirst(request);
      throw new Problem(429, 'too-many-logins', { minutes: windowMs / 60_000 });
    },
  });
}

/** The office should know that somebody is after one of its accounts: once an hour and name, in the audit log. */
function noteAttack(nameOf: (request: Request) => string) {
  return async (request: Request) => {
    const name = nameOf(request);
    if (!(await accountByName(name))) return;
    await recordAudit({ account: 'system', action: 'guesses-stopped', subject: name, details: {} });
  };
}

function address(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
