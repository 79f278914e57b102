/**
 * Logging in and out.
 *
 *   GET  /van-phong/dang-nhap    200
 *   POST /van-phong/dang-nhap    303 to where the person was going · 422 wrong name or password · 429
 *   POST /van-phong/dang-xuat    303
 */
import { type Request, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { body } from 'express-validator';
import { recordAudit } from '../../models/auditEntries.js';
import { formBody } from '../http/body.js';
import { checked } from '../http/checked.js';
import { queryText, withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { authenticate } from './passwords.js';

const HOME = '/van-phong';

interface LoginForm {
  readonly name: string;
  readonly password: string;
}

/** Routes of logging in and out; for everybody. */
export function accountRoutes(): Router {
  const routes = Router();

  routes.get('/van-phong/dang-nhap', (request, response) => {
    response.render('accounts/login', { name: '', next: destination(request), wrong: false });
  });

  routes.post(
    '/van-phong/dang-nhap',
    formBody,
    checked(400, body(['name', 'password']).isString().isLength({ max: 200 })),
    ...loginLimits(),
    async (request, response) => {
      const { name, password } = request.body as LoginForm;
      const account = await authenticate(userName(name), password);
      if (!account)
        return response
          .status(422)
          .render('accounts/login', { name, next: destination(request), wrong: true });
      await new Promise<void>((resolve, reject) => {
        request.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
      });
      request.session.account = { name: account._id, epoch: account.epoch };
      await recordAudit({ account: account._id, action: 'logged-in', subject: account._id, details: {} });
      response.redirect(303, destination(request));
    },
  );

  routes.post('/van-phong/dang-xuat', async (request, response) => {
    await new Promise<void>((resolve, reject) => {
      request.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
    });
    response.clearCookie('phien', { path: HOME });
    response.redirect(303, withLanguage('/van-phong/dang-nhap', response.locals.lang));
  });

  return routes;
}

/** A user name as it was meant: spaces around it are slips, and must not make another name of it. */
function userName(typed: string): string {
  return typed.normalize('NFC').trim();
}

/**
 * Slows guessing from one address: of one name, and of any names; each guess costs the server a password hash. Who
 * logs in rightly is not counted, so a busy office behind one address is not in its way.
 */
function loginLimits() {
  const address = (request: Request) => ipKeyGenerator(request.ip ?? '');
  const name = (request: Request) => userName((request.body as LoginForm).name);
  return [
    failureLimit(20, (request) => `${address(request)} ${name(request)}`),
    failureLimit(300, (request) => address(request)),
  ];
}

function failureLimit(limit: number, keyGenerator: (request: Request) => string) {
  return rateLimit({
    windowMs: 10 * 60 * 1000,
    limit,
    keyGenerator,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    requestWasSuccessful: (_request, response) => response.statusCode < 400,
    handler: () => {
      throw new Problem(429, 'too-many-logins');
    },
  });
}

/** Where a person was going: a page of the office's own, never another site; read as a browser would read it. */
function destination(request: Request): string {
  const office = 'http://office.invalid';
  const wanted = queryText(request, 'tiep') ?? HOME;
  if (!URL.canParse(wanted, office)) return HOME;
  const { origin, pathname, search } = new URL(wanted, office);
  const isOffice = origin === office && /^\/van-phong(?:\/(?!dang-nhap)[^/\\]|$)/.test(pathname);
  return isOffice ? pathname + search : HOME;
}
